"""Contracts that wait for human resources: not prepared, prepared and not sent."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships.enums import PlacementState
from internships.models import Placement
from partnerships.agreements.enums import LIVE_STATES, AgreementState
from partnerships.agreements.models import Agreement
from partnerships.common.addresses import kept_address
from partnerships.common.capped import CAP, capped, counted
from partnerships.common.clock import day_in_words, end_of_day
from partnerships.common.direction import Todo
from partnerships.common.piles import Pile
from partnerships.common.sharing import sharing
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.directory.models import Person

CSS = "d-internships"
ALONE = 3  # so many are named one by one, more are one line


def piles(user: Any) -> list[Pile]:
    """Placements in preparation without a contract, due on their first day; drafts that were never sent."""
    return [Pile(_bare(user), ALONE, _prepare, _prepare_all, along=True), Pile(_drafts(user), ALONE, _send)]


@asked
def _bare(user: Any) -> Any:
    access, kind = access_of(user), ContentType.objects.get_for_model(Placement)
    about = Agreement.objects.filter(content_type=kind, object_id=OuterRef("pk"), state__in=LIVE_STATES)
    bare = Placement.objects.filter(access.q("host", Role.HR), ~Exists(about), state=PlacementState.PREPARING)
    bare = sharing(bare.exclude(person_id=access.person_id)).select_related("person")
    shown = (f"person__{name}" for name in Person.SHOWN)
    return bare.only("uid", "starts", *shown).order_by("starts", "pk")


@asked
def _drafts(user: Any) -> Any:
    kind, mine = ContentType.objects.get_for_model(Placement), access_of(user).q("owner", Role.HR)
    drafts = Agreement.objects.filter(mine, content_type=kind, state=AgreementState.DRAFT, sent_at=None)
    return drafts.order_by("pk")


def _prepare(row: Placement) -> Todo:
    return Todo(
        _("Prepare the contract: %(person)s") % {"person": row.person.name},
        _("the practice begins on %(day)s") % {"day": day_in_words(row.starts)},
        reverse("internships:contract", args=[row.uid]),
        end_of_day(row.starts),
        CSS,
    )


def _prepare_all(found: list[Placement], count: int) -> list[Todo]:
    starts = found[0].starts
    title = ngettext("Prepare %(n)s practice contract", "Prepare %(n)s practice contracts", count)
    first = _("the first practice begins on %(day)s") % {"day": day_in_words(starts)}
    url = f"{kept_address('internships:placements')}?state={PlacementState.PREPARING}&bare=on"
    title %= {"n": counted(*capped(count))}
    return [Todo(title, first, url, end_of_day(starts), CSS, min(count, CAP))]


def _send(row: Agreement) -> Todo:
    title = _("Send for signing: %(title)s") % {"title": row.title}
    return Todo(title, "", row.get_absolute_url(), None, CSS)
