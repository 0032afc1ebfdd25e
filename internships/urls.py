"""Addresses of practice and internship."""

from django.urls import path

from internships.views import (
    application,
    applying,
    board,
    deciding,
    finishing,
    importing,
    interviews,
    manage,
    nominating,
    numbers,
    outcomes,
    papers,
    places,
    public,
    sending,
    students,
    worklist,
)
from internships.views.placing import contracts, page

app_name = "internships"

urlpatterns = [
    # Public
    path("", public.index, name="index"),
    path("programmes/<slug:slug>/", public.programme, name="programme"),
    path("places/<uuid:uid>/", public.place, name="place"),
    # The student
    path("places/<uuid:uid>/apply/", applying.apply, name="apply"),
    path("places/<uuid:uid>/apply/save/", applying.apply_autosave, name="apply_autosave"),
    path("mine/", sending.mine, name="mine"),
    path("applications/<uuid:uid>/edit/", applying.draft, name="draft"),
    path("applications/<uuid:uid>/edit/save/", applying.draft_autosave, name="draft_autosave"),
    path("applications/<uuid:uid>/check/", sending.check, name="check"),
    # The working list of coordinators and companies
    path("applications/", worklist.worklist, name="worklist"),
    path("applications/many/", worklist.worklist_many, name="worklist_many"),
    path("applications/export/", worklist.worklist_export, name="worklist_export"),
    path("applications/board/", board.board, name="board"),
    path("applications/<uuid:uid>/move/", board.board_move, name="board_move"),
    # The university: students without a place, nominating, tables
    path("students/", students.students, name="students"),
    path("students/export/", students.students_export, name="students_export"),
    path("nominate/", nominating.nominate, name="nominate"),
    path("nominate/orders/<uuid:uid>/", nominating.order, name="order"),
    path("nominate/orders/<uuid:uid>/annex.pdf", papers.annex, name="order_annex"),
    path("import/", importing.import_students, name="import"),
    path("import/template/", importing.import_template, name="import_template"),
    # The company decides
    path("decide/", deciding.decide, name="decide"),
    path("decide/<uuid:uid>/score/", deciding.assess, name="assess"),
    path("decide/<uuid:uid>/<slug:verb>/", deciding.decision, name="decision"),
    path("interviews/", interviews.interviews, name="interviews"),
    path("interviews/invite/<uuid:uid>/", interviews.invite, name="interview_invite"),
    # Everyone who may see it
    path("applications/<uuid:uid>/", application.application, name="application"),
    path("applications/<uuid:uid>/<slug:verb>/", application.act, name="act"),
    path("interviews/<uuid:uid>/interview.ics", application.interview_ics, name="interview_ics"),
    path("interviews/<uuid:uid>/<slug:verb>/", interviews.interview, name="interview"),
    # The practice
    path("placements/<uuid:uid>/", page.placement, name="placement"),
    path("placements/<uuid:uid>/do/<slug:verb>/", page.act, name="placement_act"),
    path("placements/<uuid:uid>/evaluate/<slug:kind>/", finishing.evaluate, name="evaluate"),
    path("placements/<uuid:uid>/report/", finishing.report, name="report"),
    path("placements/<uuid:uid>/report/<slug:verb>/", finishing.report_act, name="report_act"),
    path("placements/<uuid:uid>/mark/<slug:verb>/", finishing.mark, name="mark"),
    path("placements/<uuid:uid>/papers/<slug:key>.pdf", papers.paper, name="paper"),
    path("placements/<uuid:uid>/outcome/", outcomes.outcome, name="outcome"),
    path("placements/<uuid:uid>/pool/", outcomes.pool, name="pool"),
    path("evaluations/<uuid:uid>/reopen/", finishing.evaluation_reopen, name="evaluation_reopen"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("numbers/export/", numbers.numbers_export, name="numbers_export"),
    path("numbers/students/", numbers.students_of_year, name="year_students"),
    path("numbers/students/export/", numbers.students_of_year_export, name="year_students_export"),
    path("placements/<uuid:uid>/contract/", contracts.contract, name="contract"),
    path("placements/<uuid:uid>/contract/amend/", contracts.contract_amend, name="contract_amend"),
    # The company keeps its programmes
    path("manage/", manage.manage, name="manage"),
    path("manage/new/", manage.manage_new, name="manage_new"),
    path("manage/programmes/<slug:slug>/", manage.manage_programme, name="manage_programme"),
    path("manage/programmes/<slug:slug>/edit/", manage.manage_edit, name="manage_edit"),
    path("manage/programmes/<slug:slug>/deadlines/", manage.manage_deadlines, name="manage_deadlines"),
    path("manage/programmes/<slug:slug>/extend/", manage.manage_extend, name="manage_extend"),
    path("manage/programmes/<slug:slug>/periods/", places.manage_periods, name="manage_periods"),
    path("manage/programmes/<slug:slug>/positions/", places.manage_position_new, name="manage_position_new"),
    path("manage/programmes/<slug:slug>/cancel/", manage.manage_cancel, name="manage_cancel"),
    path("manage/programmes/<slug:slug>/clone/", manage.manage_clone, name="manage_clone"),
    path("manage/programmes/<slug:slug>/do/<slug:verb>/", manage.manage_verb, name="manage_verb"),
    path("manage/positions/<uuid:uid>/", places.manage_position, name="manage_position"),
    path("manage/positions/<uuid:uid>/remove/", places.manage_position_remove, name="manage_position_remove"),
    path("manage/positions/<uuid:uid>/seats/<int:period>/", places.manage_seats, name="manage_seats"),
]
