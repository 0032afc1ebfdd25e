"""The commission of a programme: who marks, what human resources see, and that nobody else learns of it."""

from contextlib import nullcontext
from copy import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F, Q
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from internships import listed, reports, worklists
from internships.direction import DIRECTION
from internships.enums import ApplicationState
from internships.exports import applications
from internships.forms.worklist import SORTS
from internships.models import Application
from internships.models.kept_apart import kept_apart
from internships.numbers import home
from internships.reviews import KEY, SUPERVISION
from internships.tests import makers
from partnerships.common.clock import today
from partnerships.common.query_words import Key
from partnerships.common.refusals import Refused
from partnerships.common.text import fold
from partnerships.directory.access import Access, access_of
from partnerships.directory.actions import name_deputy
from partnerships.directory.asked import plainly
from partnerships.directory.enums import Role
from partnerships.directory.models import Deputyship
from partnerships.reviews import actions, conflicts, table, whole_round
from partnerships.reviews import reports as marks
from partnerships.reviews.enums import Tie
from partnerships.reviews.kinds import relations, type_of
from partnerships.reviews.models import Review, ReviewMember, ReviewRound
from partnerships.testing import factories as make
from partnerships.testing.worlds import world


def text(answer):
    return answer.content.decode()


@pytest.fixture
def commission(cast):
    """commission("student", "student2"): a programme with these applicants, marked by mentor and expert."""

    def open_for(*who, **values):
        made = makers.programme(cast, seats=5)
        rows = [makers.endorsed(cast, made, name) for name in who]
        people = [cast.mentor, cast.expert]
        due = timezone.now() + timedelta(days=7)
        chair = cast.user("hr")
        found = actions.open_round(KEY, made, people, actor=chair, title="Komissiya", due=due, **values)
        actions.assign_automatically(found, actor=chair)
        actions.move(found, "start", actor=chair)
        return made, rows, ReviewRound.objects.get(pk=found.pk)

    return world(open_for)


def mark(cast, row, who, value, comment=""):
    one = ReviewMember.objects.get(person=getattr(cast, who))
    review = Review.objects.with_rows().get(member=one, object_id=row.pk)
    return actions.submit(review, actor=cast.user(who), marks={"overall": value}, comment=comment)


def test_a_deputy_does_not_lift_the_conflict_of_whom_they_stand_in_for(cast, commission):
    _made, (row,), found = commission("student")
    make.affiliation(cast.mentor2, found.organization, role=Role.HR)
    actions.note_conflict(found, row, cast.hr, actor=cast.user("mentor2"), note="Qohumdur")
    days = {"starts": today(), "ends": today(), "reason": "Məzuniyyət"}
    name_deputy(cast.affiliation("hr"), cast.expert, actor=cast.user("hr"), **days)
    with pytest.raises(Refused):
        actions.override(found, row, cast.hr, actor=cast.user("expert"), note="Zərər yoxdur")
    actions.override(found, row, cast.hr, actor=cast.user("mentor2"), note="Uzaq qohumdur")


def test_human_resources_see_mean_and_spread_and_order_by_them(cast, login, commission):
    made, rows, _found = commission("student", "student2")
    for row, values in zip(rows, ((2, 3), (5, 4)), strict=True):
        mark(cast, row, "mentor", values[0], "Gizli qeyd")
        mark(cast, row, "expert", values[1])
    hr, url = login("hr"), reverse("internships:worklist")
    page = text(hr.get(url, {"programme": made.slug, "sort": "commission"}))
    places = [page.index(name) for name in (cast.student2.name, cast.student.name)]
    assert (places == sorted(places), "4,5" in page, "±0,5" in page) == (True, True, True)
    for address in (rows[0].get_absolute_url(), f"{reverse('internships:decide')}?programme={made.slug}"):
        assert 'id="commission"' in text(hr.get(address)), address


