"""Who sees which applications, and what rows bring along: the query set of applications."""

import re
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from internships.enums import OPEN_STATES, ApplicationState, InterviewState
from internships.models.kept_apart import kept_apart, kept_from_holders, not_of
from internships.models.programmes import Programme, Vacancy
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models import Agreement, Party
from partnerships.calls.models import Step
from partnerships.calls.models.codes import let_in_until
from partnerships.common.among import Among
from partnerships.common.clock import today
from partnerships.common.compiled import compiled
from partnerships.common.text import fold
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Person

SERIAL = re.compile(r"\d{5}")
WHOLE = re.compile(r"[A-Za-z]{3}-\d{4}-\d{5,}")
FEW_PEOPLE = 2000  # people whose applications are looked up one by one


def _model(name: str) -> Any:
    """Models that stand above this one."""
    return apps.get_model("internships", name)


ENDLESS = "9999"  # the last day of what has none, as text: after all others
# Whom a verb concerns, and the place that is offered.
PARTIES = (
    "person",
    "unit",
    "university",
    "affiliation",
    "programme__host",
    "programme__call",
    "offered_vacancy__position__unit",
    "offered_vacancy__period",
    "offered_vacancy__pool",
)


class ApplicationQuerySet(models.QuerySet[Any]):
    def visible_to(
        self,
        user: Any,
        *,
        own: bool = True,
        many: bool = False,
        surely: Q | None = None,
        programme: Any = None,
    ) -> "ApplicationQuerySet":
        """One's own; the university's once sent; the company's once endorsed; the mentor's once accepted.

        Supervisors, mentors and interviewers see theirs as long as they are at that university or company.
        `own=False`: other people's alone, for lists of work. `many`: the same rows, of a reader who sees
        thousands and looks at the newest: rows are gone through until there are enough, not all collected.
        `surely`: of the rows that are left by what else is asked, those that meet it are seen anyway, by one
        reason; it is looked at first, and no other reason is looked up for them. The rows stay the same.
        `programme`: those of one round, by its key; whose it is, is looked up once, and not for each row.

        Written for a million rows: nothing is joined before a row is told apart, what few see is looked up by
        keys, and whoever sees much by one role alone has a plain condition that an index serves.
        """
        access = access_of(user)
        here = self if programme is None else self.filter(programme_id=programme)
        if access.administers:
            return here
        if access.person_id is None:
            return self.none()
        kinds = own, many, programme
        seen = access.once(("applications", *kinds), lambda: _seen(access, *kinds))
        if seen is None:
            return self.none()
        return here.filter(seen if surely is None else surely | seen)

    def reasons(self, user: Any) -> "list[ApplicationQuerySet]":
        """`visible_to(own=False)`, each reason for which this person sees rows by itself: an index finds the
        rows of one, and none those of any. Together they are the same rows, some of them more than once."""
        access = access_of(user)
        if access.administers:
            return [self]
        if access.person_id is None:
            return []
        return [self.filter(one) for one in (*_seen_as_staff(access), *_seen_by_name(access))]

    @staticmethod
    def only_university(user: Any) -> int | None:
        """The key of the one university of which this person sees other people's applications, where they see
        those of no other house and none for another reason."""
        access = access_of(user)
        roots, roles = access.roots(Role.COORDINATOR), {scope.role for scope in access.scopes}
        plain = not access.administers and not access.operates and roles <= _PLAIN
        return next(iter(roots)) if plain and len(roots) == 1 else None

    def answering(self, typed: str, few: bool | None = None) -> "ApplicationQuerySet":
        """Those whose candidate or number answers to what was typed.

        Names are looked up among the people, by trigrams, and the number only where there is a digit: asked
        as one OR over both tables, every application would be read. A whole serial is rare enough to be
        looked up as well; "2026" stands in every number, and is compared row by row. A whole number is that
        one's alone. `few`: what `named_few` has said of these words, where it was asked before.
        """
        if WHOLE.fullmatch(typed.strip()):
            return self.filter(number=typed.strip().upper())
        people, number = called(typed), typed.strip()
        few = named_few(typed) if few is None else few
        theirs = Q(Among("person_id", people)) if few else Q(person_id__in=people)
        if not any(letter.isdecimal() for letter in number):
            return self.filter(theirs)
        if not SERIAL.search(number):
            return self.filter(theirs | Q(number__icontains=number))
        every = self.model._default_manager.order_by().values("pk")
        return self.filter(pk__in=every.filter(theirs).union(every.filter(number__icontains=number)))

    def met_by(self, user: Any) -> "ApplicationQuerySet":
        """Less those that a conflict of interest keeps from this person: what the company's side counts."""
        access = access_of(user)
        return self if access.administers else self.filter(~kept_apart(access))

    def in_motion(self) -> "ApplicationQuerySet":
        return self.filter(state__in=OPEN_STATES - {ApplicationState.DRAFT})

    def to_endorse(self) -> "ApplicationQuerySet":
        return self.filter(state=ApplicationState.SUBMITTED)

    def to_decide(self) -> "ApplicationQuerySet":
        return self.filter(state=ApplicationState.IN_REVIEW)

    def offers_over(self) -> "ApplicationQuerySet":
        return self.filter(state=ApplicationState.OFFERED, offer_expires__lt=timezone.now())

    def with_late(self) -> "ApplicationQuerySet":
        """With the end of the access code that lets a draft be sent late: for lists that say by when."""
        return self.annotate(late_until=let_in_until(self.model, Step.APPLY))

    def with_parties(self) -> "ApplicationQuerySet":
        """With those whom a verb concerns and the place that is offered, in one query: enough for a verb that
        looks at no choices. What it reads beyond that, it asks for."""
        return self.with_framework().select_related(*PARTIES)

    def with_framework(self) -> "ApplicationQuerySet":
        """With whether a framework agreement holds now, where a place needs one."""
        return self.framework_now() if settings.PLACEMENT_NEEDS_FRAMEWORK else self

    def framework_now(self) -> "ApplicationQuerySet":
        """The same wherever somebody has looked at the setting."""
        return self.annotate(framework_in_force=Exists(_frameworks_now()))

    def with_frameworks(self, states: Iterable[str]) -> "ApplicationQuerySet":
        """With the last day of the framework agreements of those in these states, as ISO text and `ENDLESS`
        where one has no end: what `with_framework` says, asked without a clock and without a setting, for
        prepared queries."""
        until = Coalesce(Cast("ends", CharField()), Value(ENDLESS))
        found = _frameworks().annotate(until=until).order_by("-until").values("until")[:1]
        last = When(state__in=sorted(states), then=models.Subquery(found))
        return self.annotate(framework_until=Case(last, output_field=CharField()))

    def with_choices(self) -> "ApplicationQuerySet":
        """With the chosen places, their rules and seats as well: what an offer is decided by."""
        choices = _model("Choice").objects.select_related(
            "vacancy__position__unit", "vacancy__pool", "vacancy__period"
        )
        return (
            self.with_parties()
            .select_related("affiliation__study__specialty")
            .prefetch_related(
                "programme__call__deadlines",
                Prefetch("choices", choices),
                "choices__vacancy__pool__quotas",
                "choices__vacancy__position__specialties",
            )
        )

    def with_rows(self) -> "ApplicationQuerySet":
        """With all that a list row, its buttons and its predicates look at: nothing more is asked per row."""
        return self.with_choices().prefetch_related("interviews", "documents")


