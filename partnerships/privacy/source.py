"""What personal data give the portal: to everybody that their erasure is on its way, to who guards the data
the way to the logs and what is due there."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.common import clock
from partnerships.common.direction import MenuItem, Source, Stat, Todo
from partnerships.common.piles import Numbers, Pile, Tally
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.privacy import rules
from partnerships.privacy.enums import ErasureState
from partnerships.privacy.models import Erasure


@asked
def _own(user: Any) -> Any:
    """One's own open erasure, there is one at most."""
    own = Erasure.objects.filter(person_id=access_of(user).person_id, state=ErasureState.ASKED)
    return own.order_by("due", "pk")


@asked
def _on_the_way(user: Any) -> Any:
    return Erasure.objects.visible_to(user).filter(state=ErasureState.ASKED)


@asked
def _overdue(user: Any) -> Any:
    """Their days are over and they have not been erased: something stands against it."""
    return Erasure.objects.visible_to(user).filter(state=ErasureState.ASKED, due__lt=clock.now())


def piles(user: Any) -> list[Pile]:
    access = access_of(user)
    found = [] if access.person_id is None or access.link else [Pile(_own(user), 1, _call_off)]
    return [*found, Tally(_overdue(user), 0, _late)] if rules.reads_logs(user) else found


def _call_off(erasure: Erasure) -> Todo:
    return Todo(
        _("Your data will be erased"),
        _("Until then everything stays as it is, and you can call it off."),
        f"{reverse('my_data')}#erase",
        due=erasure.due,
    )


def _late(many: int) -> list[Todo]:
    title = ngettext("%(n)s erasure is overdue", "%(n)s erasures are overdue", many) % {"n": many}
    detail = _("Something stands against it: settle it with the person.")
    return [Todo(title, detail, f"{reverse('data_protection')}?show=erasures", count=many)]


def numbers(user: Any) -> list[Numbers]:
    return [Numbers((_on_the_way(user).counted(),), _asked_for)] if access_of(user).guards_data else []


def _asked_for(many: int) -> list[Stat]:
    return [Stat(str(many), _("erasures on their way"), f"{reverse('data_protection')}?show=erasures")]


SOURCE = Source(
    key="privacy",
    piles=piles,
    numbers=numbers,
    menu=(MenuItem(gettext_lazy("Data protection"), "data_protection", rules.reads_logs),),
)