def test_marks_reach_neither_student_nor_university_nor_colleagues(cast, login, commission):
    _made, (row,), found = commission("student")
    mark(cast, row, "mentor", 2, "Gizli qeyd")
    mark(cast, row, "expert", 5)
    round_url, item = found.get_absolute_url(), reverse("reviews:item", args=[found.uid, row.uid])
    for who in ("student", "coordinator", "supervisor", "hr2", "partnerships", "admin"):
        client = login(who)
        assert [client.get(url).status_code for url in (round_url, item)] == [404, 404], who
        for url in (row.get_absolute_url(), reverse("internships:worklist"), reverse("internships:mine")):
            page = text(client.get(url, follow=True))
            assert ["Gizli qeyd" in page, 'id="commission"' in page] == [False, False], (who, url)
    answer = login("student").get(f"/api/v1/applications/{row.uid}/")
    assert [word in text(answer) for word in ("Gizli", "3.5", "commission")] == [False] * 3


def test_a_chair_who_marks_along_sees_no_marks_beside_applicants_before_the_discussion(
    cast, login, commission
):
    made, (row,), found = commission("student")
    mark(cast, row, "mentor", 2)
    chair = cast.user("hr")
    actions.add_members(found, [cast.hr], actor=chair)
    url, hr = reverse("internships:worklist"), login("hr")
    pages = [text(hr.get(url, {"programme": made.slug})), text(hr.get(row.get_absolute_url()))]
    assert ["±" in pages[0], 'id="commission"' in pages[1]] == [False, False]
    actions.move(found, "discuss", actor=chair)
    assert 'id="commission"' in text(hr.get(row.get_absolute_url()))


def test_double_blind_shows_a_member_neither_name_nor_university_nor_file_names(cast, login, commission):
    _made, (row,), _found = commission("student", blind="double")
    review = Review.objects.get(member__person=cast.mentor)
    page = text(login("mentor").get(review.get_absolute_url()))
    hidden = (cast.student.name, cast.student.family_name, cast.aztu.acronym, "cv.pdf", "nigar")
    assert [word in page for word in hidden] == [False] * len(hidden)
    assert row.number in page


def test_supervisors_and_people_of_the_university_do_not_mark_their_students(cast, commission):
    made, (row, other), _found = commission("student", "student2")
    Application.objects.filter(pk=other.pk).update(supervisor=cast.trainer)
    make.affiliation(cast.expert, cast.energy, Role.LECTURER)
    people = [cast.trainer.pk, cast.expert.pk, cast.mentor.pk, cast.student.pk]
    rows = Application.objects.filter(programme=made)
    assert conflicts.table(type_of(KEY), rows, people) == {
        (other.pk, cast.trainer.pk): Tie.SUPERVISION,
        (row.pk, cast.expert.pk): Tie.UNIT,
        (row.pk, cast.student.pk): Tie.OWN,
    }
    for person in cast.people().values():
        kind, who = type_of(KEY), Access(person.pk)
        tabled = {item for item, _p in conflicts.table(kind, rows, [person.pk])}
        ways = (conflicts.hidden_keys(kind, who), conflicts.hidden_in(kind, who, made.pk))
        found = [rows.filter(conflicts.hidden(kind, who)), *(rows.filter(pk__in=keys) for keys in ways)]
        assert [set(hidden.values_list("pk", flat=True)) for hidden in found] == [tabled] * 3, person.name


def test_human_resources_with_a_conflict_meet_the_candidate_nowhere(cast, login, commission):
    made, (row, other), found = commission("student", "student2")
    for name in ("mentor", "expert"):
        mark(cast, row, name, 5)
        mark(cast, other, name, 1)
    colleague = make.person("Aytən Rzayeva", "hr3@cast.example")
    make.affiliation(colleague, cast.azerisiq, Role.HR)
    actions.note_conflict(found, row, cast.hr, actor=colleague.user, note="Bacısı oğludur")
    hr = login("hr")
    addresses = (
        f"{reverse('internships:worklist')}?programme={made.slug}&sort=commission",
        f"{reverse('internships:decide')}?programme={made.slug}",
        found.get_absolute_url(),
        "/search/?q=nigar",
        f"{reverse('internships:board')}?programme={made.slug}",
        "/api/v1/applications/",
        "/api/v1/reviews/",
    )
    shown = [text(hr.get(url)) for url in addresses]
    assert [cast.student.name in page for page in shown] == [False] * 7
    assert [str(row.uid) in page for page in shown] == [False] * 7
    exported = applications(cast.user("hr"), QueryDict(f"programme={made.slug}"))
    assert [line.application.pk for line in exported] == [other.pk]
    assert hr.get(row.get_absolute_url()).status_code == 404
    assert hr.get(reverse("reviews:item", args=[found.uid, row.uid])).status_code == 404
    assert cast.student.name in text(login("coordinator").get(row.get_absolute_url()))


