"""Who is told what about belonging somewhere."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import add_working_days, day_in_words, today
from partnerships.common.letters import Letter, News, told_as
from partnerships.directory import reports
from partnerships.directory.models import Affiliation, Deputyship, Person

AFFILIATION = "directory.Affiliation"


@told_as(_("as somebody who confirms people"))
def keepers(change: Any, affiliation: Affiliation) -> Iterable[Person]:
    return reports.keepers_of(affiliation)


@told_as(_("as the person concerned"))
def themselves(change: Any, affiliation: Affiliation) -> Iterable[Person]:
    return Person.objects.filter(pk=affiliation.person_id).select_related("user")


def words(change: Any, affiliation: Affiliation) -> dict[str, Any]:
    return {
        "person": affiliation.person.name,
        "role": affiliation.get_role_display(),
        "organization": affiliation.organization.display_name,
        "note": change.note if change else "",
    }


def person_page(affiliation: Affiliation) -> str:
    return reverse("person_detail", args=[affiliation.person.uid])


def profile_page(affiliation: Affiliation) -> str:
    return reverse("profile")


def _to_person(kind: str, verbs: tuple[str, ...], subject: Any, body: Any, label: Any) -> Letter:
    return Letter(
        kind=f"directory.{kind}",
        model=AFFILIATION,
        verbs=verbs,
        audience=themselves,
        context=words,
        subject=subject,
        body=body,
        label=label,
        url=profile_page,
        action=_("Open the profile"),
        own=True,
    )


@told_as(_("as the deputy"))
def the_deputy(change: Any, row: Deputyship) -> Iterable[Person]:
    return Person.objects.filter(pk=row.deputy_id).select_related("user")


@told_as(_("as the deputy"))
def the_deputy_at_once(change: Any, row: Deputyship) -> Iterable[Person]:
    """Where the days begin before the next working day: in its morning the letter would come too late."""
    return the_deputy(change, row) if row.starts < add_working_days(today(), 1) else []


@told_as(_("as the one who is away"))
def the_holder(change: Any, row: Deputyship) -> Iterable[Person]:
    return Person.objects.filter(pk=row.holder_id).select_related("user")


def deputy_words(change: Any, row: Deputyship) -> dict[str, Any]:
    return {
        "holder": row.holder.name,
        "deputy": row.deputy.name,
        "role": row.affiliation.get_role_display(),
        "organization": row.affiliation.organization.display_name,
        "first": day_in_words(row.starts, year=True),
        "last": day_in_words(row.ends, year=True),
        "reason": row.reason,
        "note": change.note if change else "",
    }


NAMED = Letter(
    kind="directory.deputy",
    model="directory.Deputyship",
    verbs=("name",),
    audience=the_deputy,
    context=deputy_words,
    subject=_("You stand in for somebody: %(holder)s"),
    body=_(
        "Role: %(role)s. Organisation or unit: %(organization)s.\n\nFirst day: %(first)s. Last day: "
        "%(last)s. Reason: %(reason)s.\n\nIn these days what waits for this role stands in your list "
        "too, and its letters come to you. If you cannot, decline."
    ),
    label=_("I am named as a deputy"),
    action=_("Show deputies"),
    own=True,
)

LETTERS = [
    Letter(
        kind="directory.requested",
        model=AFFILIATION,
        verbs=("request",),
        audience=keepers,
        context=words,
        subject=_("Confirm: %(person)s"),
        body=_(
            "%(person)s asks to be confirmed. Role: %(role)s. Organisation or unit: %(organization)s.\n\n"
            "%(note)s"
        ),
        label=_("Somebody asks to be confirmed"),
        url=person_page,
        action=_("Decide"),
        move=True,
    ),
    Letter(
        kind="directory.correction",
        model=AFFILIATION,
        verbs=("ask_change",),
        audience=keepers,
        context=words,
        subject=_("Asks for a correction: %(person)s"),
        body=_("%(person)s asks you to correct what you confirmed:\n\n%(note)s"),
        label=_("A student asks for a correction"),
        url=person_page,
        action=_("Open the person"),
        move=True,
    ),
    _to_person(
        "confirmed",
        ("confirm", "match"),
        _("You are confirmed: %(organization)s"),
        _("Your affiliation is confirmed. Role: %(role)s. Organisation or unit: %(organization)s."),
        _("Your affiliation is confirmed"),
    ),
    _to_person(
        "refused",
        ("refuse", "revoke"),
        _("You are not confirmed: %(organization)s"),
        _("Your affiliation was not confirmed. Organisation or unit: %(organization)s.\n\nReason: %(note)s"),
        _("Your affiliation is refused or taken back"),
    ),
    _to_person(
        "ended",
        ("end",),
        _("Your role has ended: %(organization)s"),
        _(
            "Your role has been given its last day. Role: %(role)s. Organisation or unit: %(organization)s."
            "\n\n%(note)s"
        ),
        _("Your role has ended"),
    ),
    replace(
        NAMED,
        kind="directory.deputy_at_once",
        audience=the_deputy_at_once,
        label=_("I am named as a deputy at short notice"),
        urgent=True,
        move=False,
    ),
    NAMED,
    Letter(
        kind="directory.deputy_ended",
        model="directory.Deputyship",
        verbs=("revoke",),
        audience=the_deputy,
        context=deputy_words,
        subject=_("You no longer stand in: %(holder)s"),
        body=_("Role: %(role)s. Organisation or unit: %(organization)s."),
        label=_("I no longer stand in for somebody"),
        action=_("Show deputies"),
        own=True,
    ),
    Letter(
        kind="directory.deputy_declined",
        model="directory.Deputyship",
        verbs=("decline",),
        audience=the_holder,
        context=deputy_words,
        subject=_("Cannot stand in for you: %(deputy)s"),
        body=_("%(note)s\n\nName somebody else for these days: %(first)s – %(last)s."),
        label=_("My deputy declines"),
        action=_("Name a deputy"),
        move=True,
        own=True,
    ),
]

# To those who follow it: by a request to join, with its first agreement, or entered by hand.
NEWS = [
    News(
        "directory.Organization",
        ("become_partner",),
        "directory.Organization",
        lambda _change, organization: [organization],
        _("A partner from now on"),
    )
]
