from django.urls import include, path

from partnerships.agreements.views import drafts, lists, pages, signing

pages_of_ours = [
    path("", lists.agreements, name="list"),
    path("export/", lists.agreements_export, name="export"),
    path("new/", drafts.new, name="new"),
    path("<uuid:uid>/", pages.agreement, name="agreement"),
    path("<uuid:uid>/edit/", drafts.edit, name="edit"),
    path("<uuid:uid>/amend/", drafts.amend, name="amend"),
    path("<uuid:uid>/sign/", signing.sign, name="sign"),
    path("<uuid:uid>/paper/", signing.paper, name="paper"),
    path("<uuid:uid>/text/<int:number>/", pages.text, name="text"),
    path("<uuid:uid>/pdf/", pages.pdf, name="pdf"),
    path("<uuid:uid>/<slug:verb>/", pages.act, name="act"),
]
urlpatterns = [path("agreements/", include((pages_of_ours, "agreements")))]