def _met(user, made):
    """What the company's side of this person comes to: list, queue of the desk, table, search."""
    return [
        sorted(worklists.working_rows(user).values_list("pk", flat=True)),
        sorted(reports.queue(user, None)),
        sorted(line.application.pk for line in applications(user, QueryDict(f"programme={made.slug}"))),
        sorted(Application.objects.visible_to(user).answering("202").values_list("pk", flat=True)),
    ]


def _anew(cast):
    """Human resources as another request sees them."""
    return type(cast.user("hr")).objects.get(pk=cast.user("hr").pk)


@pytest.mark.parametrize("tie", ["supervision", "house"])
def test_a_computed_conflict_hides_the_candidate_on_the_companys_side(cast, login, commission, tie):
    made, (row, other), found = commission("student", "student2")
    both = sorted([row.pk, other.pk])
    assert _met(_anew(cast), made) == [both] * 4
    if tie == "supervision":
        Application.objects.filter(pk=row.pk).update(supervisor=cast.hr)
    else:
        make.affiliation(cast.hr, cast.aztu, Role.LECTURER)
    hr = _anew(cast)
    assert _met(hr, made) == [[other.pk]] * 4
    waiting = Application.objects.met_by(hr).filter(programme=made, state=ApplicationState.IN_REVIEW).count()
    lines = [todo for todo in DIRECTION.waits(hr) if row.person.name in todo.title]
    assert (home.stats(hr)[0].value, waiting, lines) == ("1", 1, [])
    hidden = Application.objects.filter(conflicts.hidden(type_of(KEY), access_of(hr)))
    apart = Application.objects.filter(kept_apart(access_of(hr)))
    assert (list(apart), list(hidden)) == ([row], [row])
    client = login("hr")
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.get(reverse("reviews:item", args=[found.uid, row.uid])).status_code == 404
    # A colleague decides otherwise with a reason: then they meet it.
    colleague = make.person("Aytən Rzayeva", "hr3@cast.example")
    make.affiliation(colleague, cast.azerisiq, Role.HR)
    actions.override(found, row, cast.hr, actor=colleague.user, note="Tələbəni tanımır")
    assert _met(_anew(cast), made) == [both] * 4


def _apart_from(user, found):
    """What the three ways of the engine and that of the company's side keep from this person."""
    kind, access = type_of(KEY), access_of(user)
    ways = (
        conflicts.hidden(kind, access),
        Q(pk__in=conflicts.hidden_keys(kind, access)),
        Q(pk__in=conflicts.hidden_in(kind, access, found.container_id)),
        kept_apart(access),
    )
    return [set(Application.objects.filter(way).values_list("pk", flat=True)) for way in ways]


