"""What a page's list is narrowed by narrows the same rows over the API, under the same names.

A list that may be taken away is narrowed as its page is (common.listing), so that it says for the page which
names of an address it reads, and which rows it shows for each.
"""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.http import QueryDict
from django.utils import timezone

from internships import actions
from internships.api_numbers import BehindFilter
from internships.forms.placements import PlacementsForm
from internships.forms.worklist import WorklistForm
from internships.models import Interview
from internships.tests import makers
from partnerships.agreements.models import Agreement
from partnerships.agreements.tests import makers as agreements
from partnerships.api.urls import router
from partnerships.bookings.tests import makers as rooms
from partnerships.certificates.models import Certificate
from partnerships.common.clock import today
from partnerships.common.listing import listing_of
from partnerships.directory.models import Affiliation, Organization
from partnerships.ideas import actions as ideas
from partnerships.indicators import api as indicators
from partnerships.joining import actions as joining

pytestmark = pytest.mark.django_db
VIEWSETS = {prefix: viewset for prefix, viewset, _name in router.registry}
# Of an address: where in the list one stands, and its order (of the working list: test_api_counterparts).
NOT_NARROWING = {"after", "before", "sort"}


class Asked(QueryDict):
    """An address that notes what it is asked for."""

    def __init__(self, query: str = "") -> None:
        self.names: set[str] = set()
        super().__init__(query)

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, default)

    def __getitem__(self, key: str) -> Any:
        getattr(self, "names", set()).add(key)
        return super().__getitem__(key)


# resource -> (the page's list, who reads it, forms of the page whose fields come and go with the data)
PAGES: dict[str, tuple[str, str, tuple[Any, ...]]] = {
    "organizations": ("directory.partners", "hr", ()),
    "affiliations": ("directory.people", "coordinator", ()),
    "agreements": ("agreements.agreements", "hr", ()),
    "bookings": ("bookings.bookings", "hr", ()),
    "things": ("bookings.things", "partnerships", ()),
    "certificates": ("certificates.certificates", "hr", ()),
    "ideas": ("ideas.ideas", "partnerships", ()),
    "indicators": ("indicators.year", "partnerships", ()),
    "reported-values": ("indicators.values", "partnerships", ()),
    "join-requests": ("joining.requests", "partnerships", ()),
    "positions": ("internships.places", "student", ()),
    "programmes": ("internships.programmes", "hr", ()),
    "applications": ("internships.applications", "hr", (WorklistForm,)),
    "interviews": ("internships.interviews", "hr", ()),
    "placements": ("internships.placements", "hr", (PlacementsForm,)),
}


def shown(cast: Any, resource: str, query: str) -> Any:
    kind, who, _forms = PAGES[resource]
    return listing_of(kind).build(cast.user(who), QueryDict(query)).rows


def filters(resource: str) -> Any:
    if resource == "indicators":
        return {one.name: one for one in indicators.PLACE}
    kind = getattr(VIEWSETS[resource], "filterset_class", None)
    return kind.base_filters if kind else {}


@pytest.mark.parametrize("resource", PAGES)
def test_every_name_that_narrows_a_page_narrows_the_api(cast, resource):
    if resource == "things":
        rooms.site(cast.azerisiq)
    kind, who, forms = PAGES[resource]
    asked = Asked()
    listing_of(kind).build(cast.user(who), asked)
    names = asked.names | {name for form in forms for name in form.base_fields}
    missing = names - NOT_NARROWING - set(filters(resource))
    assert missing == set()


