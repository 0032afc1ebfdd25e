"""Who is told of ideas: who is to look after one, and whose next step is due."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import day_in_words
from partnerships.common.letters import Letter, News, ReminderRule, told_as
from partnerships.directory.models import Organization, Person
from partnerships.directory.reports import people_at
from partnerships.ideas.actions import colleagues
from partnerships.ideas.enums import OVERSEERS
from partnerships.ideas.models import Idea

MODEL = "ideas.Idea"
DAY = timedelta(days=1)


def words(change: Any, idea: Idea) -> dict[str, Any]:
    until = {"until": day_in_words(idea.next_on)}
    return {
        "due": (_t("It was due on %(until)s.") if idea.is_late else _t("Due: %(until)s.")) % until,
        "facts": " ".join(_facts(idea)),
        "title": idea.title,
        "step": idea.next_step.rstrip(" ."),
        "until": day_in_words(idea.next_on),
        "owner": idea.owner.name,
    }


def _facts(idea: Idea) -> list[str]:
    found = [_t("Partner: %(name)s.") % {"name": idea.partner.display_name}] if idea.partner else []
    return [*found, _t("Noted by: %(name)s.") % {"name": idea.noted_by.name}]


@told_as(_("as the owner of the idea"))
def owner(change: Any, idea: Idea) -> Iterable[Person]:
    return [idea.owner]


def partner(_change: Any, idea: Idea) -> list[Organization]:
    return [idea.partner] if idea.partner is not None else []


def late(idea: Idea, offset: timedelta) -> Iterable[Person]:
    """The owner; a week after the day, and at once where the owner has left, whoever runs the partnership
    there, too."""
    found = [idea.owner]
    if offset <= -7 * DAY or not colleagues(idea.home).filter(pk=idea.owner_id).exists():
        found += [person for person in people_at(idea.home, *OVERSEERS) if person != idea.owner]
    return found


LETTERS = [
    Letter(
        kind="ideas.yours",
        model=MODEL,
        verbs=("note", "step", "reopen"),
        audience=owner,
        context=words,
        subject=_("An idea is yours to look after: %(title)s"),
        body=_("Next step: %(step)s. %(due)s\n\n%(facts)s"),
        label=_("Somebody gives me a cooperation idea to look after"),
        action=_("Open the idea"),
        move=True,
    )
]

# To those who follow the partner, as far as they may see the idea.
NEWS = [
    News(MODEL, ("note",), "directory.Organization", partner, _("A cooperation idea")),
    News(
        MODEL, ("become",), "directory.Organization", partner, _("Something has come of a cooperation idea")
    ),
]

REMINDERS = [
    ReminderRule(
        kind="ideas.remind_step",
        model=MODEL,
        due="next_on",
        rows=lambda: Idea.objects.open().with_rows(),
        offsets=(timedelta(0), -3 * DAY, -7 * DAY),
        audience=late,
        context=lambda idea: words(None, idea),
        subject=_("Next step by %(until)s: %(title)s"),
        body=_("Next step: %(step)s. %(due)s Looked after by: %(owner)s."),
        label=_("Reminder: the next step of a cooperation idea"),
        action=_("Open the idea"),
    )
]