@pytest.mark.parametrize("tie", ["declared", "house"])
def test_a_conflict_binds_whoever_stands_in_too_unless_a_role_of_their_own_or_of_another_shows_it(
    cast, login, commission, tie
):
    made, (row, other), found = commission("student", "student2")
    colleague = make.person("Aytən Rzayeva", "hr3@cast.example")
    make.affiliation(colleague, cast.azerisiq, Role.HR)
    if tie == "house":
        make.affiliation(cast.hr, cast.aztu, Role.LECTURER)
    else:
        actions.note_conflict(found, row, cast.hr, actor=colleague.user, note="Bacısı oğludur")
    days = {"starts": today(), "ends": today(), "reason": "Məzuniyyət"}
    name_deputy(cast.hr.affiliations.get(role=Role.HR), cast.expert, actor=cast.user("hr"), **days)
    both = sorted([row.pk, other.pk])

    def deputy():
        return type(cast.user("expert")).objects.get(pk=cast.user("expert").pk)

    assert _met(deputy(), made) == [[other.pk]] * 4
    assert _apart_from(deputy(), found) == [{row.pk}] * 4
    item = reverse("reviews:item", args=[found.uid, row.uid])
    client = login("expert")
    assert [client.get(url).status_code for url in (item, row.get_absolute_url())] == [404, 404]
    page = text(client.get(found.get_absolute_url()))
    assert [name in page for name in (cast.student.name, cast.student2.name)] == [False, True]
    with pytest.raises(Refused):
        actions.note_conflict(found, row, cast.mentor, actor=deputy(), note="Müəllimidir")
    # What they review themselves goes by their own ties, and is nobody else's to hide.
    mine = Review.objects.own(deputy()).order_by("object_id")
    assert list(mine.values_list("object_id", flat=True)) == both
    mark(cast, row, "expert", 4)
    # Somebody else whom they stand in for meets it.
    name_deputy(colleague.affiliations.get(), cast.expert, actor=colleague.user, **days)
    assert (_met(deputy(), made), _apart_from(deputy(), found)) == ([both] * 4, [set()] * 4)
    Deputyship.objects.filter(holder=colleague).delete()
    assert _apart_from(deputy(), found) == [{row.pk}] * 4
    # So does a role of their own.
    make.affiliation(cast.expert, cast.azerisiq, Role.HR)
    assert (_met(deputy(), made), _apart_from(deputy(), found)) == ([both] * 4, [set()] * 4)


def test_after_acceptance_a_mentor_keeps_the_intern_without_marks_and_without_a_commission_nothing_is_hidden(
    cast, login, commission
):
    made, (row, other), _found = commission("student", "student2")
    mark(cast, row, "expert", 5)
    Application.objects.filter(programme=made).update(supervisor=cast.hr)
    place = makers.vacancy(made)
    place.position.mentors.add(cast.mentor)
    Application.objects.filter(pk=row.pk).update(state="accepted", offered_vacancy=place)
    assert list(worklists.working_rows(_anew(cast))) == [row]
    for who in ("hr", "mentor"):
        page = login(who).get(row.get_absolute_url())
        assert (page.status_code, 'id="commission"' in text(page)) == (200, False), who
    alone = makers.endorsed(cast, makers.programme(cast, title="Komissiyasız"), "student2")
    Application.objects.filter(pk=alone.pk).update(supervisor=cast.hr)
    assert set(worklists.working_rows(_anew(cast))) == {row, alone}
    assert other.pk not in worklists.working_rows(_anew(cast)).values_list("pk", flat=True)


def test_every_relation_that_computes_a_conflict_is_known_to_the_companys_side():
    """`kept_apart` says for the company's lists what SUPERVISION says: another one needs its line."""
    assert relations() == (SUPERVISION,)


def test_the_candidates_of_a_page_bring_the_way_back_to_the_programme(
    cast, commission, django_assert_num_queries
):
    made, _rows, found = commission("student", "student2")
    user = cast.user("hr")
    lines = table.rows(found, user, table.counts(found, user), scores=False, first=0, last=2)
    items = [line.item for line in lines]
    with django_assert_num_queries(0):
        told = whole_round.container_of(found, items)
        assert (told, str(told), told.get_absolute_url()) == (made, str(made), made.get_absolute_url())
    found.container_id = makers.programme(cast).pk  # of another one they tell nothing
    assert whole_round.container_of(found, items).pk == found.container_id


def test_the_working_list_costs_the_same_with_one_and_three_marked(cast, login, commission):
    made, rows, _found = commission("student", "student2", "colleague")
    hr, url = login("hr"), reverse("internships:worklist")
    counts = []
    for row in rows:
        mark(cast, row, "mentor", 4)
        hr.get(url, {"programme": made.slug, "sort": "commission"})
        with CaptureQueriesContext(connection) as caught:
            hr.get(url, {"programme": made.slug, "sort": "commission"})
        counts.append(len(caught))
    assert counts == [11] * 3


