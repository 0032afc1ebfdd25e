"""Making, sending, renewing and revoking the link behind which a mentor acts without an account."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships import links, rules
from internships.actions.conducting import lock_placement
from internships.enums import (
    UNDERWAY_STATES,
    DiaryState,
    EvaluationKind,
    EvaluationState,
    PlacementState,
)
from internships.models import DiaryEntry, Evaluation, MentorLink, Placement
from partnerships.common import mail
from partnerships.common.clock import BAKU, day_in_words, today
from partnerships.common.refusals import Blocked, Refusal, Refused
from partnerships.directory.models import Person
from partnerships.notifications.models import Message
from partnerships.workflow.actors import SYSTEM, as_actor
from partnerships.workflow.models import record

KIND = "internships.remind_days"  # the line of the preferences page under which these letters go
EVALUATION_KIND = "internships.remind_evaluation"
# Before (negative: after) the last day: when the mentor is asked for the final evaluation.
EVALUATION_MOMENTS = (timedelta(days=3), -timedelta(days=1), -timedelta(days=4))
WRITES_AT = time(14, 0)  # on Fridays, in Baku


def _allowed(placement: Placement, actor: Any, may: Callable[[Any, Any], bool]) -> None:
    by = as_actor(actor)
    if by is not SYSTEM and not (by.kind == "user" and may(by.principal, placement)):
        raise Refused(_("Your role does not include this here."))


def _usable(placement: Placement) -> Person:
    """The mentor to whom a link can go. Raises Blocked with the reason when it cannot."""
    mentor = placement.mentor
    why = ""
    if mentor is None:
        why = _("Name a mentor first.")
    elif placement.state == PlacementState.CANCELLED or today() > links.closes_on(placement):
        why = _("The practice is over; the link no longer opens.")
    elif placement.state == PlacementState.ASSESSED:
        why = _("The university has given its mark: nothing is left to do behind the link.")
    elif mentor.erased_at is not None or not address_of(mentor):
        why = _("The mentor has no e-mail address in the portal.")
    elif not links.still_there(mentor, placement):
        why = _("The mentor no longer works at the company: name another one.")
    if why:
        raise Blocked(Refusal(why, code="no_link"), placement)
    return mentor


def address_of(person: Person) -> str:
    if person.user is None:
        return person.email
    return person.user.email if person.user.is_active else ""


@transaction.atomic
def mentor_link(placement: Placement, *, actor: Any) -> MentorLink:
    """The link that opens now; made if there is none. One is live at a time.

    Raises Refused for whoever may not, Blocked without a mentor or once the practice is over.
    """
    placement = lock_placement(placement)
    _allowed(placement, actor, rules.sends_mentor_link)
    _usable(placement)
    live = links.live_link(placement)
    company = rules.runs_placement(as_actor(actor).principal, placement)
    if live is None and not company and _revoked(placement):
        why = _("Human resources took the link back: ask them for a new one.")
        raise Blocked(Refusal(why, code="revoked"), placement)
    return live or _make(placement, actor, "link_made")


def _revoked(placement: Placement) -> bool:
    """Whether the mentor had a link here before: only human resources make a new one then."""
    return placement.mentor_links.filter(person_id=placement.mentor_id).exists()


def _make(placement: Placement, actor: Any, verb: str) -> MentorLink:
    _close(placement, actor)
    link = MentorLink.objects.create(
        placement=placement, person=placement.mentor, made_by=as_actor(actor).user
    )
    record(placement, verb, actor=actor, to_state=placement.state, data={"mentor": placement.mentor.name})
    return link


def _close(placement: Placement, actor: Any) -> int:
    return MentorLink.objects.filter(placement=placement, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=as_actor(actor).user
    )


@transaction.atomic
def send_mentor_link(placement: Placement, *, actor: Any) -> bool:
    """Mail the link to the mentor's known address; false when it was sent within the hour already."""
    link = mentor_link(placement, actor=actor)
    placement = link.placement
    waiting = placement.diary.filter(state=DiaryState.SUBMITTED).count()
    sent = _mail(link.person, [(link, waiting)], key=_hourly(link.uid.hex), urgent=True)
    if sent:
        record(placement, "link_sent", actor=actor, to_state=placement.state)
    return sent


