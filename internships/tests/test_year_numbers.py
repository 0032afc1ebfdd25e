"""The numbers of a year: what each side counts, what few answers hide, how long the steps took."""

from datetime import date, timedelta
from decimal import Decimal

import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from internships import actions
from internships.enums import EvaluationKind as K
from internships.enums import OutcomeKind
from internships.enums import PlacementState as S
from internships.models import Evaluation, Outcome, Placement
from internships.numbers import pace, yearly
from internships.tests import makers
from internships.tests.test_evaluating import marks
from internships.views import numbers
from partnerships.common.clock import BAKU, today


def test_each_side_counts_its_own_and_leadership_sees_no_student(cast, after, login):
    kabel = makers.programme(
        cast,
        by="hr2",
        host=cast.other_company,
        unit=cast.other_plant,
        title="Kabel istehsalı",
        deadlines=makers.chain(),
    )
    makers.placement(cast, kabel, "student2", by="hr2", mentor="mentor2")
    counts = {
        name: [line.opened for line in yearly.by_enterprise(yearly.counted(cast.user(name)))]
        for name in ("hr", "hr2", "coordinator", "coordinator2", "rector", "student", "mentor")
    }
    assert counts == {
        "hr": [1],
        "hr2": [1],
        "coordinator": [1],
        "coordinator2": [1],
        "rector": [1],
        "student": [],
        "mentor": [],
    }
    assert login("rector").get(reverse("internships:numbers")).status_code == 200
    assert login("rector").get(reverse("internships:year_students")).status_code == 403
    assert login("student").get(reverse("internships:numbers")).status_code == 403


def test_the_number_leads_to_its_students_by_enterprise_and_group(cast, after, login):
    client = login("hr")
    html = client.get(reverse("internships:numbers") + "?year=2027").content.decode()
    assert f"unit={cast.baki.slug}" in html
    found = client.get(
        reverse("internships:year_students"), {"year": "2027", "unit": cast.baki.slug, "group": "underway"}
    )
    assert [row.pk for row in found.context["placements"]] == [after.pk]
    assert list(found.context["asked"].by_name) == [after]
    none = client.get(reverse("internships:year_students"), {"year": "2027", "unit": cast.aran.slug})
    assert list(none.context["asked"].by_name) == []
    assert list(none.context["placements"]) == []
    exported = client.get(reverse("export", args=["internships.year_students"]), {"year": "2027"})
    assert exported["Content-Type"].endswith("sheet")


def test_the_groups_of_a_year_are_counted_as_they_are_listed(cast):
    first = makers.active(cast)
    second = makers.placement(cast, makers.programme(cast), "colleague")
    third = makers.placement(cast, second.programme, "student2")
    user, params = cast.user("hr"), QueryDict("year=2027")
    seen = {}
    for states, kind in (
        ((S.ACTIVE, S.ASSESSED, S.ENDED_EARLY), OutcomeKind.POOL),
        ((S.ASSESSED, S.ASSESSED, S.CANCELLED), OutcomeKind.HIRED),
        ((S.ASSESSED, S.ASSESSED, S.PREPARING), OutcomeKind.NONE),
    ):
        for row, state in zip((first, second, third), states, strict=True):
            Placement.objects.filter(pk=row.pk).update(state=state)
        Outcome.objects.all().delete()
        values = {"kind": kind, "decided_by": user, "decided_on": date(2027, 8, 2)}
        Outcome.objects.create(placement=second, consent_until=today() + timedelta(days=9), **values)
        asked = numbers.Asked(user, params)
        counts = asked.counts()
        assert counts.pop("every") == asked.base.count() == 3
        assert counts == {
            name: asked.base.filter(group.where).count() for name, group in numbers.GROUPS.items()
        }
        seen[kind] = {name: n for name, n in counts.items() if n}
    assert seen == {
        OutcomeKind.POOL: {"underway": 1, "assessed": 1, "broken_off": 1, "pool": 1},
        OutcomeKind.HIRED: {"assessed": 2, "broken_off": 1, "hired": 1, "unknown": 1},
        OutcomeKind.NONE: {"underway": 1, "assessed": 2, "unknown": 1},
    }


def test_in_the_pool_is_whose_consent_holds_and_the_list_says_who_is_paused(cast, login):
    made = makers.programme(cast, seats=4)
    day = today() + timedelta(days=9)
    for who, values in {
        "student": {"consent_until": day},
        "colleague": {"consent_until": day, "paused_until": day},
        "student2": {"consent_until": today() - timedelta(days=1)},
    }.items():
        Outcome.objects.create(
            placement=makers.placement(cast, made, who),
            kind=OutcomeKind.POOL,
            decided_by=cast.user("hr"),
            decided_on=date(2027, 8, 2),
            consent_at=timezone.now(),
            **values,
        )
    address = reverse("internships:year_students")
    pool = login("hr").get(address, {"year": "2027", "group": "pool", "lang": "en"})
    assert (
        len(pool.context["placements"])
        == numbers.Asked(cast.user("hr"), QueryDict("year=2027")).counts()["pool"]
        == 2
    )
    page = pool.content.decode()
    assert ("Talent pool, paused" in page, "consent ended" in page) == (True, False)
    everybody = login("hr").get(address, {"year": "2027", "lang": "en"}).content.decode()
    assert "Talent pool: consent ended" in everybody


