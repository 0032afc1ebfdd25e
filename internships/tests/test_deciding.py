"""The desk and each decision: next in line, stale pages, what was typed, and who is kept out."""

import pytest
from django.urls import reverse

from internships import actions
from internships.enums import ApplicationState as A
from internships.models import Application
from internships.tests import makers

DESK = reverse("internships:decide")


@pytest.fixture
def summer(cast):
    return makers.programme(cast, seats=1)


def url(application, verb):
    return reverse("internships:decision", args=[application.uid, verb])


def posted(application, **values):
    """What the desk's forms send."""
    return {
        "desk": "1",
        "seen": application.version,
        "next": "",
        "programme": application.programme.slug,
        **values,
    }


def test_the_best_score_comes_first_and_the_next_one_follows(cast, login, summer):
    low, high = makers.endorsed(cast, summer, "student"), makers.endorsed(cast, summer, "colleague")
    actions.assess(low, actor=cast.user("hr"), score=60, note="")
    actions.assess(high, actor=cast.user("hr"), score=90, note="")
    hr = login("hr")
    page = hr.get(DESK, {"programme": summer.slug})
    assert (page.context["application"], page.context["number"], page.context["left"]) == (high, 1, 2)
    refusal = {"code": "stronger", "note": "Bu dəfə yox.", "next": page.context["next_uid"]}
    response = hr.post(url(high, "refuse"), posted(high, **refusal), follow=True)
    assert response.context["application"] == low
    assert response.context["last"] == high
    assert makers.again(high).state == A.REFUSED


def test_an_empty_desk_says_so(cast, login, summer):
    page = login("hr").get(DESK)
    assert page.status_code == 200
    assert "application" not in page.context or not page.context["application"]


def test_a_refusal_needs_its_reason_and_keeps_what_was_typed(cast, login, summer):
    application = makers.endorsed(cast, summer)
    response = login("hr").post(
        url(application, "refuse"), posted(application, code="", note="Güclü idi, amma")
    )
    assert response.status_code == 422
    assert list(response.context["refused"]["refuse"].errors) == ["code"]
    assert "Güclü idi, amma" in response.content.decode()
    assert makers.again(application).state == A.IN_REVIEW


def test_the_second_of_two_is_told_what_the_first_decided_and_goes_on(cast, login, summer):
    first, second = makers.endorsed(cast, summer, "student"), makers.endorsed(cast, summer, "colleague")
    sent = posted(first, code="stronger", note="Yox.", next=str(second.uid))
    actions.waitlist(first, actor=cast.user("hr"))
    kept = login("hr").post(url(first, "refuse"), sent)
    assert (kept.status_code, kept.context["typed"][-1:]) == (409, ["Yox."])
    response = login("hr").post(url(first, "waitlist"), sent | {"note": ""}, follow=True)
    assert response.context["application"] == second
    told = [str(message) for message in response.context["messages"]]
    assert len(told) == 1
    assert "Nigar Məmmədova" in told[0]
    assert "Leyla Rəhimova" in told[0]
    assert makers.again(first).state == A.WAITLISTED


def test_an_offer_names_the_place_and_tells_when_no_seat_is_left(cast, login, summer):
    cable = makers.place(cast, summer, unit=cast.aran, title_az="Kabel şəbəkəsi", seats=1)
    main = makers.vacancy(summer)
    one = makers.endorsed(cast, summer, "student", main, cable)
    two = makers.endorsed(cast, summer, "colleague", main, cable)
    hr = login("hr")
    assert hr.post(url(one, "offer"), posted(one, vacancy=cable.pk)).status_code == 302
    assert makers.again(one).offered_vacancy == cable
    response = hr.post(url(two, "offer"), posted(two, vacancy=cable.pk, note="Gözləyirik"))
    assert response.status_code == 422
    assert len(list(response.context["refused"]["offer"].non_field_errors())) == 1
    assert "Gözləyirik" in response.content.decode()
    assert makers.again(two).state == A.IN_REVIEW
    stranger = makers.place(cast, summer, title_az="Başqa yer")
    assert hr.post(url(two, "offer"), posted(two, vacancy=stranger.pk)).status_code == 422


def test_who_comes_too_late_for_a_seat_is_told_so_for_little(
    cast, login, summer, django_assert_max_num_queries
):
    one, two = makers.endorsed(cast, summer, "student"), makers.endorsed(cast, summer, "colleague")
    place, hr, late = makers.vacancy(summer), login("hr"), login("colleague")
    actions.offer(one, actor=cast.user("hr"))
    with django_assert_max_num_queries(13):
        assert hr.post(url(two, "offer"), {"vacancy": place.pk}).status_code == 422
    with django_assert_max_num_queries(10):
        address = reverse("internships:act", args=[two.uid, "accept"])
        assert late.post(address).status_code == 409


def test_seats_and_the_universitys_quota_stand_beside_each_choice(cast, login, summer):
    place = makers.vacancy(summer)
    actions.set_seats(place.position, place.period, 5, actor=cast.user("hr"), quotas={cast.aztu.pk: 2})
    application = makers.endorsed(cast, summer)
    label = login("hr").get(DESK).context["places"][0]["label"]
    assert application.choices.count() == 1
    assert "5" in label
    assert "0" in label.rpartition("·")[2]
    assert "2" in label.rpartition("·")[2]


