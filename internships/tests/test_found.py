"""The search where very many people have a name: it finds the same as by looking through everything."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from internships.direction import DIRECTION
from internships.models import Application, Placement
from internships.tests import makers
from partnerships.common import among
from partnerships.directory import source as directory
from partnerships.directory.asked import forget
from partnerships.directory.models import Organization, Person
from partnerships.reviews.models import Conflict
from partnerships.testing.worlds import world

EVERYBODY = (
    *("hr", "hr2", "coordinator", "coordinator2", "mentor", "supervisor", "rector"),
    *("student", "colleague", "stranger", "expert", "partnerships", "admin"),
)
NAME = "hamisi"


@pytest.fixture
def looked_up(monkeypatch):
    """Sets how many of a name are looked up one by one, among how many of the newest rows more are, and how
    many are known by their keys."""

    def put(often, newest=among.NEWEST, known=among.HELD):
        forget()  # both stand in words that are kept
        monkeypatch.setattr(among, "OFTEN", often)
        monkeypatch.setattr(directory, "OFTEN", often)
        monkeypatch.setattr(among, "NEWEST", newest)
        monkeypatch.setattr(among, "HELD", known)

    yield put
    forget()


@world
def many(cast):
    """Five applications, two of them with practices, of people who all have one name; human resources is kept
    apart from one."""
    programme, other = makers.programme(cast), makers.programme(cast)
    makers.active(cast, programme)
    makers.placement(cast, programme, "colleague")
    rows = [makers.endorsed(cast, other, who) for who in ("student", "colleague", "student2")]
    Conflict.objects.create(
        kind="internships.commission",
        person=cast.hr,
        object_id=rows[1].pk,
        reason="Qohum.",
        made_by=cast.user("hr"),
    )
    for person in Person.objects.all():
        Person.objects.filter(pk=person.pk).update(folded=f"{person.folded} {NAME}")
    return rows[1]


@pytest.mark.parametrize(
    ("often", "newest", "known"),
    [(1, 1_000, 2_000), (1, 2, 2_000), (1_000, 1_000, 2_000), (1, 1_000, 3), (1, 2, 3)],
)
def test_a_name_of_many_finds_what_each_may_see_the_newest_first(cast, looked_up, often, newest, known):
    hidden = many(cast)
    looked_up(often, newest, known)
    for limit in (1, 2, 10):
        for who in EVERYBODY:
            user = cast.user(who)
            hits = [hit.url for hit in DIRECTION.finds(user, NAME, limit)]
            seen = [
                [row.get_absolute_url() for row in model.objects.visible_to(user).order_by("-pk")[:limit]]
                for model in (Application, Placement)
            ]
            assert hits[: sum(map(len, seen))] == [*seen[0], *seen[1]], (who, limit)
            assert (hidden.get_absolute_url() in hits) <= (who != "hr"), who
    assert len(DIRECTION.finds(cast.user("hr"), NAME, 10)) > 4  # what is hidden is hidden among others


@pytest.mark.parametrize("known", [0, 2_000])
def test_no_row_of_another_name_is_found_among_the_newest(cast, looked_up, known):
    many(cast)
    looked_up(0, known=known)
    Person.objects.filter(pk=cast.student2.pk).update(folded="elnur qarabagli")
    theirs = {hit.title for hit in DIRECTION.finds(cast.user("hr"), NAME, 10) if hit.rank == 1}
    assert theirs == {cast.student.name, cast.colleague.name}


@pytest.mark.parametrize(("often", "known"), [(1, 2_000), (3, 2_000), (1_000, 2_000), (1_000, 3)])
def test_people_of_a_name_that_many_have_are_those_whom_each_may_see(cast, looked_up, often, known):
    many(cast)
    looked_up(often, known=known)
    for who in EVERYBODY:
        user = cast.user(who)
        seen = {row.full_name for row in Person.objects.visible_to(user).exclude(pk=user.person_id)}
        for limit in (1, 3, 100):
            hits = [hit.title for hit in directory.SOURCE.finds(user, NAME, limit) if "@" in str(hit.detail)]
            assert set(hits) <= seen, who
            assert len(hits) == min(limit, len(seen)), (who, limit)


def test_a_whole_number_is_that_applications_alone(cast):
    programme = makers.programme(cast)
    one = makers.sent(cast, programme, "student")
    Application.objects.filter(pk=one.pk).update(number="TEC-2026-10000")
    two = makers.sent(cast, programme, "student2")
    Application.objects.filter(pk=two.pk).update(number="TEC-2026-100001")
    numbers = lambda typed: set(Application.objects.answering(typed).values_list("number", flat=True))  # noqa: E731
    assert numbers(" tec-2026-10000 ") == {"TEC-2026-10000"}
    assert numbers("TEC-2026-100001") == {"TEC-2026-100001"}
    assert numbers("2026-10000") == numbers("TEC-2026-1000") == {"TEC-2026-10000", "TEC-2026-100001"}


def test_units_of_partners_are_found_by_everybody_and_lead_to_their_partner(cast):
    cast.oil.name = "Şəki filialı"
    cast.oil.save()
    cast.energy.name = "Şəki elektrik fakültəsi"
    cast.energy.save()
    Organization.objects.filter(pk=cast.adnsu.pk).update(is_partner=False)
    for who in (AnonymousUser(), cast.user("student"), cast.user("admin")):
        hits = directory.SOURCE.finds(who, "seki", 10)
        assert [(hit.title, hit.detail, hit.url) for hit in hits] == [
            ("Şəki elektrik fakültəsi", "AzTU", reverse("partner_detail", args=[cast.aztu.slug]))
        ]
    assert [hit.title for hit in directory.SOURCE.finds(AnonymousUser(), "azerbaycan", 10)] == [
        cast.aztu.name
    ]


def test_programmes_are_found_by_who_may_read_them(cast):
    public = makers.programme(cast, title="Yay məktəbi")
    draft = makers.programme(cast, title="Yay məktəbi, qaralama", published=False)
    who = {
        "hr": {public, draft},
        "admin": {public, draft},
        "hr2": {public},
        "student": {public},
        "": {public},
    }
    for name, seen in who.items():
        user = cast.user(name) if name else AnonymousUser()
        hits = [hit for hit in DIRECTION.finds(user, "yay mekteb", 10) if hit.group == "Proqramlar"]
        assert {hit.url for hit in hits} == {row.get_absolute_url() for row in seen}, name