@transaction.atomic
def renew_mentor_link(placement: Placement, *, actor: Any) -> MentorLink:
    """A new link in place of the old one, which no longer opens; mailed to the mentor."""
    placement = lock_placement(placement)
    _allowed(placement, actor, rules.runs_placement)
    _usable(placement)
    link = _make(placement, actor, "link_renewed")
    waiting = placement.diary.filter(state=DiaryState.SUBMITTED).count()
    _mail(link.person, [(link, waiting)], key=f"mentor-link:{link.uid.hex}", urgent=True)
    return link


@transaction.atomic
def revoke_mentor_link(placement: Placement, *, actor: Any) -> None:
    """No link of this placement opens any more, until a new one is made."""
    placement = lock_placement(placement)
    _allowed(placement, actor, rules.runs_placement)
    if _close(placement, actor):
        record(placement, "link_revoked", actor=actor, to_state=placement.state)


def resend_links(address: str) -> int:
    """For a mentor who lost the mail: their live links again, to the address that the portal knows.

    Nobody learns from the answer who is a mentor. What human resources revoked is not made anew here.
    """
    sent = 0
    address = address.strip()
    people = Person.objects.filter(erased_at=None, email__iexact=address) | Person.objects.filter(
        erased_at=None, user__email__iexact=address, user__is_active=True
    )
    rows = Placement.objects.filter(mentor__in=people.values("pk")).exclude(state=PlacementState.CANCELLED)
    by_mentor: dict[int, list[tuple[MentorLink, int]]] = defaultdict(list)
    for placement in rows.with_rows().order_by("-pk")[:20]:
        if (link := _link_to_resend(placement)) is not None:
            by_mentor[link.person_id].append((link, 0))
    for pairs in by_mentor.values():
        mentor = pairs[0][0].person
        sent += _mail(mentor, pairs, key=_hourly(f"again:{mentor.pk}"), urgent=True)
    return sent


def _link_to_resend(placement: Placement) -> MentorLink | None:
    if today() > links.closes_on(placement) or not links.still_there(placement.mentor, placement):
        return None
    link = links.live_link(placement)
    if link is not None or _revoked(placement):
        return link
    return mentor_link(placement, actor=SYSTEM)


# Every Friday -----------------------------------------------------------------------------------------
def last_friday(now: datetime | None = None) -> datetime:
    """The Friday afternoon in Baku that came last: the moment of the weekly letters."""
    local = (now or timezone.now()).astimezone(BAKU)
    day = local.date() - timedelta(days=(local.weekday() - 4) % 7)
    moment = datetime.combine(day, WRITES_AT, tzinfo=BAKU)
    return moment if moment <= local else moment - timedelta(days=7)


def waiting_since(moment: datetime) -> Any:
    """Days that a mentor had before them at that moment."""
    return DiaryEntry.objects.filter(
        state=DiaryState.SUBMITTED,
        submitted_at__lte=moment,
        placement__state__in=UNDERWAY_STATES,
        placement__mentor__erased_at=None,
    )


def send_weekly_links() -> int:
    """Each mentor without an account gets one letter on Friday, with the link to each intern whose days wait.

    Once a week by its key, whenever the clock comes to it; mentors with an account are reminded instead
    (letters/diary.py).
    """
    friday = last_friday()
    rows = waiting_since(friday).filter(placement__mentor__user=None).exclude(placement__mentor__email="")
    counts: dict[int, int] = defaultdict(int)
    for key in rows.values_list("placement_id", flat=True):
        counts[key] += 1
    placements: dict[int, list[Placement]] = defaultdict(list)
    for placement in Placement.objects.filter(pk__in=counts).with_rows().order_by("pk"):
        placements[placement.mentor_id].append(placement)
    keys = {f"post:{_week_key(mentor_id, friday)}": mentor_id for mentor_id in placements}
    written = set(Message.objects.filter(key__in=keys).values_list("key", flat=True))
    waiting = [mentor_id for key, mentor_id in keys.items() if key not in written]
    return sum(_send_week(placements[mentor_id], counts, friday) for mentor_id in waiting)


