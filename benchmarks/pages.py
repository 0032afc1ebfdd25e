"""What is measured: who asks for which page, and how many times the floor and queries it may cost."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.urls import reverse

from benchmarks.world import World
from internships import worklists
from internships.enums import ApplicationState as A
from internships.enums import ProgrammeState
from internships.models import Application, Placement, Programme, Vacancy
from internships.reviews import KEY
from partnerships.agreements.models import Agreement
from partnerships.bookings.models import Booking
from partnerships.certificates.models import Certificate
from partnerships.common.paging import _encode as encoded
from partnerships.ideas.models import Idea
from partnerships.indicators.models import ReportedValue
from partnerships.joining.models import JoinRequest
from partnerships.reviews.enums import Phase, ReviewState
from partnerships.reviews.models import Review, ReviewRound
from partnerships.seats.models import Waiting

HIRED = "internships.hired"
LIST, DETAIL, HOME, WRITE = (2.0, 12), (2.0, 15), (2.5, None), (3.0, None)


@dataclass
class Page:
    """`next` gives the address of each asking; with `data` a form is sent and answered by a redirect."""

    name: str
    who: str
    next: Callable[[], str]
    bound: tuple[float, int | None]
    data: dict[str, Any] | None = None
    undo: Callable[[], None] | None = None


def pages(world: World) -> list[Page]:
    return [
        *_lists(world),
        *_details(world),
        *_homes(),
        *_searches(),
        *_bookings(),
        *_commission(),
        *_kept_apart(),
        *_beside(),
        *_writes(world),
    ]


def at(path: str) -> Callable[[], str]:
    return lambda: path


def of(rows: Any) -> Callable[[], str]:
    """The page of the newest of these rows, looked up once."""
    return cache(lambda: rows.latest("pk").get_absolute_url())


def _lists(world: World) -> Iterator[Page]:
    path = reverse("internships:worklist")
    deep = _deep(world.cast.user("hr"))
    for name, who, query in (
        ("list, company, a round", "hr", ""),
        ("list, company, all rounds", "hr", "?programme=all"),
        ("list, company, deep page", "hr", f"?programme=all&{deep}"),
        ("list, company, one state", "hr", f"?state={A.IN_REVIEW}"),
        ("list, company, searched", "hr", "?q=memmedov"),
        ("list, company, all, searched", "hr", "?programme=all&q=memmedov"),
        ("list, company, all, rare name", "hr", "?programme=all&q=nigar+iskenderov"),
        ("list, university", "coordinator", ""),
        ("list, university, all, searched", "coordinator", "?programme=all&q=quliyev"),
        ("list, mentor", "mentor", "?programme=all"),
        ("list, supervisor", "supervisor", "?programme=all"),
        ("list, administrator, all", "admin", "?programme=all"),
        ("list, administrator, all, searched", "admin", "?programme=all&q=quliyev"),
    ):
        yield Page(name, who, at(path + query), LIST)
    for who in ("hr", "coordinator"):
        yield Page(f"practices, {who}", who, at(reverse("internships:placements")), LIST)
    yield Page("own applications, student", "one", at(reverse("internships:mine")), LIST)
    yield Page("notifications, student", "one", at(reverse("inbox")), LIST)
    yield Page("students, university", "coordinator", at(reverse("internships:students")), LIST)
    yield Page("students of a year, company", "hr", at(reverse("internships:year_students")), LIST)
    yield Page("people, university", "coordinator", at(reverse("people")), LIST)
    yield Page("people, administrator", "admin", at(reverse("people")), LIST)
    yield Page("partners, visitor", "", at(reverse("partners")), LIST)
    yield Page("places, visitor", "", at(reverse("internships:index")), LIST)
    for name, who, address in (
        ("agreements, partnerships", "partnerships", "agreements:list"),
        ("agreements, university", "coordinator", "agreements:list"),
        ("ideas, company", "partnerships", "ideas:list"),
        ("requests to join, administrator", "admin", "joining:requests"),
        ("certificates, company", "hr", "certificates"),
        ("notifications, hr", "hr", "inbox"),
        ("interviews, a day", "hr", "internships:interviews"),
        ("reported values, company", "partnerships", "indicators:values"),
    ):
        yield Page(name, who, at(reverse(address)), LIST)
    yield Page("API, applications, company", "hr", at("/api/v1/applications/"), LIST)


def _deep(user: Any) -> str:
    """A cursor from the middle of the list of all rounds, as its links have it."""
    rows = worklists.working_rows(user)
    key = rows.order_by("-pk").values_list("pk", flat=True)[rows.count() // 2]
    return f"after={encoded([key])}"


def _details(world: World) -> Iterator[Page]:
    rows = Application.objects.filter(university=world.cast.aztu, pk__gt=world.first)
    one = rows.filter(state=A.REFUSED).latest("pk")
    for who in ("hr", "coordinator", "admin"):
        yield Page(f"detail with history, {who}", who, at(one.get_absolute_url()), DETAIL)
    own = Application.objects.filter(person__user=world.student).exclude(state=A.DRAFT).latest("pk")
    yield Page("detail with history, student", "one", at(own.get_absolute_url()), DETAIL)
    yield Page("decision desk, company", "hr", at(reverse("internships:decide")), DETAIL)
    placement = Placement.objects.filter(university=world.cast.aztu).latest("pk")
    yield Page("practice, company", "hr", at(placement.get_absolute_url()), DETAIL)
    yield Page("practice, coordinator", "coordinator", at(placement.get_absolute_url()), DETAIL)
    yield from _other_details(world)


def _other_details(world: World) -> Iterator[Page]:
    cast = world.cast
    agreement = Agreement.objects.filter(parties__organization=cast.aztu).latest("pk")
    for who in ("partnerships", "coordinator"):
        yield Page(f"agreement, {who}", who, at(agreement.get_absolute_url()), DETAIL)
    for who in ("partnerships", "coordinator", ""):
        yield Page(f"partner, {who or 'visitor'}", who, at(cast.aztu.get_absolute_url()), DETAIL)
    programme = Programme.objects.filter(host=cast.azerisiq, state=ProgrammeState.PUBLISHED).latest("pk")
    place = Vacancy.objects.filter(position__programme=programme).latest("pk")
    for who in ("hr", "one", ""):
        name = {"one": "student", "": "visitor"}.get(who, who)
        yield Page(f"programme, {name}", who, at(programme.get_absolute_url()), DETAIL)
        yield Page(f"place, {name}", who, at(place.get_absolute_url()), DETAIL)
    yield Page(
        "programme kept, hr", "hr", at(reverse("internships:manage_programme", args=[programme.slug])), DETAIL
    )
    for who in ("coordinator", "admin"):
        yield Page(
            f"person, {who}", who, at(reverse("person_detail", args=[world.student.person.uid])), DETAIL
        )
    booking = Booking.objects.latest("pk")
    yield Page("booking, admin", "admin", at(booking.get_absolute_url()), DETAIL)


def _homes() -> Iterator[Page]:
    people = ("hr", "coordinator", "one", "mentor", "supervisor", "rector", "partnerships", "admin")
    for who in people:
        yield Page(f"home, {'student' if who == 'one' else who}", who, at(reverse("home")), HOME)
    for name, who in (
        ("company", "hr"),
        ("university", "coordinator"),
        ("leadership", "rector"),
        ("administrator", "admin"),
    ):
        yield Page(f"indicators of a year, {name}", who, at(reverse("internships:numbers")), HOME)
    for name, who in (("all partners", "partnerships"), ("leadership", "rector")):
        yield Page(f"indicators, {name}", who, at(reverse("indicators:overview")), HOME)
        yield Page(f"one indicator, {name}", who, at(reverse("indicators:one", args=[HIRED])), HOME)
        yield Page(f"yearly report, {name}", who, at(reverse("indicators:pdf")), HOME)
    yield Page("calendar, company", "hr", at(reverse("calendar")), HOME)


def _searches() -> Iterator[Page]:
    path = reverse("search")
    number = Application.objects.exclude(number=None).latest("pk").number
    for name, who, words in (
        ("search, company, a name", "hr", "memmedov"),
        ("search, company, full name", "hr", "nigar iskenderov"),
        ("search, company, three letters", "hr", "ali"),
        ("search, company, a number", "hr", number),
        ("search, university", "coordinator", "quliyev"),
        ("search, student", "one", "quliyev"),
        ("search, administrator", "admin", "quliyev"),
        ("search, administrator, nothing", "admin", "qwxzqwxz"),
    ):
        yield Page(name, who, at(f"{path}?q={words}"), HOME)


def _bookings() -> Iterator[Page]:
    yield Page("rooms, a day", "hr", at(reverse("bookings:grid")), LIST)
    yield Page("rooms, a month", "hr", at(f"{reverse('bookings:grid')}?view=month"), LIST)
    yield Page("own bookings", "hr", at(reverse("bookings:list")), LIST)


def _commission() -> Iterator[Page]:
    """Who leads a commission and who marks in it; a round that marks and one that discusses."""
    rounds = ReviewRound.objects.filter(kind=KEY)
    marking, discussion = rounds.filter(state=Phase.MARKING), rounds.filter(state=Phase.DISCUSSION)

    def item() -> str:
        found = discussion.get()
        row = Application.objects.get(
            pk=found.reviews.filter(state=ReviewState.SUBMITTED).latest("pk").object_id
        )
        return reverse("reviews:item", args=[found.uid, row.uid])

    def to_mark(who: str) -> Any:
        return Review.objects.filter(round__in=marking, member__person__user__email=f"{who}@cast.example")

    yield Page("list, company, board", "hr", at(reverse("internships:board")), LIST)
    yield Page(
        "list, company, by marks", "hr", at(f"{reverse('internships:worklist')}?sort=commission"), LIST
    )
    yield Page("reviews, company", "hr", at(reverse("reviews:mine")), LIST)
    yield Page("reviews, reviewer", "expert", at(reverse("reviews:mine")), LIST)
    yield Page("API, reviews, reviewer", "expert", at("/api/v1/reviews/"), LIST)
    yield Page("commission marks, company", "hr", of(marking), LIST)
    yield Page("commission discusses, company", "hr", of(discussion), LIST)
    yield Page("commission discusses, reviewer", "expert", of(discussion), LIST)
    yield Page("candidate of a commission, company", "hr", cache(item), DETAIL)
    yield Page("review to mark, reviewer", "expert", of(to_mark("expert")), DETAIL)
    yield Page("home, reviewer", "expert", at(reverse("home")), HOME)


def _kept_apart() -> Iterator[Page]:
    """Somebody of human resources who has a conflict of interest with a fifth of the candidates."""
    path = reverse("internships:worklist")
    for name, query in (
        ("a round", ""),
        ("all", "?programme=all"),
        ("all, searched", "?programme=all&q=memmedov"),
    ):
        yield Page(f"list, kept apart, {name}", "tied", at(path + query), LIST)
    yield Page("practices, kept apart", "tied", at(reverse("internships:placements")), LIST)
    yield Page("decision desk, kept apart", "tied", at(reverse("internships:decide")), DETAIL)
    yield Page("reviews, kept apart", "tied", at(reverse("reviews:mine")), LIST)
    yield Page("interviews, kept apart", "tied", at(reverse("internships:interviews")), LIST)
    yield Page("home, kept apart", "tied", at(reverse("home")), HOME)
    yield Page("indicators of a year, kept apart", "tied", at(reverse("internships:numbers")), HOME)
    yield Page("calendar, kept apart", "tied", at(reverse("calendar")), HOME)
    yield Page("search, kept apart", "tied", at(f"{reverse('search')}?q=memmedov"), HOME)


def _beside() -> Iterator[Page]:
    for name, who, rows in (
        ("idea, partnerships", "partnerships", Idea.objects),
        ("request to join, partnerships", "partnerships", JoinRequest.objects),
        ("certificate, hr", "hr", Certificate.objects),
        ("reported value, partnerships", "partnerships", ReportedValue.objects),
    ):
        yield Page(name, who, of(rows), DETAIL)
    yield Page("ideas, searched", "partnerships", at(f"{reverse('ideas:list')}?q=laboratoriya"), LIST)
    yield Page("certificates, searched", "hr", at(f"{reverse('certificates')}?q=memmedov"), LIST)
    yield Page("certificates, student", "one", at(reverse("my_certificates")), LIST)
    yield Page("interviews, interviewer", "expert", at(reverse("internships:interviews")), LIST)
    yield Page("calendar, university", "coordinator", at(reverse("calendar")), HOME)


def _writes(world: World) -> Iterator[Page]:
    """One application each, put back after each asking: a small portal has few that wait."""
    rows = Application.objects.filter(pk__gt=world.first, university=world.cast.aztu).order_by("-pk")
    waiting, sent = rows.filter(state=A.IN_REVIEW)[0], rows.filter(state=A.SUBMITTED)[0]
    for name, who, row, view, verb, data in (
        ("waiting list, by form", "hr", waiting, "decision", "waitlist", {"note": ""}),
        ("refusal, by form", "hr", waiting, "decision", "refuse", {"code": "stronger", "note": "Yox."}),
        ("endorsement, by form", "coordinator", sent, "act", "endorse", {}),
    ):
        path = reverse(f"internships:{view}", args=[row.uid, verb])
        yield Page(name, who, at(path), WRITE, data, undo=partial(_put_back, row))


def _put_back(row: Application) -> None:
    Waiting.objects.filter(claimant=row.pk).delete()
    fields = ("state", "state_since", "version", "reached_company_at", "refusal_code")
    Application.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in fields})
