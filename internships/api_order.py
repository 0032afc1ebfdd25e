"""The order of applications over the API: that of the working list, which depends on who looks at what."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError

from internships import api_rows, rules, worklists
from internships.forms.worklist import SORTS
from internships.models import Application, Programme
from internships.views.commission import round_of
from internships.views.worklist import ALL
from partnerships.common.cursors import Ordered
from partnerships.directory.access import access_of
from partnerships.reviews import reports as reviews

CHOICES = (
    ("new", gettext_lazy("Newest first")),
    ("due", gettext_lazy("By date")),
    ("name", gettext_lazy("By name")),
    ("score", gettext_lazy("By score")),
    ("commission", gettext_lazy("By the commission's mean")),
)


def of_programme(rows: Any, slug: str, _user: Any = None) -> Any:
    """Of a round; of all of them, as the page says it."""
    return rows if slug == ALL else rows.filter(programme__slug=slug)


def mine(rows: Any, yes: bool, user: Any) -> Any:
    """One's own, sent or not; else the rows of the working list: sent, and somebody else's."""
    person = access_of(user).person_id
    if yes:
        return rows.filter(person_id=person) if person else rows.none()
    return rows.filter(submitted_at__isnull=False).exclude(person_id=person)


def ordered(rows: Any, user: Any, params: Any) -> Ordered | None:
    """`rows` in the order that was asked for; None for the newest first.

    Raises ValidationError for an order that this reader does not have here: all rounds of somebody who sees
    many are ordered by what an index is ordered by, scores and the commission's marks are the company's.
    """
    sort = params.get("sort", "")
    if sort in ("", "new"):
        return None
    slug = params.get("programme", "")
    programme = None
    if slug not in ("", ALL):
        seen = Programme.objects.visible_to(user).select_related("host", "call")
        programme = seen.filter(slug=slug).first()
    company = programme is not None and rules.runs_programme(user, programme)
    commission = round_of(programme, user) if company else None
    offered = {"new"} if programme is None and worklists.works_on_much(user) else {"new", "due", "name"}
    offered |= {"score"} if company else set()
    offered |= {"commission"} if commission is not None else set()
    if sort not in offered:
        names = ", ".join(name for name, _label in CHOICES if name in offered)
        words = _("Not an order of this list for you. Orders here: %(names)s.") % {"names": names}
        if programme is None:
            words = f"{words} {_('Name a programme for more of them.')}"
        raise ValidationError({"sort": [words]})

    def dated(found: Any) -> Any:
        found = worklists.with_due(found, programme) if sort == "due" else found
        if sort == "commission" and commission is not None:
            found = found.annotate(commission_mean=reviews.mean_score(commission, user))
        return found

    return Ordered(
        dated(rows),
        SORTS[sort],
        filled=lambda keys: dated(api_rows.listed(Application.objects.filter(pk__in=keys))),
    )
