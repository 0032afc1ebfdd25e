"""What ideas give the portal: next steps that are due, the search, the calendar, the menu."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from partnerships.common.clock import start_of_day, today
from partnerships.common.direction import Entry, Hit, MenuItem, Source, Todo
from partnerships.common.indicator import Benefit, Indicator
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.ideas import rules
from partnerships.ideas.enums import IdeaState
from partnerships.ideas.models import Idea

ONE_BY_ONE = 3
AHEAD = timedelta(days=3)


def todos(user: Any) -> list[Todo]:
    """Next steps of one's own that are due within three days or late, one by one while few."""
    person_id = access_of(user).person_id
    if person_id is None or not rules.notes_ideas(user):
        return []
    rows = (
        Idea.objects.open().filter(owner_id=person_id, next_on__lte=today() + AHEAD).order_by("next_on", "pk")
    )
    found = list(rows[: ONE_BY_ONE + 1])
    if len(found) > ONE_BY_ONE:
        count = rows.count()
        title = ngettext("%(n)s idea waits for its next step", "%(n)s ideas wait for their next step", count)
        url = f"{reverse('ideas:list')}?show=mine"
        return [Todo(title % {"n": count}, found[0].title, url, due=found[0].due, count=count)]
    return [Todo(row.next_step, row.title, row.get_absolute_url(), due=row.due) for row in found]


def search(user: Any, folded: str, limit: int) -> list[Hit]:
    if not user.is_authenticated:
        return []
    rows = Idea.objects.visible_to(user).filter(folded__contains=folded).order_by("-pk")[:limit]
    return [
        Hit(row.title, row.get_state_display(), row.get_absolute_url(), _("Cooperation ideas"))
        for row in rows
    ]


def calendar(user: Any, first: date, last: date) -> list[Entry]:
    """Days until which a next step of one's own is promised."""
    person_id = access_of(user).person_id
    if person_id is None or not rules.notes_ideas(user):
        return []
    rows = (
        Idea.objects.open().filter(owner_id=person_id, next_on__range=(first, last)).order_by("next_on", "pk")
    )
    return [
        Entry(
            f"idea-{row.uid}",
            row.next_step,
            start_of_day(row.next_on),
            place=row.title,
            url=row.get_absolute_url(),
            sequence=row.version,
        )
        for row in rows[:200]
    ]


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
    todos=todos,
    search=search,
    calendar=calendar,
    menu=(MenuItem(gettext_lazy("Cooperation ideas"), "ideas:list", rules.notes_ideas),),
)
