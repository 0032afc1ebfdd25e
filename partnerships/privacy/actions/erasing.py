"""Erasing somebody: asked for, called off, done. Rows that count stay; whom they are about has no name."""

import logging
from collections import Counter
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.conf import settings
from django.contrib.admin.models import LogEntry as AdminEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.accounts.models import User
from partnerships.common import mail
from partnerships.common.clock import moment_in_words, today
from partnerships.common.held import Block
from partnerships.common.jobs import JobFailed, Progress, job, start
from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.directory.actions import withdraw_affiliation
from partnerships.directory.models import Affiliation, Person
from partnerships.documents.actions import remove
from partnerships.documents.holding import files_to_erase
from partnerships.privacy import collect
from partnerships.privacy.enums import ErasureState
from partnerships.privacy.identity import GONE, Identity, identity_of
from partnerships.privacy.models import Erasure
from partnerships.privacy.sweeping import Ties, sweep
from partnerships.privacy.workflow import ERASURE
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import Change, record

log = logging.getLogger(__name__)

ERASE_JOB = "privacy.erase"
CUT_OFF = timedelta(minutes=10)  # no erasure of somebody without an account takes as long


def standing_against(person: Person) -> list[Block]:
    """What has to be settled before this person can be erased."""
    return collect.blocks(person)


@transaction.atomic
def ask_for_erasure(person: Person, *, actor: Any) -> Erasure:
    """Ask to be erased once ERASURE_DAYS are over; asked twice, the first stands.

    Raises Refused for anybody else, Blocked with the first of what stands against it.
    """
    who = as_actor(actor)
    if who.user is None or person.user_id != who.user.pk:
        raise Refused(_("Erasure is asked for by the person themselves."))
    Person.objects.select_for_update().get(pk=person.pk)
    if (open_one := Erasure.objects.filter(person=person, state=ErasureState.ASKED).first()) is not None:
        return open_one
    if found := standing_against(person):
        raise Blocked(Refusal(found[0].what, "blocked"), person)
    due = timezone.now() + timedelta(days=settings.ERASURE_DAYS)
    erasure = Erasure.objects.create(person=person, due=due)
    record(erasure, "ask", actor=who, to_state=ErasureState.ASKED)
    _tell(erasure)
    return erasure


def _tell(erasure: Erasure) -> None:
    """To the person, so that nobody is erased by whoever found their telephone."""
    user = erasure.person.user
    with translation.override(user.language):
        mail.post(
            "privacy.erasure",
            user.email,
            user.language,
            _("Your data will be erased: %(when)s") % {"when": moment_in_words(erasure.due)},
            _(
                "Somebody who was signed in as you has asked to have your data erased. If it was not you, or "
                "you have thought again, call it off before that moment.\n\n"
                "No letter follows when it is done."
            ),
            person=erasure.person,
            secret=False,
            button=_("Open my data"),
            link=f"{settings.BASE_URL.rstrip('/')}{reverse('my_data')}",
        )


def cancel_erasure(erasure: Erasure, *, actor: Any) -> Erasure:
    """Call it off, as long as nothing has been taken away. Raises as Workflow.apply does."""
    return ERASURE.apply(erasure, "cancel", actor=actor)


def erase_due() -> int:
    """Start the work for everybody whose days are over and against whom nothing stands; returns how many."""
    started = 0
    waiting = Erasure.objects.filter(state=ErasureState.ASKED, due__lte=timezone.now())
    for erasure in waiting.select_related("person__user").order_by("pk"):
        owner = erasure.person.user
        busy = Job.objects.filter(
            kind=ERASE_JOB, owner=owner, state__in=[JobState.QUEUED, JobState.RUNNING]
        ).exists()
        if owner is None or busy or standing_against(erasure.person):
            continue
        start(ERASE_JOB, owner, erasure=erasure.pk)
        started += 1
    return started


@job(ERASE_JOB, gettext_lazy("Erasure of personal data"))
def erase(work: Job, progress: Progress) -> dict[str, Any]:
    """Take everything away; begun again after a crash, it goes on, since the person is emptied last."""
    erasure = Erasure.objects.select_related("person__user").get(pk=work.arguments["erasure"])
    if erasure.state == ErasureState.ERASED:
        return erasure.counts
    refusal = next((o.refusal for o in ERASURE.available(erasure, SYSTEM) if o.name == "erase"), None)
    if erasure.state != ErasureState.ASKED or refusal is not None:
        raise JobFailed(str(refusal.reason) if refusal else _("It was called off."))
    counts = erase_person(erasure.person, progress)
    with transaction.atomic():
        ERASURE.apply(erasure, "erase", actor=SYSTEM, counts=counts)
    return counts