# What stands below a row: the year or the key is in the address of the API, in the query of the page.
BELOW = {
    "internships.year_students": ("", {"year", *BehindFilter.base_filters}),
    "indicators.records": (
        "of=internships.practices", {"of", *(one.name for one in indicators.PLACE)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BELOW)
def test_every_name_that_narrows_what_stands_below_a_number_narrows_the_api(cast, kind):
    query, known = BELOW[kind]
    asked = Asked(query)
    listing_of(kind).build(cast.user("hr"), asked)
    assert asked.names - NOT_NARROWING - known == set()
    assert len(asked.names) > 2, "the page reads nothing of its address"


def _applications(cast: Any) -> dict[str, Any]:
    made = makers.programme(cast)
    makers.endorsed(cast, made)
    other = makers.place(cast, made, title="Başqa yer", unit=cast.substation)
    makers.sent(cast, made, "student2", other)
    first = makers.vacancy(made)
    return {
        "basis": "programme=all",
        "q": ("elnur", "elnur"),
        "university": (cast.aztu.pk, cast.aztu.slug),
        "unit": (cast.substation.path, cast.substation.slug),
        "position": (first.position_id, first.uid),
        "late": ("on", "true"),
    }


def _practices(cast: Any) -> dict[str, Any]:
    made = makers.programme(cast)
    makers.placement(cast, made)
    makers.active(cast, made, "student2")
    return {
        "q": ("nigar", "nigar"),
        "programme": (made.slug, made.slug),
        "university": (cast.adnsu.pk, cast.adnsu.slug),
        "late": ("on", "true"),
        "bare": ("on", "true"),
    }


def _talks(cast: Any) -> dict[str, Any]:
    starts = timezone.now() + timedelta(days=2)
    values = {"starts": starts, "ends": starts + timedelta(hours=1), "place": "Bakı"}
    application = makers.endorsed(cast, makers.programme(cast))
    actions.invite(application, actor=cast.user("hr"), interviewer=cast.hr, **values)
    begins = timezone.localtime(Interview.objects.get().starts)
    day, hour, later = begins.date(), begins.hour, (begins.hour + 2) % 24
    return {
        "basis": f"day={day}",
        "day": [(day, day), (today(), today())],
        "hour": [(hour, hour), (later, later)],
        "who": [(one.uid, one.uid) for one in (cast.hr, cast.mentor)],
    }


def _places(cast: Any) -> dict[str, Any]:
    made = makers.programme(cast)
    Organization.objects.filter(pk=cast.substation.pk).update(city="Şəki")
    makers.place(cast, made, title="Başqa yer", unit=cast.substation)
    starts = makers.vacancy(made).period.starts
    return {
        "q": ("başqa", "basqa"),
        "city": ("seki", "seki"),
        "unit": (cast.baki.slug, cast.baki.slug),
        "period": (f"{starts:%Y-%m}", f"{starts:%Y-%m}"),
    }


def _agreements(cast: Any) -> dict[str, Any]:
    agreements.draft(cast)
    agreements.in_force(cast)
    kind = Agreement.objects.exclude(type=None)[0].type.key
    return {"q": ("saziş", "sazis"), "kind": [(kind, kind), ("amendment", "amendment")]}


def _people(cast: Any) -> dict[str, Any]:
    Affiliation.objects.filter(person=cast.student).update(state="requested")
    Affiliation.objects.filter(person=cast.colleague).update(state="refused")
    states = [(key, key) for key in ("waiting", "verified", "refused", "unreachable")]
    return {"q": ("nigar", "nigar"), "role": ("student", "student"), "state": states}


def _rooms(cast: Any) -> dict[str, Any]:
    site = rooms.site(cast.azerisiq)
    day = rooms.workday()
    rooms.booked(cast, site.lab, day, who="hr")
    rooms.booked(cast, site.lab, day, 14, who="mentor")
    other = rooms.site(cast.azerisiq, name="Başqa bina")
    rooms.booked(cast, other.left, day, who="mentor")
    where, shows = str(other.site.uid), ("mine", "decide", "past")
    return {
        "basis": "show=coming",
        "show": [(key, key) for key in shows],
        "q": ("rele", "rele"),
        "site": (where, where),
    }


def _ideas(cast: Any) -> dict[str, Any]:
    day = today() + timedelta(days=3)
    for title, partner in (("Birgə laboratoriya", cast.aztu), ("Yay məktəbi", cast.adnsu)):
        actor = cast.user("partnerships")
        ideas.note(actor=actor, title=title, partner=partner, next_step="Zəng", next_on=day)
    return {"q": ("məktəb", "mekteb"), "partner": (cast.aztu.slug, cast.aztu.slug)}


def _asked(cast: Any) -> dict[str, Any]:
    for name in ("Yeni universitet", "Köhnə institut"):
        joining.ask_to_join(
            kind="university", name=name, contact_name="Aysel", email="a@new.example", language="az"
        )
    return {"q": ("köhnə", "kohne")}


def _certificates(cast: Any) -> dict[str, Any]:
    same: dict[str, Any] = {
        "kind": "internships.practice",
        "content_type": ContentType.objects.get_for_model(Affiliation),
        "issuer": cast.azerisiq,
        "template": "practice",
        "template_version": 1,
        "snapshot": {},
        "issued_at": timezone.now(),
    }
    for at, (person, state) in enumerate(((cast.student, "issued"), (cast.student2, "revoked"))):
        Certificate.objects.create(
            **same, object_id=at, holder=person, holder_name=person.name, serial=f"TS-2026-0000{at}",
            code=f"AAAABBBBCCCC000{at}", state=state, reason="" if state == "issued" else "Səhv",
        )  # fmt: skip
    return {"q": ("nigar", "nigar")}


def _partners(cast: Any) -> dict[str, Any]:
    return {"q": [("texniki", "texniki"), ("aztu", "AzTU")], "kind": ("university", "university")}


WORLDS: dict[str, Any] = {
    "organizations": _partners,
    "affiliations": _people,
    "agreements": _agreements,
    "bookings": _rooms,
    "certificates": _certificates,
    "ideas": _ideas,
    "join-requests": _asked,
    "positions": _places,
    "applications": _applications,
    "interviews": _talks,
    "placements": _practices,
}


def keys(rows: Any) -> set[int]:
    return set(rows.values_list("pk", flat=True))


@pytest.mark.wide
@pytest.mark.parametrize("resource", WORLDS)
def test_the_api_narrows_to_the_rows_that_the_page_shows(cast, resource):
    cache.clear()  # pages keep for a minute what they can be narrowed by
    samples: dict[str, Any] = WORLDS[resource](cast)
    basis = samples.pop("basis", "")
    viewset = VIEWSETS[resource]
    request = SimpleNamespace(user=cast.user(PAGES[resource][1]), query_params={})
    declared = filters(resource)
    listed = Asked()
    listing_of(PAGES[resource][0]).build(request.user, listed)
    for name in listed.names & set(declared) - set(samples):
        samples[name] = [(value, value) for value, _label in declared[name].extra.get("choices", ())]
    on_page = keys(shown(cast, resource, basis))
    told: set[frozenset[int]] = set()
    for name, pairs in samples.items():
        for said, value in pairs if isinstance(pairs, list) else [pairs]:
            request.query_params = {name: str(value)}
            rows = viewset(request=request, action="list", kwargs={}).get_queryset()
            narrowed = viewset.filterset_class({name: str(value)}, rows, request=request)
            assert narrowed.is_valid(), (name, value, narrowed.errors)
            page = QueryDict(f"{basis}&{name}={said}") if name != "show" else QueryDict(f"show={said}")
            expected = keys(listing_of(PAGES[resource][0]).build(request.user, page).rows)
            found = keys(narrowed.qs)
            assert found & (on_page | expected) == expected, (name, said)
            told.add(frozenset(expected))
    assert len(told) > 1, "these rows cannot tell a filter from none"


def test_a_name_that_nothing_is_asked_by_is_refused_with_those_that_are(cast, client):
    client.force_login(cast.user("partnerships"))
    for prefix, viewset in sorted(VIEWSETS.items()):
        url = f"/api/v1/{prefix}/" if hasattr(viewset, "list") else f"/api/v1/{prefix}/CERT-1/"
        refused = client.get(url, {"staet": "open", "lang": "en"})
        assert refused.status_code == 400, prefix
        assert list(refused.json()) == ["staet", "request_id"]
        (words,) = refused.json()["staet"]
        known = {*filters(prefix), *getattr(viewset, "asks", ())}
        if viewset.pagination_class is not None:
            known |= {"cursor", "page_size"}
        assert words.startswith("Nothing here is asked by this name. What can be asked: ")
        names = words.removesuffix(".").partition("asked: ")[2].split(", ")
        assert names == (sorted(known) or ["–"]), prefix
        assert client.get(url, {"format": "json", "lang": "az"}).status_code in (200, 403, 404), prefix


@pytest.mark.wide
def test_what_the_schema_names_may_be_asked_everywhere(cast, client):
    """The names that are taken are those that are described, so that no program is refused what it read."""
    client.force_login(cast.user("partnerships"))
    described = client.get("/api/v1/schema/", {"format": "json"}).json()["paths"]
    asked = 0
    for path, operations in described.items():
        names = [
            one["name"] for one in operations.get("get", {}).get("parameters", []) if one["in"] == "query"
        ]
        if not names or "{" in path or path.endswith("/schema/"):
            continue
        asked += 1
        answer = client.get(path, dict.fromkeys(names, ""))
        assert answer.status_code in (200, 403), (path, answer.json())
    assert asked >= 20