def _hourly(name: str) -> str:
    return f"mentor-link:{name}:{timezone.now():%Y%m%d%H}"


def _week_key(mentor_id: int, friday: datetime) -> str:
    return f"mentor-link:{mentor_id}:{friday:%Y%m%d}"


def _send_week(mine: Sequence[Placement], counts: dict[int, int], friday: datetime) -> int:
    pairs = [
        (link, counts[placement.pk]) for placement in mine if (link := _link_to_resend(placement)) is not None
    ]
    if not pairs:
        return 0
    mentor = mine[0].mentor
    return int(_mail(mentor, pairs, key=_week_key(mentor.pk, friday), urgent=False))


# When the final evaluation is due -----------------------------------------------------------------------
def send_evaluation_links() -> int:
    """Each mentor without an account is asked for the final evaluation by the link itself, at the moments at
    which those with an account are reminded (letters/finishing.py). A letter for each moment that has come,
    by its key; of several missed ones the latest alone."""
    day, now = today(), timezone.now()
    given = Evaluation.objects.filter(
        placement=OuterRef("pk"), kind=EvaluationKind.MENTOR_FINAL, state=EvaluationState.SUBMITTED
    )
    rows = Placement.objects.filter(
        ~Exists(given),
        state__in=[PlacementState.ACTIVE, PlacementState.FINISHED],
        mentor__user=None,
        mentor__erased_at=None,
        ends__gte=day - timedelta(days=120),
        ends__lte=day + timedelta(days=10),
    )
    keys = {}
    for placement in rows.exclude(mentor=None).exclude(mentor__email="").with_rows().order_by("pk"):
        come = [n for n, offset in enumerate(EVALUATION_MOMENTS) if placement.over_at - offset <= now]
        if come:
            keys[f"mentor-evaluation:{placement.pk}:{placement.ends:%Y%m%d}:{come[-1]}"] = placement
    written = set(
        Message.objects.filter(key__in=[f"post:{key}" for key in keys]).values_list("key", flat=True)
    )
    return sum(_ask_evaluation(row, key) for key, row in keys.items() if f"post:{key}" not in written)


def _ask_evaluation(placement: Placement, key: str) -> bool:
    link = _link_to_resend(placement)
    if link is None:
        return False
    with translation.override(link.person.language):
        subject = _("Evaluate the student: %(person)s") % {"person": placement.person.name}
        last = {"last": day_in_words(placement.ends)}
        first = (
            _("Last day: %(last)s. The final evaluation takes two minutes; the university waits for it.")
            % last
        )
    return _mail(
        link.person, [(link, 0)], key=key, urgent=False, kind=EVALUATION_KIND, subject=subject, first=first
    )


def _mail(
    mentor: Person,
    pairs: Sequence[tuple[MentorLink, int]],
    *,
    key: str,
    urgent: bool,
    kind: str = KIND,
    subject: str = "",
    first: str = "",
) -> bool:
    """One letter with one button; further interns as addresses. Its words are forgotten once it is sent.

    subject, first  what it asks, in the mentor's language; by default that days wait, or whose page it is
    """
    with translation.override(mentor.language):
        days = sum(waiting for _link, waiting in pairs)
        name = pairs[0][0].placement.person.name
        if subject:
            pass
        elif days:
            subject = ngettext(
                "%(count)s day of practice waits for your confirmation",
                "%(count)s days of practice wait for your confirmation",
                days,
            ) % {"count": days}
        else:
            subject = _("Your page for the practice: %(student)s") % {"student": name}
        body = [
            first or _("Student: %(student)s.") % {"student": name},
            _(
                "You confirm days, note absences and evaluate the student on one page. No account is needed; "
                "the address is yours alone, do not pass it on."
            ),
        ]
        body += [f"{link.placement.person.name}: {links.address_of(link)}" for link, _n in pairs[1:]]
        return bool(
            mail.post(
                kind,
                address_of(mentor),
                mentor.language,
                subject,
                "\n\n".join(body),
                person=mentor,
                urgent=urgent,
                key=key,
                button=_("Open the page"),
                link=links.address_of(pairs[0][0]),
            )
        )