def called(typed: str) -> Any:
    """The keys of those who answer to this name."""
    return Person.objects.filter(folded__contains=fold(typed)).order_by().values_list("pk", flat=True)


def named_few(typed: str) -> bool:
    """Whether so few people have this name that applications are found by them."""
    return len(called(typed)[: FEW_PEOPLE + 1]) <= FEW_PEOPLE


# Nobody is asked to hold a talk at a company for these.
_AT_UNIVERSITIES = {Role.STUDENT, Role.COORDINATOR, Role.SUPERVISOR, Role.LECTURER}
# Roles that show other people's applications as a coordinator's work alone.
_PLAIN = {Role.STUDENT, Role.COORDINATOR, Role.LECTURER}


def _of_hosts(nodes: Any, many: bool, programme: Any) -> Any:
    """Applications to the programmes of these organisations; of one programme, whether it is theirs."""
    hosted = Programme.objects.filter(host__in=nodes).order_by()
    if programme is not None:
        return Exists(hosted.filter(pk=programme))  # hangs on no row: PostgreSQL asks it once
    keys = compiled(hosted.values("pk"))
    # As a list of keys it is not turned into a join, of which PostgreSQL cannot know how much it finds.
    return Q(Among("programme_id", keys)) if many and keys else Q(programme__in=keys)


