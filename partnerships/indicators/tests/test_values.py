"""What the portal cannot count is reported with its source, confirmed by another, and then counts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import QueryDict
from django.urls import reverse

from partnerships.common.clock import today
from partnerships.common.indicator import Unit, unit_of
from partnerships.common.list_asked import Asked
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused, StaleState
from partnerships.directory.actions import name_deputy
from partnerships.directory.asked import plainly
from partnerships.directory.models import Deputyship
from partnerships.documents.actions import remove, store
from partnerships.documents.models import Document
from partnerships.indicators import actions, catalogue, places, reports, rules
from partnerships.indicators.models import Measure, ReportedValue, Target
from partnerships.indicators.source import SOURCE, search
from partnerships.indicators.views_values import ACTS, VALUES
from partnerships.indicators.workflow import VALUE
from partnerships.privacy.actions.erasing import erase_person
from partnerships.testing.files import pdf, upload
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change

YEAR = today().year


def reported(cast, who="hr", where="azerisiq", **values):
    given = {
        "year": YEAR,
        "amount": Decimal(125000),
        "source": "Tətbiq aktı № 12",
        "partner": None,
        **values,
    }
    return actions.report("research.effect", getattr(cast, where), actor=cast.user(who), **given)


def again(value):
    return ReportedValue.objects.with_rows().get(pk=value.pk)


def counted(key="research.effect", place=""):
    found = Measure.objects.filter(indicator=key, year=YEAR, place=place).first()
    return found and found.value


def test_a_value_counts_once_somebody_else_has_confirmed_it_and_no_longer_when_cancelled(cast):
    made = reported(cast, partner=cast.aztu)
    actions.collect(["research.effect"])
    assert counted() is None
    confirmed = actions.confirm(made, actor=cast.user("partnerships"))
    both = f"{cast.azerisiq.pk}:{cast.aztu.pk}"
    assert (confirmed.confirmed_by, counted(), counted(place=both)) == (cast.partnerships, 125000, 125000)
    actions.cancel(again(made), actor=cast.user("partnerships"), note="İki dəfə sayılıb")
    assert counted() is None
    verbs = [row.verb for row in Change.objects.of(made).order_by("pk")]
    assert verbs == ["report", "confirm", "cancel"]


@pytest.mark.parametrize(
    ("reporter", "where", "may"),
    [
        ("hr", "azerisiq", {"partnerships"}),
        ("partnerships", "azerisiq", set()),
        ("hr2", "other_company", {"partnerships"}),
        ("rector", "aztu", {"partnerships"}),
        ("coordinator", "aztu", {"rector", "partnerships"}),
    ],
)
def test_who_confirms(cast, reporter, where, may):
    made = reported(cast, reporter, where)
    found = set()
    for who in ("hr", "hr2", "partnerships", "rector", "coordinator", "coordinator2", "student", "mentor"):
        try:
            actions.give_back(again(made), actor=cast.user(who), note="Aktı əlavə edin")
        except Refused:
            continue
        found.add(who)
        ReportedValue.objects.filter(pk=made.pk).update(state="reported")
    assert found == may


def test_what_is_reported_is_checked_and_nobody_reports_for_others(cast):
    wrong = [
        {"year": YEAR + 1},
        {"year": 1990},
        {"amount": Decimal(0)},
        {"source": "  "},
        {"partner": cast.azerisiq},
    ]
    for values in wrong:
        with pytest.raises(ValidationError) as error:
            reported(cast, **values)
        assert list(error.value.error_dict) == list(values)
    with pytest.raises(ValidationError):
        actions.report(
            "ideas.noted", cast.azerisiq, actor=cast.user("hr"), year=YEAR, amount=Decimal(1), source="x"
        )
    for who, where in [("hr2", "azerisiq"), ("rector", "adnsu"), ("student", "aztu"), ("mentor", "azerisiq")]:
        with pytest.raises(Refused):
            reported(cast, who, where)
    assert ReportedValue.objects.count() == 0


def test_a_number_that_was_corrected_meanwhile_is_not_confirmed_unseen(cast, login):
    made = reported(cast)
    client = login("partnerships")
    page = reverse("indicators:act", args=[made.uid, "confirm"])
    version = client.get(page).context["form"]["version"].value()
    actions.correct(
        made,
        actor=cast.user("hr"),
        year=YEAR,
        amount=Decimal(9),
        source="Akt",
        grade="estimated",
        note="",
        partner=None,
    )
    late = client.post(page, {"version": version})
    assert (late.status_code, again(made).state) == (422, "reported")
    assert "Rəqəm bu arada düzəldilib. Geri qayıdıb oxuyun" in late.content.decode()
    with pytest.raises(StaleState):
        actions.confirm(made, actor=cast.user("partnerships"), version=version)
    now = client.get(page).context["form"]["version"].value()
    assert client.post(page, {"version": now}).status_code == 302
    assert counted() == 9
    again_pressed = client.post(page, {"version": now})
    assert (again_pressed.status_code, again(made).state) == (302, "confirmed")


def test_a_value_goes_back_with_a_reason_and_its_reporter_corrects_or_withdraws_it(cast):
    made, head = reported(cast), cast.user("partnerships")
    with pytest.raises(Missing):
        actions.give_back(made, actor=head, note="")
    actions.give_back(again(made), actor=head, note="Aktın tarixini yazın")
    assert [todo.title for todo in SOURCE.waits(cast.user("hr"))] == ["Düzəliş edin: İqtisadi səmərə"]
    with pytest.raises(Refused):
        actions.withdraw(again(made), actor=head, note="x")
    actions.withdraw(again(made), actor=cast.user("hr"), note="Səhv rəqəm")
    with pytest.raises(IllegalTransition):
        actions.confirm(again(made), actor=head)


def test_the_strip_of_what_was_sent_back_says_why_until_it_is_corrected(cast, login):
    made = reported(cast)
    actions.give_back(made, actor=cast.user("partnerships"), note="Aktın <tarixini> yazın")
    strip = 'dir="auto">Səbəb: Aktın &lt;tarixini&gt; yazın</span>'
    page = login("hr").get(made.get_absolute_url())
    assert strip in page.text
    corrected = {"year": YEAR, "amount": Decimal(9), "source": "Akt", "grade": "measured", "note": ""}
    actions.correct(again(made), actor=cast.user("hr"), partner=None, **corrected)
    assert strip not in login("hr").get(made.get_absolute_url()).text


def test_a_reporter_who_answers_for_the_house_is_offered_one_way_to_take_a_value_back(cast):
    made = reported(cast, "rector", "aztu")
    actions.give_back(made, actor=cast.user("partnerships"), note="Aktın tarixini yazın")

    def offered(who):
        return [one.name for one in VALUE.available(again(made), cast.user(who))]

    assert (offered("rector"), offered("partnerships")) == (["correct", "withdraw"], ["cancel"])
    with pytest.raises(Refused):
        actions.cancel(again(made), actor=cast.user("rector"), note="Səhv")
    ReportedValue.objects.update(state="confirmed", confirmed_by=cast.partnerships)
    assert (offered("rector"), offered("partnerships")) == (["cancel"], ["cancel"])


def test_strangers_find_nothing_and_partners_what_is_confirmed(cast, login):
    made = reported(cast, partner=cast.aztu)
    url = made.get_absolute_url()
    before = {
        who: login(who).get(url).status_code for who in ("hr", "hr2", "rector", "coordinator2", "student")
    }
    assert before == {"hr": 200, "hr2": 404, "rector": 404, "coordinator2": 404, "student": 404}
    assert login("hr2").get("/indicators/values/").context["rows"] == []
    actions.confirm(made, actor=cast.user("partnerships"))
    assert [login(who).get(url).status_code for who in ("rector", "coordinator2", "hr2")] == [200, 404, 404]
    assert login("hr2").post(f"{url}cancel/", {"note": "x"}).status_code == 404
    assert login("rector").post(f"{url}cancel/", {"note": "x"}).status_code == 403


def test_the_list_in_kept_words_has_for_each_what_they_see(cast):
    actions.confirm(reported(cast, partner=cast.aztu), actor=cast.user("partnerships"))
    reported(cast)
    reported(cast, who="hr2", where="other_company", partner=cast.azerisiq)
    actions.withdraw(reported(cast, who="rector", where="aztu"), actor=cast.user("rector"), note="Səhv")
    seen = {}
    for who in ("hr", "hr2", "rector", "coordinator2", "partnerships"):
        for query in ("", "show=confirmed", "show=withdrawn"):
            kept = Asked(VALUES, cast.user(who), QueryDict(query))
            found = [row.pk for row in kept.of_page()], kept.counts
            with plainly():
                anew = Asked(VALUES, cast.user(who), QueryDict(query))
                assert found == ([row.pk for row in anew.of_page()], anew.counts), (who, query)
            assert found[0] == [row.pk for row in anew.rows().order_by("-pk")]
            seen[who, query] = len(found[0])
    every = [seen[who, ""] for who in ("hr", "hr2", "rector", "coordinator2", "partnerships")]
    assert (every, seen["rector", "show=confirmed"]) == ([2, 1, 2, 0, 4], 1)
    with pytest.raises(Refused):
        Asked(VALUES, cast.user("student"), QueryDict()).of_page()


def test_a_value_is_reported_on_a_page_with_its_evidence(cast, login):
    client = login("hr")
    typed = {
        "indicator": "technopark.jobs", "organization": cast.azerisiq.pk, "year": YEAR,
        "amount": "1\u00a0012,5",
        "grade": "measured", "source": "", "note": "", "partner": cast.aztu.pk,
    }  # fmt: skip
    wrong = client.post(reverse("indicators:new"), typed)
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["source"])
    foreign = client.post(
        reverse("indicators:new"), {**typed, "source": "Akt", "organization": cast.other_company.pk}
    )
    assert (foreign.status_code, list(foreign.context["form"].errors)) == (422, ["organization"])
    done = client.post(
        reverse("indicators:new"), {**typed, "source": "=1+1", "evidence": upload(pdf(), "akt.pdf")}
    )
    made = ReportedValue.objects.get()
    assert (done["Location"], made.amount) == (made.get_absolute_url(), Decimal("1012.5"))
    evidence = made.document.get_absolute_url()
    assert [login(who).get(evidence).status_code for who in ("partnerships", "hr2", "rector")] == [
        200,
        404,
        404,
    ]
    assert client.post(reverse("document_remove", args=[made.document.uid])).status_code == 403
    assert ReportedValue.objects.get().document == made.document


def test_nobody_is_offered_their_own_house_as_the_partner(cast, login):
    form = login("hr").get(reverse("indicators:new")).context["form"]
    offered = set(form.fields["partner"].queryset)
    assert (cast.azerisiq in offered, cast.aztu in offered) == (False, True)


def test_whose_number_was_cancelled_by_another_does_not_read_that_they_took_it_back(cast, login):
    value = reported(cast)
    actions.give_back(value, actor=cast.user("partnerships"), note="Akt bu ilə aid deyil")
    actions.cancel(again(value), actor=cast.user("partnerships"), note="Belə səmərə olmayıb")
    page = login("hr").get(value.get_absolute_url()).text
    assert "Ləğv edilib: sayılmır" in page
    assert "Geri götürülüb" not in page


def test_a_number_that_is_sent_again_by_going_back_counts_once(cast, login):
    first = reported(cast)
    client, address = login("hr"), reverse("indicators:new")
    typed = {
        "indicator": "research.effect", "organization": cast.azerisiq.pk, "year": YEAR, "amount": "125000",
        "grade": "measured", "source": "tətbiq  aktı № 12", "note": "", "partner": "",
    }  # fmt: skip
    twice = client.post(address, typed)
    assert (twice.status_code, list(twice.context["form"].errors)) == (422, ["source"])
    assert "artıq təqdim edilib" in twice.content.decode()
    for other in ({"amount": "125001"}, {"source": "Tətbiq aktı № 13"}, {"partner": cast.aztu.pk}):
        assert client.post(address, {**typed, **other}).status_code == 302
    actions.withdraw(again(first), actor=cast.user("hr"), note="Səhv")
    assert client.post(address, typed).status_code == 302
    assert ReportedValue.objects.count() == 5


def test_what_proves_a_number_outlives_its_reporter_without_a_name(cast):
    made = reported(cast, evidence=upload(pdf(), "Leyla-akt.pdf"))
    store(upload(pdf(2), "cv.pdf"), owner=cast.hr, kind="cv", actor=SYSTEM)
    Document.objects.update(
        content_type=None, object_id=None
    )  # no holder keeps it, the number alone names it
    with pytest.raises(Refused):
        remove(made.document, actor=cast.user("hr"))
    erase_person(cast.hr)
    kept = Document.objects.get(owner=cast.hr)
    assert (again(made).document, kept.name) == (kept, "—")
    assert default_storage.exists(kept.stored)


# Targets ----------------------------------------------------------------------------------------------
def test_a_target_is_set_by_who_answers_for_the_place_and_its_history_stays(cast, login):
    rector = cast.user("rector")
    first = actions.set_target("internships.practices", cast.aztu, YEAR, actor=rector, value=Decimal(40))
    with pytest.raises(StaleState):
        actions.set_target("internships.practices", cast.aztu, YEAR, actor=rector, value=Decimal(1))
    actions.set_target(
        "internships.practices", cast.aztu, YEAR, actor=rector, value=Decimal(50), version=first.version
    )
    data = [row.data for row in Change.objects.of(first).order_by("pk")]
    assert data == [{"from": "", "to": "40"}, {"from": "40.00", "to": "50"}]
    for who, where in [("coordinator", cast.aztu), ("rector", cast.adnsu), ("rector", None), ("hr", None)]:
        with pytest.raises(Refused):
            actions.set_target("internships.practices", where, YEAR, actor=cast.user(who), value=Decimal(1))
    actions.set_target(
        "internships.practices", None, YEAR, actor=cast.user("partnerships"), value=Decimal(90)
    )
    assert Target.objects.visible_to(cast.user("rector")).get().organization == cast.aztu
    assert Target.objects.visible_to(cast.user("coordinator2")).count() == 0
    page = f"/indicators/internships.practices/target/?place={cast.aztu.slug}"
    assert [login(who).get(page).status_code for who in ("rector", "coordinator", "hr2")] == [200, 403, 404]
    set_again = login("rector").post(page, {"version": 2, "value": "60,5"})
    assert (set_again.status_code, Target.objects.get(organization=cast.aztu).value) == (302, Decimal("60.5"))


def test_who_sets_a_target_after_somebody_else_sees_both_numbers_and_may_send_again(cast, login):
    rector, place = login("rector"), {"organization": cast.aztu, "indicator": "internships.practices"}
    page = f"/indicators/internships.practices/target/?place={cast.aztu.slug}"
    assert rector.post(page, {"version": "", "value": "40"}).status_code == 302
    slower = rector.post(page, {"version": "", "value": "70", "note": "Yeni laboratoriya"})
    form = slower.context["form"]
    shown = [(one.theirs, one.mine) for one in form.differences]
    assert (slower.status_code, form["value"].value(), shown) == (409, "70", [("40", "70")])
    assert rector.post(page, {"version": form["version"].value(), "value": "70"}).status_code == 302
    assert Target.objects.get(**place).value == 70


def test_who_corrects_a_value_in_two_windows_sees_both_and_may_send_again(cast, login):
    made, client = reported(cast), login("hr")
    page = reverse("indicators:act", args=[made.uid, "correct"])
    typed = {"year": YEAR, "grade": "estimated", "note": "", "partner": "", "source": "Akt"}
    first = client.get(page).context["form"]["version"].value()
    assert client.post(page, {**typed, "version": first, "amount": "9"}).status_code == 302
    slower = client.post(page, {**typed, "version": first, "amount": "8"})
    form = slower.context["form"]
    assert (slower.status_code, len(form.differences)) == (409, 1)
    now = form["version"].value()
    assert client.post(page, {**typed, "version": now, "amount": "8"}).status_code == 302
    assert again(made).amount == 8


def test_every_page_of_a_verb_of_a_value_says_what_follows(cast, login):
    assert [verb for verb, act in ACTS.items() if not str(act.intro)] == []
    page = login("partnerships").get(reverse("indicators:act", args=[reported(cast).uid, "confirm"]))
    assert "təqdim edənə bildiriş gedir" in page.content.decode()
    made = ReportedValue.objects.get()
    assert f" · {made.year} · " in page.content.decode()


def test_indicators_are_found_by_who_reads_them(cast):
    assert [hit.url for hit in search(cast.user("rector"), "iqtisadi", 5)] == ["/indicators/research.effect/"]
    assert search(cast.user("student"), "iqtisadi", 5) == []


def test_programs_read_what_the_pages_show_and_no_more(cast, login):
    actions.confirm(reported(cast), actor=cast.user("partnerships"))
    own = login("hr").get("/api/v1/indicators/research.effect/").json()
    assert (own["years"][-1], own["reported"]) == (
        {"year": YEAR, "value": "125000.0000", "hidden": False},
        True,
    )
    others = login("hr2").get("/api/v1/indicators/research.effect/").json()
    assert others["years"][-1]["value"] == "0.0000"
    everything = login("hr2").get("/api/v1/indicators/", {"place": "all"})
    codes = [login(who).get("/api/v1/indicators/").status_code for who in ("partnerships", "student")]
    assert (everything.status_code, codes) == (404, [200, 403])
    counts = {who: len(login(who).get("/api/v1/reported-values/").json()["results"]) for who in ("hr", "hr2")}
    assert counts == {"hr": 1, "hr2": 0}


def test_a_reported_number_of_few_people_stays_in_the_house(cast, login):
    """Three trained at the other company: neither the operator's page nor the partner's line tells."""
    made = actions.report(
        "training.trained",
        cast.other_company,
        actor=cast.user("hr2"),
        year=YEAR,
        amount=Decimal(3),
        source="Akt",
    )
    actions.confirm(made, actor=cast.user("partnerships"))
    page = "/indicators/training.trained/"
    hidden = login("partnerships").get(page).context
    assert (hidden["row"].now.hidden, hidden["grades"]) == (True, [])
    assert [one["line"].cell.hidden for _label, lines in hidden["tables"] for one in lines] == [True]
    own = login("hr2").get(page).context
    assert (own["row"].now.words, own["row"].now.hidden) == ("3", False)


def test_who_stands_in_for_the_reporter_does_not_confirm_their_number(cast):
    made = reported(cast, "coordinator", "aztu")
    assert rules.confirms(cast.user("rector"), made)
    name_deputy(
        cast.affiliation("coordinator"),
        cast.rector,
        actor=cast.user("coordinator"),
        starts=today(),
        ends=today(),
        reason="Məzuniyyət",
    )
    deputy = cast.user("rector")
    assert [one.title for one in SOURCE.waits(deputy)] == []
    with pytest.raises(Blocked) as refused:
        actions.confirm(made, actor=deputy)
    assert refused.value.refusal.code == "same_eyes"
    assert actions.confirm(again(made), actor=cast.user("partnerships")).confirmed_by == cast.partnerships


@pytest.mark.parametrize(("first", "last"), [(0, 0), (-9, -3), (3, 9)])
def test_whoever_has_a_deputy_does_not_confirm_what_that_one_reported(cast, login, first, last):
    name_deputy(
        cast.affiliation("rector"),
        cast.coordinator,
        actor=cast.user("rector"),
        starts=today(),
        ends=today(),
        reason="Məzuniyyət",
    )
    days = {"starts": today() + timedelta(days=first), "ends": today() + timedelta(days=last)}
    Deputyship.objects.update(**days)
    made = reported(cast, "coordinator", "aztu")
    rector = cast.user("rector")
    if first:  # over before it was reported, or not begun: somebody else like everybody
        assert len(SOURCE.waits(rector)) == 1
        assert actions.confirm(again(made), actor=rector).state == "confirmed"
        return
    assert SOURCE.waits(rector) == []
    page = login("rector").get(made.get_absolute_url()).text
    assert "Bu rəqəmi sizi əvəz edən şəxs təqdim edib" in page
    for act in (actions.confirm, actions.give_back):
        with pytest.raises(Blocked) as refused:
            act(again(made), actor=rector, note="Mənbə")
        assert refused.value.refusal.code == "same_eyes"
    assert [one.title for one in SOURCE.waits(cast.user("partnerships"))] != []
    assert actions.confirm(again(made), actor=cast.user("partnerships")).confirmed_by == cast.partnerships


def test_a_number_and_its_unit_agree():
    unit = Unit("product", "products")
    assert [unit_of(value, unit) for value in (0, 1, Decimal(1), Decimal("1.5"), 2)] == [
        "products", "product", "product", "products", "products",
    ]  # fmt: skip
    assert (str(unit), unit_of(1, "hours")) == ("products", "hours")


def test_numbers_and_records_in_kept_words_are_those_of_plain_queries(cast):
    actions.set_target("research.effect", None, YEAR, actor=cast.user("partnerships"), value=Decimal(5))
    actions.confirm(reported(cast, partner=cast.aztu), actor=cast.user("partnerships"))
    actions.collect(["research.effect"])
    looked_at = (
        (cast.user("partnerships"), reports.Scope(None)),
        (cast.user("rector"), reports.Scope(cast.aztu, cast.azerisiq)),
    )

    def found(user, scope):
        one, every = catalogue.indicator("research.effect"), catalogue.indicators().values()
        return (
            *(reports.overview(scope, YEAR).groups, reports.by_partner(scope, one, YEAR)),
            *(reports.years(scope), reports.year_counted(one, YEAR), places.partners(scope.organization)),
            [one.key for one in every if one.opens and reports.has_records(scope, one, YEAR, user)],
        )

    for user, scope in looked_at:
        in_words = found(user, scope)
        with plainly():
            assert in_words == found(user, scope)
        assert in_words[-1] == [
            one.key
            for one in catalogue.indicators().values()
            if one.opens and reports.records(scope, one, YEAR, user).exists()
        ]
        assert "research.effect" in in_words[-1]