def begin_erasure(person: Person) -> None:
    """For somebody without an account, in the transaction that has locked them and found nothing against it:
    from this commit on nobody enters, nominates or lets in this person, so that nothing can come up while
    `erase_person` takes everything away. Cut off half way, it is gone on with by the clock.
    """
    person.erased_at = timezone.now()
    Person.objects.filter(pk=person.pk).update(erased_at=person.erased_at)


def finish_begun() -> int:
    """Go on with those whose erasure was begun and cut off; returns how many there were."""
    begun = Person.objects.filter(user=None, erased_at__lt=timezone.now() - CUT_OFF)
    found = list(begun.exclude(given_name="", family_name="").order_by("pk")[:100])
    for person in found:
        erase_person(person)
    return len(found)


def erase_person(person: Person, progress: Progress | None = None) -> dict[str, int]:
    """Make this person an anonymous record, and say in counts what was done.

    What stands against it is the caller's to ask. In short transactions: sign-in first, so that nothing is
    written meanwhile; then texts, files and rows; last the person, so that a second try still knows whom to
    look for. No letter is written: there is nobody left to write to.
    """
    if person.erased_at is not None and not person.given_name and not person.family_name:
        return {}
    who, counts = identity_of(person), Counter[str]()
    _close(person)
    ties = Ties(person)
    counts["history"] = _empty_history(ties)
    for step, cleaned in enumerate(sweep(person, who), 1):
        counts["texts"] += cleaned
        if progress is not None:
            progress(step, step + 1)
    counts["files"] = _remove_files(person)
    for kind in collect.held():
        removed, emptied = _forget(kind, person, who)
        counts["removed"] += removed
        counts["emptied"] += emptied
    _empty(person)
    return dict(counts)


def _close(person: Person) -> None:
    """Nobody signs in any more, and whoever has is out."""
    if person.user_id is None:
        return
    User.objects.filter(pk=person.user_id).update(is_active=False, is_staff=False, is_superuser=False)
    keys = UserSession.objects.filter(user=person.user_id).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()


def _empty_history(ties: Ties) -> int:
    """Notes, data and kept edits of the rows about the person: they say what only concerns them."""
    emptied = 0
    for type_id, keys in ties.kinds():
        changes = Change.objects.filter(content_type=type_id, object_id__in=keys)
        emptied += changes.update(note="", data={}, kept={})
        edits = LogEntry.objects.filter(content_type=type_id, object_pk__in=[str(key) for key in keys])
        emptied += edits.update(
            changes={}, changes_text="", object_repr=GONE, serialized_data=None, additional_data=None
        )
        entries = AdminEntry.objects.filter(content_type=type_id, object_id__in=[str(key) for key in keys])
        emptied += entries.update(object_repr=GONE, change_message="")
    return emptied


def _remove_files(person: Person) -> int:
    """From the disk too, unless a paper of somebody else still names the same bytes.

    What proves a thing that others keep (a reported number, what was done of a duty, a signature on paper)
    stays with it; `documents.files` takes its name.
    """
    removed = 0
    for document in files_to_erase(person):
        try:
            remove(document, actor=SYSTEM)
        except ProtectedError:
            continue
        removed += 1
    return removed


@transaction.atomic
def _forget(kind: Any, person: Person, who: Identity) -> tuple[int, int]:
    """What the app said of this kind: rows removed, rows emptied."""
    rows = kind.rows(person)
    if kind.erase is not None:
        return 0, kind.erase(person, who.cleaned)
    keys = list(rows.order_by().values_list("pk", flat=True)) if kind.delete or kind.blank else []
    if not keys:
        return 0, 0
    mine = rows.model._base_manager.filter(pk__in=keys)
    if kind.delete:
        return mine.delete()[0], 0
    return 0, mine.update(**kind.blank)


@transaction.atomic
def _empty(person: Person) -> None:
    """The person and the account, at last. update() keeps no edit, and the roles ended with yesterday: nobody
    without a name is to be chosen today. What begins today or later is over as well."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    if locked.user_id is not None:
        EmailAddress.objects.filter(user=locked.user_id).delete()
        User.objects.filter(pk=locked.user_id).update(
            email=f"erased-{locked.user_id}@erased.invalid", password=make_password(None), last_login=None
        )
    day = today()
    roles = Affiliation.objects.filter(Q(ends=None) | Q(ends__gte=day), person=locked)
    roles.filter(starts__lt=day).update(ends=day - timedelta(days=1))
    roles.filter(starts__gte=day).update(starts=day - timedelta(days=1), ends=day - timedelta(days=1))
    for role in Affiliation.objects.waiting().filter(person=locked):
        withdraw_affiliation(role, actor=SYSTEM)
    locked.skills.clear()
    Person.objects.filter(pk=locked.pk).update(
        given_name="",
        family_name="",
        patronymic="",
        email="",
        phone="",
        orcid="",
        fin="",
        folded="",
        sort_key="",
        failed_address="",
        failed_since=None,
        failed_answer="",
        erased_at=timezone.now(),
    )
    log.info("person %s is erased", locked.pk)
