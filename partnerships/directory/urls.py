from django.urls import path

from partnerships.directory import views, views_deputies, views_merge, views_organizations, views_people

urlpatterns = [
    path("profile/", views.profile, name="profile"),
    path("profile/skills/", views.profile_skill, name="profile_skill"),
    path("profile/university/", views.profile_study, name="profile_study"),
    path("profile/code/", views.profile_code, name="profile_code"),
    path("profile/university/<uuid:uid>/ask/", views.profile_study_ask, name="profile_study_ask"),
    path("profile/deputies/", views_deputies.deputies, name="deputies"),
    path("profile/deputies/<uuid:uid>/<slug:verb>/", views_deputies.deputy_act, name="deputy_act"),
    path("people/", views_people.people, name="people"),
    path("people/confirm/", views_people.people_confirm, name="people_confirm"),
    path("people/invitations/", views_people.invitations, name="invitations"),
    path("people/invitations/<uuid:uid>/close/", views_people.invitation_close, name="invitation_close"),
    path("people/affiliations/<uuid:uid>/", views_people.affiliation_decide, name="affiliation_decide"),
    path("people/<uuid:uid>/", views_people.person_detail, name="person_detail"),
    path("people/<uuid:uid>/address/", views_people.address_again, name="person_address_again"),
    path("people/<uuid:uid>/merge/", views_merge.doubles, name="person_doubles"),
    path("people/<uuid:uid>/merge/<uuid:other>/", views_merge.merge, name="person_merge"),
    path("organizations/doubles/", views_organizations.all_doubles, name="organization_doubles"),
    path("organizations/<uuid:uid>/", views_organizations.doubles_of, name="organization_doubles_of"),
    path(
        "organizations/<uuid:uid>/merge/<uuid:other>/", views_organizations.merge, name="organization_merge"
    ),
    path("organizations/merging/<uuid:uid>/", views_organizations.merge_job, name="organization_merge_job"),
    path(
        "organizations/merging/<uuid:uid>/progress/",
        views_organizations.merge_progress,
        name="organization_merge_progress",
    ),
    path(
        "organizations/<uuid:uid>/apart/<uuid:other>/", views_organizations.apart, name="organization_apart"
    ),
    path(
        "organizations/<uuid:uid>/doubt/<uuid:other>/", views_organizations.doubt, name="organization_doubt"
    ),
    path("organizations/<uuid:uid>/end/", views_organizations.end, name="organization_end"),
    path("organizations/<uuid:uid>/revive/", views_organizations.revive, name="organization_revive"),
    path("partners/", views.partners, name="partners"),
    path("partners/map/", views.partners_map, name="partners_map"),
    path("partners/<slug:slug>/", views.partner_detail, name="partner_detail"),
]