def test_the_place_in_the_waiting_list_is_shown(cast, login, summer):
    for who, score in (("student", 50), ("colleague", 95)):
        application = makers.endorsed(cast, summer, who)
        actions.assess(application, actor=cast.user("hr"), score=score, note="")
        actions.waitlist(application, actor=cast.user("hr"))
    page = login("hr").get(DESK, {"application": str(Application.objects.get(person=cast.student).uid)})
    assert [place["in_line"] for place in page.context["places"]] == [2]
    makers.endorsed(cast, summer, "student2")  # stands in no line itself
    places = login("hr").get(DESK).context["places"]
    assert [(place["in_line"], place["line"]) for place in places] == [(None, 2)]


def test_taking_an_offer_back_and_reconsidering_have_pages_that_ask_why(cast, login, summer):
    application = makers.offered(cast, summer)
    hr = login("hr")
    assert hr.get(url(application, "revoke")).status_code == 200
    assert hr.post(url(application, "revoke"), {"note": " "}).status_code == 422
    assert (
        hr.post(url(application, "revoke"), {"note": "Yer bağlandı."})["Location"]
        == application.get_absolute_url()
    )
    assert makers.again(application).state == A.IN_REVIEW
    actions.refuse(application, actor=cast.user("hr"), code="other", note="Səhv.")
    assert hr.post(url(application, "reconsider"), {"note": "Səhv idi."}).status_code == 302
    assert makers.again(application).state == A.IN_REVIEW


def test_who_opens_a_decision_that_no_longer_stands_to_be_made_is_told_how_it_stands(cast, login, summer):
    application = makers.endorsed(cast, summer)
    actions.waitlist(application, actor=cast.user("hr"))
    page = login("hr").get(reverse("internships:decision", args=[application.uid, "waitlist"]))
    told = "Bu addım hazırkı vəziyyətdə mümkün deyil: Gözləmə siyahısı."
    assert str(page.context["refusal"]).startswith(told)


@pytest.mark.parametrize(
    ("who", "code"), [("hr2", 404), ("coordinator", 403), ("mentor", 404), ("student", 403)]
)
def test_nobody_else_decides(cast, login, summer, who, code):
    application = makers.endorsed(cast, summer)
    client = login(who)
    for verb in ("offer", "waitlist", "refuse"):
        sent = posted(application, vacancy=makers.vacancy(summer).pk, code="other", note="Yox.")
        assert client.post(url(application, verb), sent).status_code == code
    assert makers.again(application).state == A.IN_REVIEW


def test_another_companys_desk_shows_nothing_of_ours(cast, login, summer):
    application = makers.endorsed(cast, summer)
    hr2 = login("hr2")
    assert hr2.get(DESK, {"programme": summer.slug}).status_code == 404
    assert hr2.get(DESK, {"application": str(application.uid)}).status_code == 404
    assert "Nigar" not in hr2.get(DESK).content.decode()
    assert login("coordinator").get(DESK).status_code == 403


def test_each_colleague_keeps_an_own_score_and_a_bad_one_is_said_on_the_field(cast, login, summer):
    application = makers.endorsed(cast, summer)
    actions.assess(application, actor=cast.user("hr"), score=80, note="")
    hr = login("hr")
    score = reverse("internships:assess", args=[application.uid])
    sent = posted(application, **{"assess-score": "90", "assess-note": "Sxemləri oxuyur."})
    assert hr.post(score, sent).status_code == 302
    assert makers.again(application).score == 90
    assert application.assessments.count() == 1
    sent = posted(application, **{"assess-score": "900", "assess-note": "Qalsın"})
    response = hr.post(score, sent)
    assert response.status_code == 422
    assert "score" in response.context["refused"]["assess"].errors
    assert "Qalsın" in response.content.decode()
    assert login("hr2").post(score, sent).status_code == 404
    assert login("coordinator").post(score, sent).status_code == 403
    assert makers.again(application).score == 90


def test_a_score_or_a_note_is_enough_and_neither_is_called_optional(cast, login, summer):
    application = makers.endorsed(cast, summer)
    hr = login("hr")
    score = reverse("internships:assess", args=[application.uid])
    empty = hr.post(score + "?lang=en", posted(application, **{"assess-score": ""}))
    html = empty.content.decode()
    assert (empty.status_code, "Give a score or write a note." in html) == (422, True)
    labels = {
        name: html.split(f'for="id_assess-{name}"')[1].split("</label>")[0] for name in ("score", "note")
    }
    assert not any("(optional)" in label for label in labels.values())
    assert "A score alone or a note alone is enough." in html
    sent = posted(application, **{"assess-score": "", "assess-note": "Sxemləri oxuyur."})
    assert hr.post(score, sent).status_code == 302
    assert application.assessments.get().score is None


def test_the_desk_is_read_within_its_budget(cast, login, summer, django_assert_max_num_queries):
    application = makers.endorsed(cast, summer)
    actions.assess(application, actor=cast.user("hr"), score=80, note="Yaxşı")
    client = login("hr")
    client.get(reverse("home"))
    with django_assert_max_num_queries(15):  # a list and a detail in one
        client.get(DESK)
