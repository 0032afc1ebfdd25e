"""Lists of the directory that may be taken away: people, partners, the units of one of them, deputies,
invitations, organisations that may stand here twice."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.refusals import Refused
from partnerships.directory import reports, reports_doubles
from partnerships.directory.access import access_of
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.maps import Place, atlas
from partnerships.directory.models import Affiliation, Organization
from partnerships.directory.reports_doubles import Double
from partnerships.directory.views_organizations import operators_only, pairs_for


@listing("directory.people", people=True)
def people(user: Any, params: QueryDict) -> Listed:
    """Whom one looks after, as the page of people names them; no phone, no personal code."""
    _keepers_only(user)
    rows = reports.people_found(user, params.get("q", ""), params.get("role", ""))
    # What many rows share (units, specialties) is read and built once, not again for each row.
    chosen = reports.in_state(rows, params.get("state", "")).select_related(None)
    chosen = chosen.select_related("person", "study").prefetch_related(
        "organization__root", "study__specialty"
    )
    return Listed(_("People"), chosen, PEOPLE, order=("person__sort_key", "pk"))


def _keepers_only(user: Any) -> None:
    if not reports.is_keeper(user):
        raise Refused(_("This page is for those who look after people of a university or company."))


def _study(row: Affiliation) -> Any:
    return getattr(row, "study", None)


PEOPLE = [
    ExportColumn(
        gettext_lazy("Family name"),  # of somebody erased, that they are
        lambda row: row.person.name if row.person.erased_at else row.person.family_name,
        22,
    ),
    ExportColumn(gettext_lazy("Given name"), lambda row: row.person.given_name, 18),
    ExportColumn(gettext_lazy("Role"), lambda row: Role(row.role).label, 22),
    ExportColumn(gettext_lazy("Organisation"), lambda row: row.organization.root.display_name, 36),
    ExportColumn(
        gettext_lazy("Unit"),
        lambda row: "" if row.organization.is_root else row.organization.display_name,
        30,
    ),
    ExportColumn(
        gettext_lazy("Specialty"),
        lambda row: str(_study(row).specialty or "") if _study(row) else "",
        30,
    ),
    ExportColumn(gettext_lazy("Year of study"), lambda row: _study(row) and _study(row).year, 8),
    ExportColumn(gettext_lazy("GPA"), lambda row: _study(row) and _study(row).gpa, 8),
    ExportColumn(gettext_lazy("State"), lambda row: AffiliationState(row.state).label, 24),
    ExportColumn(gettext_lazy("Mail comes back"), lambda row: row.person.is_unreachable or None, 10),
]


@listing("directory.partners")
def partners(user: Any, params: QueryDict) -> Listed:
    """The public list of partners."""
    place = Place.read(params.get("place", ""))
    rows = reports.partner_rows(params.get("q", ""), params.get("kind", ""), place)
    return Listed(_("Partners"), rows, PARTNERS, order=("sort_key", "pk"))


@listing("directory.places")
def places(user: Any, params: QueryDict) -> Listed:
    """How many partners are where, as the map tells it."""
    found = atlas(reports.partners_by_place(params.get("kind", "")))
    return Listed(_("Partners on a map"), found.spots, PLACES)


PLACES = [
    ExportColumn(pgettext_lazy("where", "Place"), lambda spot: spot.label, 30),
    ExportColumn(gettext_lazy("Partners"), lambda spot: spot.count, 12),
]


PARTNERS = [
    ExportColumn(gettext_lazy("Organisation"), lambda row: row.display_name, 50),
    ExportColumn(gettext_lazy("Acronym"), lambda row: row.acronym, 14),
    ExportColumn(gettext_lazy("Kind"), lambda row: row.get_kind_display(), 18),
    ExportColumn(gettext_lazy("City"), lambda row: row.city_name, 20),
    ExportColumn(gettext_lazy("Website"), lambda row: row.website, 34),
]


@listing("directory.units")
def units(user: Any, params: QueryDict) -> Listed:
    """The units of a partner, those above before those below, as its page draws them. What is taken away here
    can be changed and brought again (directory.units of the imports)."""
    root = Organization.objects.partners().filter(slug=params.get("of", "")).first()
    if root is None:
        raise Http404
    rows = Organization.objects.below(root).filter(is_active=True).exclude(pk=root.pk)
    return Listed(
        f"{root.short_name}: {_('Units')}",
        rows.select_related("parent__parent"),
        UNITS,
        order=("path", "pk"),
    )


UNITS = [
    ExportColumn(gettext_lazy("Name in Azerbaijani"), lambda row: row.name, 44),
    ExportColumn(gettext_lazy("Name in English"), lambda row: row.name_en, 44),
    ExportColumn(gettext_lazy("Acronym"), lambda row: row.acronym, 14),
    ExportColumn(pgettext_lazy("of a unit", "Kind"), lambda row: row.get_kind_display(), 22),
    ExportColumn(
        gettext_lazy("Part of"),
        lambda row: "" if row.parent.is_root else row.parent.name,
        44,
    ),
    ExportColumn(gettext_lazy("City"), lambda row: row.city_name, 18),
]


@listing("directory.deputies", people=True)
def deputies(user: Any, params: QueryDict) -> Listed:
    """Who stands in for whom, where one is one of the two."""
    rows = reports.deputyships_of(access_of(user).person_id)
    return Listed(_("Deputies"), rows, DEPUTIES, order=("-starts", "-pk"))


DEPUTIES = [
    ExportColumn(gettext_lazy("Role"), lambda row: Role(row.affiliation.role).label, 26),
    ExportColumn(gettext_lazy("Organisation"), lambda row: row.affiliation.organization.display_name, 36),
    ExportColumn(gettext_lazy("Away"), lambda row: row.holder.name, 30),
    ExportColumn(gettext_lazy("Deputy"), lambda row: row.deputy.name, 30),
    ExportColumn(gettext_lazy("From"), lambda row: row.starts, 14),
    ExportColumn(gettext_lazy("Until"), lambda row: row.ends, 14),
    ExportColumn(gettext_lazy("Reason"), lambda row: row.reason, 40),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 16),
]


@listing("directory.invitations", people=True)
def invitations(user: Any, params: QueryDict) -> Listed:
    """The invitations that one may give out, without their codes: a file is passed on, and whoever reads a
    code in it would be confirmed by it."""
    _keepers_only(user)
    rows = reports.invitations(user)
    return Listed(_("Invitation codes"), rows, INVITATIONS, order=("-created", "-pk"))


INVITATIONS = [
    ExportColumn(gettext_lazy("Organisation"), lambda row: row.organization.root.display_name, 36),
    ExportColumn(
        gettext_lazy("Unit"),
        lambda row: "" if row.organization.is_root else row.organization.display_name,
        30,
    ),
    ExportColumn(gettext_lazy("Role"), lambda row: Role(row.role).label, 22),
    ExportColumn(gettext_lazy("For whom"), lambda row: row.note, 30),
    ExportColumn(gettext_lazy("Invited by"), lambda row: row.made_by.display_name, 30),
    ExportColumn(gettext_lazy("Made"), lambda row: row.created, 18),
    ExportColumn(gettext_lazy("Valid until"), lambda row: row.expires, 18),
    ExportColumn(gettext_lazy("Uses left"), lambda row: row.uses_left, 12),
    ExportColumn(gettext_lazy("State"), lambda row: row.standing, 20),
]


@listing("directory.doubles")
def doubles(user: Any, params: QueryDict) -> Listed:
    """Pairs that may be one organisation, as many as the page shows."""
    operators_only(user)
    return Listed(_("Same organisation twice?"), pairs_for(user), DOUBLES)


def _put_aside(pair: Double) -> Any:
    return pair.before and pair.before.made_at


DOUBLES = [
    ExportColumn(gettext_lazy("One record"), lambda pair: pair.first.display_name, 44),
    ExportColumn(gettext_lazy("Its address"), lambda pair: pair.first.slug, 24),
    ExportColumn(gettext_lazy("The other"), lambda pair: pair.second.display_name, 44),
    ExportColumn(gettext_lazy("Address of the other"), lambda pair: pair.second.slug, 24),
    ExportColumn(gettext_lazy("What is the same"), lambda pair: ", ".join(pair.same), 20),
    ExportColumn(gettext_lazy("Put aside before"), _put_aside, 18),
]


@listing("directory.told_apart")
def told_apart(user: Any, params: QueryDict) -> Listed:
    """Pairs that look like one and are two, with the reason and who said so."""
    operators_only(user)
    name = _("Put aside: they look like one and are two")
    return Listed(name, reports_doubles.told_apart(), TOLD_APART)


TOLD_APART = [
    ExportColumn(gettext_lazy("One record"), lambda row: row.first.display_name, 44),
    ExportColumn(gettext_lazy("The other"), lambda row: row.second.display_name, 44),
    ExportColumn(gettext_lazy("Why they are two"), lambda row: row.reason, 50),
    ExportColumn(gettext_lazy("Who"), lambda row: row.made_by.display_name, 30),
    ExportColumn(gettext_lazy("When"), lambda row: row.made_at, 18),
]