def test_the_first_students_of_a_year_are_those_of_the_plain_query_for_each_reader(cast):
    made = makers.programme(cast, seats=3)
    for who in ("student", "colleague", "student2"):
        makers.placement(cast, made, who)
    seen = {}
    for who in ("hr", "coordinator", "coordinator2", "admin"):
        for group in ("", "underway", "assessed"):
            wanted = numbers.Asked(cast.user(who), QueryDict(f"year=2027&group={group}"))
            plain = list(wanted.found.order_by(*numbers.ORDER))
            for many in (False, True):
                assert wanted.page(QueryDict(), many=many).rows == plain, (who, group, many)
            assert wanted.counts()[group or "every"] == len(plain)
            seen[who, group] = len(plain)
    assert seen["hr", ""] == seen["hr", "underway"] == 3
    assert 0 < seen["coordinator2", ""] < 3
    assert seen["hr", "assessed"] == 0


def test_what_students_say_is_shown_from_five_answers_up(cast, after, settings):
    def say(placement):
        Evaluation.objects.create(
            placement=placement,
            kind=K.STUDENT,
            state="submitted",
            recommended=True,
            marks={"form": 1, **marks(K.STUDENT, 4)},
        )

    say(after)
    rows = yearly.in_year(yearly.counted(cast.user("hr")), 2027)
    assert yearly.opinions(rows) == []
    settings.SMALL_CELL = 1
    (opinion,) = yearly.opinions(rows)
    assert (opinion.node, opinion.answers, opinion.recommend) == (cast.baki.pk, 1, 100)
    assert {mean for _label, mean in opinion.rows} == {Decimal(4)}


def test_a_criterion_that_few_were_asked_about_is_not_shown(settings):
    given = [({"form": 1, "safety": 4}, True)] * settings.SMALL_CELL
    opinion = yearly._opinion(7, [*given[1:], ({"form": 2, "safety": 4, "mentor": 1}, False)])
    assert (opinion.answers, opinion.means) == (settings.SMALL_CELL, {"safety": Decimal("4.0")})


def test_means_grow_in_steps_of_five_so_that_the_sixth_answer_is_told_to_nobody(settings):
    def said(marks):
        return yearly._in_steps([({"form": 1, "safety": mark}, mark > 3) for mark in marks])

    five = said([4] * 5)
    assert [len(said([4] * n)) for n in (4, 5, 6, 9, 10, 14)] == [0, 5, 5, 5, 10, 10]
    assert yearly._opinion(7, said([4] * 5 + [1])) == yearly._opinion(7, five)
    ten = yearly._opinion(7, said([4] * 5 + [1] * 5))
    assert (ten.answers, ten.means, ten.recommend) == (10, {"safety": Decimal("2.5")}, 50)
    # A criterion that was added later grows in steps of its own, within the answers that count.
    asked = [({"form": 2, "safety": 4, "mentor": mark}, True) for mark in (5, 5, 5, 5, 5, 1)]
    assert yearly._opinion(7, [*five[:4], *asked]).means == {
        "safety": Decimal("4.0"),
        "mentor": Decimal("5.0"),
    }


def test_the_numbers_and_their_students_cost_the_same_for_one_as_for_three(cast, login):
    made = makers.programme(cast, seats=3)
    makers.placement(cast, made)
    client = login("hr")
    urls = [reverse(f"internships:{name}") + "?year=2027" for name in ("numbers", "year_students")]

    def asked(url):
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    assert [client.get(url).status_code for url in urls] == [200, 200]  # what is cached is there now
    before = [asked(url) for url in urls]
    for who in ("colleague", "student2"):
        makers.placement(cast, made, who)
    assert [asked(url) for url in urls] == before


# How long the steps take -------------------------------------------------------------------------------
def test_a_year_tells_how_long_university_company_and_student_took(cast):
    made = makers.programme(cast, endorsement_required=True)
    beginning = timezone.now()

    def on_day(day, verb, application, who, **values):
        with time_machine.travel(beginning + timedelta(days=day), tick=False):
            return makers.again(getattr(actions, verb)(application, actor=cast.user(who), **values))

    first, second = makers.sent(cast, made), makers.sent(cast, made, "colleague")
    first = on_day(2, "endorse", first, "coordinator")
    second = on_day(6, "endorse", second, "coordinator")
    on_day(5, "offer", first, "hr")
    year = beginning.astimezone(BAKU).year
    with time_machine.travel(beginning + timedelta(days=8), tick=False):

        def steps_of(name, year=year):
            user = cast.user(name)
            return pace.steps(user, pace.counted(user, year), leads_down=True)

        steps = steps_of("coordinator")
        found = {
            step.pace.state: (
                step.pace.left,
                step.pace.median and round(step.pace.median),
                step.pace.slow and round(step.pace.slow),
                step.pace.waiting,
                step.pace.longest and round(step.pace.longest),
            )
            for step in steps
        }
        of_the_company = [step.pace.state for step in steps_of("hr")]
        assert steps_of("hr2") == []
        assert steps_of("coordinator2") == []
        assert steps_of("coordinator", year - 1) == []
    assert found == {
        "submitted": (2, 4, 6, 0, None),
        "returned": (0, None, None, 0, None),
        "in_review": (1, 3, 3, 1, 2),
        "interview": (0, None, None, 0, None),
        "waitlisted": (0, None, None, 0, None),
        "offered": (0, None, None, 1, 3),
    }
    assert of_the_company == ["in_review", "interview", "waitlisted", "offered"]
