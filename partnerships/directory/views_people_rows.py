"""The rows of the list of people, as the page draws them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.addresses import addresses
from partnerships.common.clock import today
from partnerships.common.markup import markup
from partnerships.common.tables import Column, page_column, somebody
from partnerships.common.templatetags.figures import exact, year_of_study
from partnerships.common.templatetags.ui import chip
from partnerships.directory.enums import AffiliationState, Role
from partnerships.directory.models import Affiliation

WAITING = (AffiliationState.SUGGESTED, AffiliationState.REQUESTED)
SHOWN = (
    "uid",
    "role",
    "starts",
    "ends",
    "state",
    "person__uid",
    "person__given_name",
    "person__family_name",
    "person__erased_at",
    "person__sort_key",
    "person__email",
    "person__failed_address",
    "organization__name",
    "organization__name_en",
    "study__year",
    "study__gpa",
    "study__specialty__name",
    "study__specialty__name_en",
)


def with_columns(rows: Any) -> Any:
    """What the page draws of a row, and no more."""
    related = ("person", "organization", "study__specialty")
    return rows.select_related(None).select_related(*related).only(*SHOWN)


def columns(*, bulk: bool) -> list[Column]:
    """What the list shows of an affiliation; with ticks for many at once."""
    found = [
        page_column(_("Person"), _person(), bare=True),
        page_column(_("Role"), _role()),
        page_column(_("Studies"), _studies(), "small"),
        page_column(_("State"), _state()),
        page_column(_("Act"), _act(), bare=True),
    ]
    return [page_column("", _pick(), "pick", bare=True), *found] if bulk else found


def _pick() -> Callable[[Affiliation], SafeString]:
    words = _("Select: %(name)s")
    return lambda row: markup(
        '<label><input type="checkbox" class="form-check-input" data-bulk-one name="uid" value="{}"'
        ' form="bulk" aria-label="{}"></label>',
        row.uid,
        words % {"name": row.person.name},
    )


def _person() -> Callable[[Affiliation], SafeString]:
    to = addresses("person_detail")
    return lambda row: somebody(to(row.person.uid), row.person.name, row.organization.display_name)


def _role() -> Callable[[Affiliation], SafeString]:
    labels = {role: markup("{}", role.label) for role in Role}
    return lambda row: labels[Role(row.role)]


def _studies() -> Callable[[Affiliation], SafeString]:
    year, gpa = _("year %(year)s"), _("GPA")
    nothing = markup("<span>—</span>")

    def mark(value: Decimal | None) -> SafeString:
        if value is None:
            return SafeString()
        return markup(' · {} <span class="num">{}</span>', gpa, exact(value))

    def draw(row: Affiliation) -> SafeString:
        study = getattr(row, "study", None)
        if study is None:
            return nothing
        return markup(
            '<span>{}, <span class="nowrap">{}</span>{}</span>',
            study.specialty.display_name if study.specialty_id else "—",
            year % {"year": year_of_study(study.year)},
            mark(study.gpa),
        )

    return draw


def _state() -> Callable[[Affiliation], SafeString]:
    """The state as a chip: amber where somebody waits for a decision, which is the reader's."""
    day, returned = today(), markup(" {}", chip(_("Mail comes back"), "bad"))
    kinds = {AffiliationState.VERIFIED: "good", AffiliationState.REFUSED: "bad"}
    chips = {state: chip(state.label, kinds.get(state, "move")) for state in AffiliationState}
    ended = chip(_("Ended"))

    def draw(row: Affiliation) -> SafeString:
        state = AffiliationState(row.state)
        running = row.starts <= day and (row.ends is None or row.ends >= day)
        drawn = ended if state == AffiliationState.VERIFIED and not running else chips[state]
        return drawn + returned if row.person.is_unreachable else drawn

    return draw


def _act() -> Callable[[Affiliation], SafeString]:
    to, decide, look = addresses("person_detail"), _("Decide"), _("View")
    return lambda row: markup(
        '<a class="btn btn-quiet btn-sm" href="{}">{}</a>',
        to(row.person.uid),
        decide if row.state in WAITING else look,
    )
