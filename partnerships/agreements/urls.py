from django.urls import include, path

from partnerships.agreements.lists import AGREEMENTS
from partnerships.agreements.owed import OBLIGATIONS
from partnerships.agreements.views import acts, bringing, drafts, obligations, overview, pages, signing
from partnerships.common.lists import list_page

pages_of_ours = [
    path("", list_page, {"page": AGREEMENTS}, name="list"),
    path("new/", drafts.new, name="new"),
    path("timeline/", overview.timeline, name="timeline"),
    path("map/", overview.on_map, name="map"),
    path("gaps/", overview.gaps, name="gaps"),
    path("import/", bringing.past_agreements, name="import"),
    path("propose/", drafts.propose, name="propose"),
    path("obligations/", list_page, {"page": OBLIGATIONS}, name="obligations"),
    path("obligations/import/", bringing.obligations, name="import_obligations"),
    path("obligations/<uuid:uid>/", obligations.edit, name="obligation"),
    path("obligations/<uuid:uid>/drop/", obligations.drop, name="obligation_drop"),
    path("obligations/<uuid:uid>/fulfil/", obligations.fulfil, name="fulfil"),
    path("<uuid:uid>/", pages.agreement, name="agreement"),
    path("<uuid:uid>/edit/", drafts.edit, name="edit"),
    path("<uuid:uid>/amend/", drafts.amend, name="amend"),
    path("<uuid:uid>/given/", overview.given, name="given"),
    path("<uuid:uid>/given/pdf/", overview.given_paper, name="given_pdf"),
    path("<uuid:uid>/renew/", drafts.renew, name="renew"),
    path("<uuid:uid>/keepers/", obligations.keepers, name="keepers"),
    path("<uuid:uid>/obligations/", obligations.add, name="obligation_new"),
    path("<uuid:uid>/sign/", signing.sign, name="sign"),
    path("<uuid:uid>/paper/", signing.paper, name="paper"),
    path("<uuid:uid>/text/<int:number>/", pages.text, name="text"),
    path("<uuid:uid>/pdf/", pages.pdf, name="pdf"),
    path("<uuid:uid>/<slug:verb>/", acts.act, name="act"),
]
urlpatterns = [path("agreements/", include((pages_of_ours, "agreements")))]
