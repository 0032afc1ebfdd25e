"""Who may reach which address. A new URL needs one line here: its name and who may.

PUBLIC, SIGNED_IN, or a set out of "student", "coordinator", "hr", "admin". Addresses with parameters are
asked with values that lead to nothing: those who may reach them then get 404, which is right. Who sees
which *row* is proven by the tests of its app.
"""

PUBLIC = frozenset({"visitor", "student", "coordinator", "hr", "admin"})
SIGNED_IN = PUBLIC - {"visitor"}
KEEPERS = frozenset({"coordinator", "hr", "admin"})

# Addresses that are covered by their beginning: the packages and the API have rights of their own.
COVERED = ("admin/", "accounts/", "api/")

ROUTES: dict[str, frozenset[str] | set[str]] = {
    # portal
    "front": PUBLIC,
    "home": SIGNED_IN,
    "todo": SIGNED_IN,
    "menu": PUBLIC,
    "search": PUBLIC,
    "calendar": PUBLIC,
    "calendar_renew": SIGNED_IN,
    "calendar_feed": PUBLIC,
    "robots": PUBLIC,
    "favicon": PUBLIC,
    # directions
    "research:index": PUBLIC,
    "training:index": PUBLIC,
    "events:index": PUBLIC,
    "technopark:index": PUBLIC,
    # accounts
    "personal_data": PUBLIC,
    "personal_data_agree": SIGNED_IN,
    "set_language": PUBLIC,
    # directory
    "profile": SIGNED_IN,
    "profile_skill": SIGNED_IN,
    "profile_study": SIGNED_IN,
    "profile_study_ask": SIGNED_IN,
    "people": KEEPERS,
    "people_confirm": SIGNED_IN,
    "person_detail": SIGNED_IN,
    "affiliation_decide": SIGNED_IN,
    "invitations": KEEPERS,
    "invitation_close": SIGNED_IN,
    "partners": PUBLIC,
    "partner_detail": PUBLIC,
    # documents
    "document": SIGNED_IN,
    "document_remove": SIGNED_IN,
    "document_views": SIGNED_IN,
    "import_list": SIGNED_IN,
    "import_run": SIGNED_IN,
    "import_progress": SIGNED_IN,
    "import_preview": SIGNED_IN,
    "import_confirm": SIGNED_IN,
    "import_discard": SIGNED_IN,
    "import_report": SIGNED_IN,
    # agreements
    "agreements:list": SIGNED_IN,
    "agreements:export": SIGNED_IN,
    "agreements:new": {"hr"},
    "agreements:agreement": SIGNED_IN,
    "agreements:edit": SIGNED_IN,
    "agreements:amend": SIGNED_IN,
    "agreements:sign": SIGNED_IN,
    "agreements:paper": SIGNED_IN,
    "agreements:text": SIGNED_IN,
    "agreements:act": SIGNED_IN,
    # notifications
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "inbox": SIGNED_IN,
    "inbox_read_all": SIGNED_IN,
    "inbox_read": SIGNED_IN,
    "preferences": SIGNED_IN,
    "unsubscribe": PUBLIC,
    # practice and internship: public places, applying, an application
    "internships:index": PUBLIC,
    "internships:programme": PUBLIC,
    "internships:place": PUBLIC,
    "internships:apply": PUBLIC,
    "internships:apply_autosave": PUBLIC,
    "internships:mine": SIGNED_IN,
    "internships:draft": SIGNED_IN,
    "internships:draft_autosave": SIGNED_IN,
    "internships:check": SIGNED_IN,
    "internships:application": SIGNED_IN,
    "internships:act": SIGNED_IN,
    "internships:interview_ics": SIGNED_IN,
    "internships:placement": SIGNED_IN,
    "internships:placement_act": SIGNED_IN,
    "internships:worklist": SIGNED_IN,
    "internships:worklist_many": SIGNED_IN,
    "internships:worklist_export": KEEPERS,
    "internships:students": {"coordinator", "admin"},
    "internships:students_export": {"coordinator", "admin"},
    "internships:nominate": {"coordinator", "admin"},
    "internships:order": SIGNED_IN,
    "internships:import": {"coordinator", "admin"},
    "internships:import_template": {"coordinator"},
    "internships:interviews": KEEPERS,
    "internships:decide": {"hr"},
    "internships:manage": {"hr"},
    "internships:manage_new": {"hr"},
    "internships:assess": SIGNED_IN,
    "internships:decision": SIGNED_IN,
    "internships:interview_invite": SIGNED_IN,
    "internships:interview": SIGNED_IN,
    "internships:manage_programme": SIGNED_IN,
    "internships:manage_edit": SIGNED_IN,
    "internships:manage_deadlines": SIGNED_IN,
    "internships:manage_extend": SIGNED_IN,
    "internships:manage_periods": SIGNED_IN,
    "internships:manage_position_new": SIGNED_IN,
    "internships:manage_cancel": SIGNED_IN,
    "internships:manage_clone": SIGNED_IN,
    "internships:manage_verb": SIGNED_IN,
    "internships:manage_position": SIGNED_IN,
    "internships:manage_position_remove": SIGNED_IN,
    "internships:manage_seats": SIGNED_IN,
}
