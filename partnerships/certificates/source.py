"""What certificates give the portal: the public check, lists, search."""

from functools import partial
from typing import Any

from django.db.models import Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.certificates import codes, reports
from partnerships.certificates.enums import CertificateState
from partnerships.certificates.kinds import types
from partnerships.certificates.models import Certificate
from partnerships.common.addresses import addresses
from partnerships.common.among import Among, newest_seen
from partnerships.common.capped import CAP, SEEN
from partnerships.common.direction import Hit, MenuItem, Source, Todo
from partnerships.common.indicator import Benefit, Indicator
from partnerships.common.piles import Pile, Sought, SoughtByKeys, Tally
from partnerships.common.query_words import Typed
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.called import answering_to
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


OF_LATE = 1000  # so many are looked through for a name that many have


@asked
def _named_of_late(*words: str) -> Any:
    """The same among the newest; none where there are fewer than that."""
    first = Certificate.objects.order_by("-issued_at", "-pk").values("issued_at")[OF_LATE - 1 : OF_LATE]
    late = Certificate.objects.filter(issued_at__gte=Subquery(first))
    rows = late.alias(named=Coalesce("folded", Value("")))  # which has no index of its own
    rows = rows.filter(*(Q(named__contains=word) for word in words))
    return rows.order_by().values_list("pk", "issued_at")


@asked
def _seen(user: Any) -> Any:
    return Certificate.objects.visible_to(user)


@asked
def _found() -> Any:
    rows = Certificate.objects.filter(Among("pk", SEEN)).order_by("-issued_at", "-pk")
    return rows.only(*FOUND)


def sought(user: Any, words: str, limit: int) -> list[Sought]:
    """By the holder's name, the number or the code."""
    if not user.is_authenticated:
        return []
    if codes.normalise(words):
        rows = Certificate.objects.visible_to(user).found_by(words).order_by("-issued_at", "-pk")
        return [Sought(rows.only(*FOUND), limit, _hit)]
    each = [Typed(word) for word in words.split()[:6]]
    every = lambda: newest_seen(_named(*each), _seen(user), "issued_at", limit)  # noqa: E731
    if reports.oversees(user) and answering_to(words).often:
        late = newest_seen(_named_of_late(*each), _seen(user), "issued_at", limit)
        return [SoughtByKeys(_found(), limit, _hit, late, every)]
    return [SoughtByKeys(_found(), limit, _hit, every())]


def _hit(row: Certificate) -> Hit:
    return Hit(
        f"{row.holder_name}, {row.serial}",
        f"{row.title} · {row.standing_words}",
        addresses("certificate")(row.uid),
        _("Certificates"),
    )


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
    sought=sought,
    menu=(
        MenuItem(gettext_lazy("Certificates"), "certificates", reports.oversees),
        MenuItem(gettext_lazy("My certificates"), "my_certificates", _holds_only),
        MenuItem(gettext_lazy("Check a certificate"), "verify", _everybody),
    ),
)
