"""What ideas give the portal: next steps that are due, the search, the calendar, the menu."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, OuterRef, Q, When
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.common.access import access
from partnerships.common.addresses import addresses, kept_address
from partnerships.common.clock import start_of_day, today
from partnerships.common.direction import Entry, Hit, MenuItem, Noted, Source, Todo
from partnerships.common.indicator import Benefit, Indicator
from partnerships.common.piles import Dated, Pile, Sought
from partnerships.common.query_words import Key, Typed
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.enums import Role
from partnerships.ideas import actions, rules
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea

ONE_BY_ONE = 3
ON_PAGE = 5  # lines on the page of a partner
AHEAD = timedelta(days=3)


def piles(user: Any) -> list[Pile]:
    """Next steps of one's own, and of whom one stands in for, that are due within three days or late."""
    if access_of(user).person_id is None or not rules.notes_ideas(user):
        return []
    return [Pile(_due(user), ONE_BY_ONE, _step, _steps, along=True)]


@asked
def _due(user: Any) -> Any:
    mine = Idea.objects.open().looked_after_by(user).filter(next_on__lte=today() + AHEAD)
    return mine.only("uid", "title", "next_step", "next_on").order_by("next_on", "pk")


def _step(row: Idea) -> Todo:
    return Todo(row.next_step, row.title, row.get_absolute_url(), due=row.due)


def _steps(found: list[Idea], count: int) -> list[Todo]:
    title = ngettext("%(n)s idea waits for its next step", "%(n)s ideas wait for their next step", count)
    url = f"{kept_address('ideas:list')}?show=mine"
    return [Todo(title % {"n": count}, found[0].title, url, due=found[0].due, count=count)]


@asked
def _found(user: Any, words: str) -> Any:
    rows = Idea.objects.visible_to(user).filter(folded__contains=words).order_by("-pk")
    return rows.only("uid", "title", "state")


def sought(user: Any, folded: str, limit: int) -> list[Sought]:
    if not user.is_authenticated:
        return []
    return [Sought(_found(user, Typed(folded)), limit, _hit)]


def _hit(row: Idea) -> Hit:
    return Hit(row.title, row.get_state_display(), row.get_absolute_url(), _("Cooperation ideas"))


def dated(user: Any, first: date, last: date) -> list[Dated]:
    """Days until which a next step of one's own is promised."""
    if access_of(user).person_id is None or not rules.notes_ideas(user):
        return []
    return [Dated(_promised(user, first, last), 200, _promises(), along=True)]


@asked
def _promised(user: Any, first: date, last: date) -> Any:
    mine = Idea.objects.open().looked_after_by(user).filter(next_on__range=(first, last))
    return mine.only("uid", "version", "title", "next_step", "next_on").order_by("next_on", "pk")


def _promises() -> Callable[[Idea], list[Entry]]:
    """For many rows: their addresses are worked out once, when there is a row."""
    known: list[Callable[[Any], str]] = []

    def promise(row: Idea) -> list[Entry]:
        if not known:
            known.append(addresses("ideas:idea"))
        return [
            Entry(
                f"idea-{row.uid}",
                row.next_step,
                start_of_day(row.next_on),
                place=row.title,
                url=known[0](row.uid),
                sequence=row.version,
            )
        ]

    return promise


def _line(row: Any) -> tuple[str, str]:
    return row.title, str(row.get_state_display())


def _of_ideas(key: str, title: Any, formula: Any, **values: Any) -> Indicator:
    return Indicator(
        key=f"ideas.{key}",
        title=title,
        unit=pgettext_lazy("unit", "ideas"),
        formula=formula,
        benefit=Benefit.SCIENCE,
        model="ideas.Idea",
        owner=Role.PARTNERSHIPS,
        sides=("home", "partner"),
        line=_line,
        **values,
    )


def grew_from(user: Any, record: Any) -> list[Hit]:
    """The ideas that became this record, of those that the user sees."""
    if not rules.notes_ideas(user) and not access_of(user).administers:
        return []
    kind = ContentType.objects.get_for_model(record)
    return [_hit(row) for row in _became(user, Key(kind.pk), Key(record.pk))]


@asked
def _became(user: Any, kind: int, key: int) -> Any:
    rows = Idea.objects.visible_to(user).filter(content_type=kind, object_id=key, state=IdeaState.BECAME)
    return rows.only("uid", "title", "state")


def on_partner(user: Any, organization: Any) -> Noted | None:
    """The newest ideas noted about this partner, of those that the user sees, the open ones first."""
    if not rules.notes_ideas(user) and not access_of(user).administers:
        return None
    rows = list(_about(user, Key(organization.pk))[:ON_PAGE])
    if not rows:
        return None
    url = f"{kept_address('ideas:list')}?partner={organization.slug}"
    return Noted(_("Cooperation ideas"), [_hit(row) for row in rows], url)


@asked
def _about(user: Any, key: int) -> Any:
    rows = Idea.objects.visible_to(user).filter(partner=key)
    is_open = Case(When(state=IdeaState.OPEN, then=0), default=1)
    return rows.only("uid", "title", "state").order_by(is_open, "-pk")


def grown(user: Any, model: Any) -> Q:
    """Whether an idea that the user sees became this row."""
    kind = {"content_type__app_label": model._meta.app_label, "content_type__model": model._meta.model_name}
    rows = Idea.objects.visible_to(user).filter(object_id=OuterRef("pk"), state=IdeaState.BECAME, **kind)
    return Q(Exists(rows.order_by()))


def grow_from(user: Any, params: Any, record: Any) -> None:
    """The open idea that the address named has become this record, if it is this user's to move."""
    if not (uid := params.get("idea")):
        return
    try:
        shown = access(Idea.objects.with_rows(), uid, user, rules.moves)
    except (Http404, ValidationError):  # an address that somebody changed: it names nothing here
        return
    actions.become(shown, actor=user, result=record)


INDICATORS = (
    _of_ideas(
        "noted",
        gettext_lazy("Cooperation ideas noted"),
        gettext_lazy("Cooperation ideas that came up in the year, whatever became of them."),
        when="said_on",
    ),
    _of_ideas(
        "became",
        gettext_lazy("Ideas that became something"),
        gettext_lazy(
            "Cooperation ideas that became an agreement, a programme, a need or an event in the year."
        ),
        where=Q(state=IdeaState.BECAME),
        when="state_since",
    ),
)

SOURCE = Source(
    key="ideas",
    indicators=INDICATORS,
    piles=piles,
    sought=sought,
    grew_from=grew_from,
    grown=grown,
    on_partner=on_partner,
    grow_from=grow_from,
    dated=dated,
    menu=(MenuItem(gettext_lazy("Cooperation ideas"), "ideas:list", rules.notes_ideas),),
)