@pytest.mark.parametrize("words", [nullcontext, plainly], ids=["kept words", "plainly"])
def test_the_order_by_marks_goes_on_from_page_to_page_as_the_plain_query_has_it(cast, commission, words):
    made, rows, found = commission("student", "student2", "colleague")
    for row, values in zip(rows[:2], ((3, 4), (5, 5)), strict=True):
        for who, value in zip(("mentor", "expert"), values, strict=True):
            mark(cast, row, who, value)
    hr = cast.user("hr")
    colleague = make.person("Aytən Rzayeva", "hr3@cast.example")
    make.affiliation(colleague, cast.azerisiq, Role.HR)
    seen = {"hr": [rows[1], rows[0], rows[2]], "hr3": [rows[0], rows[2]]}
    actions.note_conflict(found, rows[1], colleague, actor=hr, note="Bacısı oğludur")
    for name, user in (("hr", hr), ("hr3", colleague.user)):
        plain = worklists.working_rows(user).filter(programme=made)
        plain = plain.annotate(commission_mean=marks.mean_score(found, user))
        ordered = plain.order_by(F("commission_mean").desc(nulls_last=True), "-pk")
        assert list(ordered) == seen[name]
        with words():  # of a long list, what is among the best by the index of the means
            best = listed._by_marks(user, Key(made.pk), Key(found.pk), "", SORTS["commission"], 9)[:9]
        assert best == [(row.pk, row.commission_mean) for row in ordered if row.commission_mean is not None]
        expected, user.page_size = marks.results(found, user, [row.pk for row in rows]), 1
        with words():  # of a long list, with its numbers
            _counts, page = listed.by_marks(user, made, found, "", {"declined"})
            pages = [
                listed.read(user, listed.Wanted(made, "", SORTS["score"], typed), {}, (), found)[1]
                for typed in ("", fold(rows[0].person.family_name)[:4])
            ]
        assert (page.rows, bool(page.next)) == (list(ordered)[:1], True)
        many = copy(found)
        many.items_marked = 5  # more than are looked among, of whom less is told
        with words():
            (apart, alone), (beside, page) = (listed.by_marks(user, made, r, "", ()) for r in (found, many))
        assert (page.rows, beside) == (alone.rows, apart) == (list(ordered)[:1], apart)
        told = [(row.pk, row.marked) for one in pages for row in one.rows]
        assert told == [(key, expected.get(key)) for key, _marked in told] != []
        type(user).objects.filter(pk=user.pk).update(page_size=2)
        client = Client()
        client.force_login(user)
        url, told = f"{reverse('internships:worklist')}?programme={made.slug}&sort=commission", []
        while url:
            with words():
                page = client.get(url).context
            told += [line.application for line in page["lines"]]
            query = page["page"]["next_url"]
            url = query and reverse("internships:worklist") + query
        assert told == seen[name], name


def test_a_second_commission_hides_the_first_ones_marks_only_once_it_marks(cast, login, commission):
    made, (row,), found = commission("student")
    mark(cast, row, "mentor", 4)
    chair = cast.user("hr")
    actions.move(found, "close", actor=chair)
    due = timezone.now() + timedelta(days=7)
    second = actions.open_round(KEY, made, [cast.expert], actor=chair, title="İkinci", due=due)
    hr = login("hr")
    assert found.get_absolute_url().split("/")[3] in text(hr.get(row.get_absolute_url()))
    actions.assign_automatically(second, actor=chair)
    actions.move(second, "start", actor=chair)
    assert str(second.uid) in text(hr.get(row.get_absolute_url()))


def test_a_decided_candidate_waits_for_no_mark_and_what_was_given_stays(cast, commission):
    _made, (row,), _found = commission("student")
    mark(cast, row, "mentor", 4)
    from internships import actions as internships

    internships.refuse(
        Application.objects.get(pk=row.pk), actor=cast.user("hr"), code="stronger", note="Digəri"
    )
    assert Review.objects.to_mark().count() == 0
    assert Review.objects.counted().get().score == Decimal(4)