def _seen(access: Any, own: bool, many: bool, programme: Any) -> Q | None:
    """All that somebody sees, by their roles and by name; None for nothing."""
    rows, keys = _seen_as_staff(access, many, programme), _seen_by_name(access)
    if own:
        rows.append(Q(person_id=access.person_id))
    if keys:
        every = [_model("Application").objects.filter(one).order_by().values("pk") for one in keys]
        rows.append(Q(pk__in=compiled(every[0].union(*every[1:]) if len(every) > 1 else every[0])))
    return reduce(or_, rows) if rows else None


def _seen_as_staff(access: Any, many: bool = False, programme: Any = None) -> list[Q]:
    """What coordinators, human resources, supervisors and the operator see: conditions on the row itself."""
    rows = []
    if access.has(Role.COORDINATOR):
        units = compiled(access.nodes(Role.COORDINATOR))
        inside = Q(Among("unit_id", units)) if many and units else Q(unit__in=units)
        theirs = Q(university_id__in=access.roots(Role.COORDINATOR))
        rows.append(Q(submitted_at__isnull=False) & theirs & inside)
    if access.has(Role.HR):
        theirs = _of_hosts(access.nodes(Role.HR), many, programme)
        rows.append(Q(reached_company_at__isnull=False) & theirs & ~kept_apart(access))
    if access.has(Role.SUPERVISOR):
        led = access.assigned("supervisor_id", "university_id", Role.SUPERVISOR)
        rows.append(led & Q(submitted_at__isnull=False))
    if access.operates:
        orphan = Q(submitted_at__isnull=False) & ~Q(university_id__in=access.kept_universities)
        rows.append(orphan & Q(university__isnull=False))
    return rows


def _seen_by_name(access: Any) -> list[Q]:
    """What somebody sees because of a place, a candidate or a talk of theirs: few rows, by their keys."""
    rows = []
    for holder, hand in access.hands(Role.UNIT_HEAD):
        chosen = _model("Choice").objects.filter(vacancy__position__unit__in=hand.nodes(Role.UNIT_HEAD))
        keys = chosen.order_by().values("application_id")
        theirs = Q(pk__in=keys, reached_company_at__isnull=False) & not_of(holder)
        rows.append(theirs & ~kept_apart(access))
    if access.has(Role.MENTOR):
        mine = access.assigned("position__mentors", "position__programme__host__root_id", Role.MENTOR)
        places = Vacancy.objects.filter(mine).order_by().values("pk")
        rows.append(Q(state=ApplicationState.ACCEPTED, offered_vacancy__in=places))
    companies = {scope.root_id for scope in access.scopes if scope.role not in _AT_UNIVERSITIES}
    # Whoever is human resources of the whole company sees these already.
    if companies and not access.holds_whole(companies, Role.HR):
        talks = access.assigned("interviewer_id", "programme__host__root_id") & ~kept_from_holders(access)
        asked = _model("Interview").objects.filter(talks)
        talked = asked.exclude(state=InterviewState.CANCELLED).order_by().values("application_id")
        rows.append(Q(pk__in=talked) & ~kept_apart(access))
    return rows


def _frameworks_now() -> Any:
    """Framework agreements of the university and the company of the outer query that hold now or are signed
    for later. Whether one holds on the first day of a place is asked when that is offered."""
    return _frameworks().filter(Q(ends=None) | Q(ends__gte=today()))


def _frameworks() -> Any:
    """Those of any day."""

    def party(of: str) -> Exists:
        named = Party.objects.filter(agreement=OuterRef("pk"), organization=OuterRef(OuterRef(of)))
        return Exists(named)

    return (
        Agreement.objects.frameworks()
        .filter(state=AgreementState.IN_FORCE)
        .filter(party("university"), party("programme__host__root"))
    )
