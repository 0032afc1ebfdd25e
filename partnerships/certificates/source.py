"""What certificates give the portal: the public check, lists, search."""

from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.certificates import codes, reports
from partnerships.certificates.enums import CertificateState
from partnerships.certificates.kinds import types
from partnerships.certificates.models import Certificate
from partnerships.common.among import newest_seen
from partnerships.common.capped import CAP
from partnerships.common.direction import Hit, MenuItem, Source, Todo
from partnerships.common.indicator import Benefit, Indicator
from partnerships.common.piles import Pile, Tally
from partnerships.common.prepared import PreparedRows
from partnerships.common.query_words import Typed
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role


def piles(user: Any) -> list[Pile]:
    """Those who are ready and have no certificate yet: one line for each type."""
    if not reports.oversees(user):
        return []
    return [Tally(_awaiting(user, key), CAP, partial(_to_issue, key)) for key in types()]


@asked
def _awaiting(user: Any, key: str) -> Any:
    return reports.awaiting(types()[key], user)


def _to_issue(key: str, found: int) -> list[Todo]:
    count = min(found, CAP)
    title = ngettext("Issue %(n)s certificate", "Issue %(n)s certificates", count)
    return [
        Todo(
            title=title % {"n": f"{count}+" if found > CAP else count},
            detail=str(types()[key].title),
            url=reverse("certificate_batch_new", args=[key]),
            count=count,
        )
    ]


FOUND = ("uid", "holder_name", "serial", "snapshot", "state", "valid_to", "issued_at")


@asked
def _named(*words: str) -> Any:
    rows = Certificate.objects.filter(*(Q(folded__contains=word) for word in words))
    return rows.order_by().values_list("pk", "issued_at")


@asked
def _seen(user: Any) -> Any:
    return Certificate.objects.visible_to(user)


_ROWS: PreparedRows[Certificate] = PreparedRows(
    lambda keys: Certificate.objects.filter(pk__in=keys).only(*FOUND).order_by()
)


def _newest_named(user: Any, words: str, limit: int) -> list[Certificate]:
    named = _named(*map(Typed, words.split()[:6]))
    keys = newest_seen(named, _seen(user), "issued_at", limit)
    known = {row.pk: row for row in _ROWS(keys)} if keys else {}
    return [known[key] for key in keys if key in known]


def search(user: Any, words: str, limit: int) -> list[Hit]:
    """By the holder's name, the number or the code."""
    if not user.is_authenticated:
        return []
    if codes.normalise(words):
        rows = Certificate.objects.visible_to(user).found_by(words)
        found = list(rows.order_by("-issued_at", "-pk").only(*FOUND)[:limit])
    else:
        found = _newest_named(user, words, limit)
    return [
        Hit(
            f"{row.holder_name}, {row.serial}",
            f"{row.title} · {row.standing_words}",
            row.get_absolute_url(),
            _("Certificates"),
        )
        for row in found
    ]


def _holds_only(user: Any) -> bool:
    """Whoever is here with a person of their own and not to issue."""
    return access_of(user).person_id is not None and not reports.oversees(user)


def _everybody(user: Any) -> bool:
    return True


INDICATORS = (
    Indicator(
        key="certificates.issued",
        title=gettext_lazy("Certificates issued"),
        unit=pgettext_lazy("unit", "certificates"),
        formula=gettext_lazy(
            "Certificates issued in the year that hold, revoked and replaced ones left out."
        ),
        benefit=Benefit.EDUCATION,
        model="certificates.Certificate",
        owner=Role.HR,
        where=Q(state=CertificateState.ISSUED),
        when="issued_at",
        sides=("issuer",),
        person="holder",
        line=lambda row: (row.holder_name, row.serial),
    ),
)

SOURCE = Source(
    key="certificates",
    indicators=INDICATORS,
    piles=piles,
    search=search,
    menu=(
        MenuItem(gettext_lazy("Certificates"), "certificates", reports.oversees),
        MenuItem(gettext_lazy("My certificates"), "my_certificates", _holds_only),
        MenuItem(gettext_lazy("Check a certificate"), "verify", _everybody),
    ),
)
