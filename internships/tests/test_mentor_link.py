"""The mentor's link: whom it lets in, what it can do, and everybody whom it must not let in."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.apps import apps
from django.test import Client
from PIL import Image

from internships import actions, links
from internships.enums import DiaryState as D
from internships.enums import PlacementState, Source
from internships.models import Evaluation, MentorLink, Placement
from internships.tests import makers
from internships.tests.mentor_links import DAYS, handed, opened, picks, states, with_days
from partnerships.accounts.models import User
from partnerships.common.refusals import Refused
from partnerships.directory.models import Affiliation, Person
from partnerships.documents.models import DocumentView
from partnerships.testing.files import jpeg, pdf, upload
from partnerships.workflow.models import Change

pytestmark = pytest.mark.usefixtures("summer", "english")


@pytest.fixture
def placed(cast):
    return with_days(cast)


def everything():
    """All rows of all tables, but what a visit leaves by itself."""
    left_out = {"Session", "UserSession"}
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model.__name__ not in left_out
    }


# What it can do ------------------------------------------------------------------------------------
def test_the_mentor_confirms_all_on_one_page_without_an_account(cast, placed, client):
    address = links.path_of(opened(cast, placed))
    page = client.get(address)
    assert page.status_code == 200
    assert "Nigar Məmmədova" in page.content.decode()
    answer = client.post(address, {"do": "confirm", "pick": picks(placed)})
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert states(placed) == [D.CONFIRMED] * 3
    assert set(placed.diary.values_list("confirmed_source", flat=True)) == {Source.LINK}
    line = Change.objects.of(placed).filter(verb="diary_confirmed").get()
    assert (line.actor_kind, line.person_id, line.actor_name) == ("link", cast.mentor.pk, "Rəşad Səfərov")


def test_a_day_is_returned_with_its_reason_and_what_was_typed_survives_a_refusal(cast, placed, client):
    address = links.path_of(opened(cast, placed))
    first = picks(placed)[:1]
    bare = client.post(address, {"do": "return", "pick": first, "week": "2027-06-14", "note": " "})
    assert (bare.status_code, states(placed)) == (422, [D.SUBMITTED] * 3)
    none = client.post(address, {"do": "return", "week": "2027-06-14", "note": "Yeri yazın"})
    assert "Yeri yazın" in none.content.decode()
    client.post(address, {"do": "return", "pick": first, "week": "2027-06-14", "note": "Yeri yazın"})
    assert states(placed) == [D.RETURNED, D.SUBMITTED, D.SUBMITTED]
    shown = client.get(address).content.decode()  # whose words these are stands before them
    assert '<b>What is to be changed:</b> <span dir="auto">Yeri yazın</span>' in shown


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("", "Give the date."),
        ("2020-01-01", "This day lies outside the practice: 15 June – 31 July."),
    ],
)
def test_an_absence_that_is_not_taken_says_why_at_its_day_and_keeps_what_was_typed(
    cast, placed, client, day, told
):
    address = links.path_of(opened(cast, placed))
    answer = client.post(address, {"do": "absence", "date": day, "reason": "family", "note": "Zəng etdi"})
    page = answer.content.decode()
    assert (answer.status_code, placed.absences.count()) == (422, 0)
    assert f'<p id="error_1_absence_date"><strong>{told}</strong></p>' in page
    assert 'href="#absence_date"' in page
    assert 'value="Zəng etdi"' in page
    assert '<option value="family" selected>' in page


def test_absences_are_recorded_excused_and_made_up_behind_the_link(cast, placed, client):
    address = links.path_of(opened(cast, placed))
    client.post(address, {"do": "absence", "date": "2027-06-18", "reason": "illness", "note": "Zəng etdi"})
    absence = placed.absences.get()
    client.post(address, {"do": "excuse", "absence": str(absence.uid)})
    client.post(address, {"do": "make_up", "absence": str(absence.uid), "made_up_on": "2027-06-17"})
    absence.refresh_from_db()
    assert (absence.state, absence.made_up_on) == ("made_up", date(2027, 6, 17))
    taken = {"do": "reopen_absence", "absence": str(absence.uid), "note": "Səhv gün " * 250}
    wordy = client.post(address, taken)
    assert (wordy.status_code, wordy.content.decode().count("Səhv gün")) == (422, 250)


def test_the_page_speaks_both_languages(cast, placed, client, settings):
    address = links.path_of(opened(cast, placed))
    for language, word in (("az", "Seçilmiş günləri təsdiqlə"), ("en", "Confirm the chosen days")):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        text = client.get(address).content.decode()
        assert f'lang="{language}"' in text
        assert word in text


# GET and forged forms ------------------------------------------------------------------------------
def test_opening_the_address_changes_nothing_whoever_opens_it(cast, placed, client):
    address = links.path_of(opened(cast, placed))
    client.get(address)
    before = everything()
    for method in ("get", "head"):
        assert getattr(client, method)(address).status_code == 200
    assert client.options(address).status_code == 405
    assert everything() == before
    assert MentorLink.objects.get().last_used is None


def test_a_forged_form_is_refused(cast, placed):
    address = links.path_of(opened(cast, placed))
    client = Client(enforce_csrf_checks=True)
    assert client.post(address, {"do": "confirm", "pick": picks(placed)}).status_code == 403
    assert states(placed) == [D.SUBMITTED] * 3


def test_the_page_is_kept_by_nobody_and_listed_by_nobody(cast, placed, client):
    answer = client.get(links.path_of(opened(cast, placed)))
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Referrer-Policy"] == "same-origin"


# Whom it does not let in ---------------------------------------------------------------------------
def test_a_token_that_was_changed_opens_nothing_and_says_what_to_do(cast, placed, client):
    token = links.token_of(opened(cast, placed))
    other = "A" if token[5] != "A" else "B"
    for given in (token[:5] + other + token[6:], token[:-1], "x", token.split(".")[0] + "." + "a" * 43):
        page = client.get(f"/internships/m/{given}/")
        assert page.status_code == 404
        assert "Send me the address" in page.content.decode()
        assert "Nigar" not in page.content.decode()
        assert (
            client.post(f"/internships/m/{given}/", {"do": "confirm", "pick": picks(placed)}).status_code
            == 404
        )
    assert states(placed) == [D.SUBMITTED] * 3


def test_the_link_of_one_practice_reaches_no_day_of_another(cast, placed, client):
    other = makers.active(cast, Placement.objects.get().programme, "colleague")
    handed(cast, other, "colleague")
    address = links.path_of(opened(cast, placed))
    answer = client.post(address, {"do": "confirm", "pick": picks(other)})
    assert (answer.status_code, states(other)) == (302, [D.SUBMITTED] * 3)
    absence = actions.report_absence(other, date(2027, 6, 18), actor=cast.user("colleague"), reason="family")
    assert client.post(address, {"do": "excuse", "absence": str(absence.uid)}).status_code == 400
    with pytest.raises(Refused):
        actions.confirm_day(
            other.diary.first(), actor=links.actor_of(links.open_link(address.split("/")[-2]))
        )


@pytest.mark.parametrize(
    "way", ["revoked", "renewed", "other mentor", "left", "erased", "shut out", "cancelled", "over"]
)
def test_a_link_whose_time_is_over_does_not_open_nor_act(cast, placed, client, time_machine, way):
    address = links.path_of(opened(cast, placed))
    hr, picked = cast.user("hr"), picks(placed)
    if way == "revoked":
        actions.revoke_mentor_link(placed, actor=hr)
    elif way == "renewed":
        actions.renew_mentor_link(placed, actor=hr)
    elif way == "other mentor":
        Placement.objects.update(mentor=cast.trainer)
    elif way == "left":
        Affiliation.objects.filter(person=cast.mentor).update(ends="2027-06-17")
    elif way == "erased":
        Person.objects.filter(pk=cast.mentor.pk).update(erased_at="2027-06-17T00:00Z")
    elif way == "shut out":
        shut_out = User.objects.create_user(email="rasad@cast.example", is_active=False)
        Person.objects.filter(pk=cast.mentor.pk).update(user=shut_out)
    elif way == "cancelled":
        Placement.objects.update(state=PlacementState.CANCELLED)
    else:
        time_machine.move_to("2027-09-29T21:00:00Z", tick=False)  # 60 days after 31 July, in Baku
        assert client.get(address).status_code == 410
    assert client.get(address).status_code == 410
    answer = client.post(address, {"do": "confirm", "pick": picked})
    assert (answer.status_code, states(placed)) == (410, [D.SUBMITTED] * 3)
    assert "Nigar" not in answer.content.decode()


def test_on_its_last_day_it_opens(cast, placed, client, time_machine):
    address = links.path_of(opened(cast, placed))
    time_machine.move_to("2027-09-29T19:00:00Z", tick=False)
    assert client.get(address).status_code == 200


def test_a_replay_of_what_was_sent_changes_nothing_more(cast, placed, client):
    address = links.path_of(opened(cast, placed))
    data = {"do": "confirm", "pick": picks(placed)}
    client.post(address, data)
    before = Change.objects.count()
    actions.reopen_days(
        placed, [(str(e.uid), e.version) for e in placed.diary.all()], actor=cast.user("hr"), note="Səhv"
    )
    client.post(address, data)
    assert states(placed) == [D.RETURNED] * 3
    assert Change.objects.exclude(verb__in=["reopen", "diary_reopened"]).count() == before


def test_too_many_presses_are_asked_to_wait(cast, placed, client):
    address = links.path_of(opened(cast, placed))
    answers = [client.post(address, {"do": "confirm"}).status_code for _n in range(62)]
    assert (answers[:60], answers[60:]) == ([422] * 60, [429, 429])


MARKS = dict.fromkeys(("discipline", "safety", "knowledge", "skill", "initiative", "teamwork"), "5")


def test_the_final_evaluation_is_given_behind_the_link_once(cast, placed, client, time_machine):
    address = links.path_of(opened(cast, placed))
    data = {"do": "evaluate", "kind": "mentor_final", **MARKS, "recommended": "yes", "comment": "Çalışqan"}
    early = client.post(address, data)
    assert (early.status_code, placed.evaluations.count()) == (422, 0)
    time_machine.move_to("2027-07-28T11:30:00Z", tick=False)
    half = client.post(address, {**data, "safety": ""})
    assert (half.status_code, "Çalışqan" in half.content.decode()) == (422, True)
    wordy = client.post(address, {**data, "comment": "Çalışqan " * 250}).content.decode()
    assert (
        "At most 2000 characters can be kept here; you wrote 2249." in wordy,
        wordy.count("Çalışqan"),
    ) == (True, 250)
    assert placed.evaluations.count() == 0
    assert client.post(address, data).status_code == 302
    given = placed.evaluations.get()
    assert (given.state, given.source, given.given_by, given.recommended) == (
        "submitted",
        Source.LINK,
        cast.mentor,
        True,
    )
    again = client.post(address, {**data, "recommended": "no"})
    given.refresh_from_db()
    assert (again.status_code, given.recommended) == (422, True)
    # What was given stays to be read and is not asked again; opened again it is there to be changed.
    Evaluation.objects.create(
        placement=placed, kind="mentor_mid", state="submitted", comment="Yarısı yaxşıdır"
    )
    page = client.get(address).content.decode()
    assert [word in page for word in ("Yarısı yaxşıdır", "Çalışqan", "Mean: 5.0")] == [True] * 3
    assert ('value="evaluate"' in page, "ask human resources to open it again" in page) == (False, True)
    actions.reopen_evaluation(given, actor=cast.user("hr"), note="Bal dəyişir")
    page = client.get(address).content.decode()
    picked = re.findall(r'<input type="radio" name="(\w+)" value="(\w+)" checked', page)
    assert (dict(picked), "Çalışqan</textarea>" in page) == ({**MARKS}, True)


# Photos --------------------------------------------------------------------------------------------
def test_the_photos_of_a_day_are_seen_behind_the_link_and_nothing_else_is(cast, placed, client):
    student, address = cast.user("student"), links.path_of(opened(cast, placed))
    day = {"minutes": 300, "site": "", "work": "iş", "learned": ""}
    handed_in = actions.write_day(placed, date(2027, 6, 18), actor=student, **day)
    photo = actions.add_photo(handed_in, upload(jpeg((1200, 900)), "a.jpg"), actor=student)
    at = f"{address}photos/{photo.uid}/"
    assert client.get(at).status_code == 404  # a draft is the student's alone
    actions.submit_day(handed_in, actor=student)
    assert f'src="{at}?small"' in client.get(address).content.decode()
    small, whole = client.get(f"{at}?small"), client.get(at)
    assert [Image.open(BytesIO(one.content)).size for one in (small, whole)] == [(320, 240), (1200, 900)]
    kept = ("Cache-Control", "X-Content-Type-Options", "Content-Security-Policy")
    assert [small[name] for name in kept] == ["private, no-store", "nosniff", "sandbox; default-src 'none'"]
    other = makers.active(cast, Placement.objects.get().programme, "colleague")
    theirs = actions.write_day(other, DAYS[0], actor=cast.user("colleague"), **day)
    foreign = actions.add_photo(theirs, upload(jpeg(), "b.jpg"), actor=cast.user("colleague"))
    actions.submit_day(theirs, actor=cast.user("colleague"))
    report = actions.attach_report(placed, [upload(pdf(), "r.pdf")], actor=student, title="Hesabat")
    for document in (foreign, report.documents.get()):
        assert client.get(f"{address}photos/{document.uid}/").status_code == 404
        assert client.get(document.get_absolute_url()).status_code == 302  # to the sign-in
    assert DocumentView.objects.count() == 0
    actions.revoke_mentor_link(placed, actor=cast.user("hr"))
    assert (client.get(at).status_code, client.post(at).status_code) == (404, 405)


@pytest.mark.parametrize(("day", "folded"), [("2027-07-01", True), ("2027-07-09", False)])
def test_the_evaluation_half_way_stays_folded_until_the_middle(
    cast, placed, client, time_machine, day, folded
):
    time_machine.move_to(f"{day}T08:00:00Z", tick=False)
    page = client.get(links.path_of(opened(cast, placed))).content.decode()
    assert ("Give it now" in page, 'name="kind" value="mentor_mid"' in page) == (folded, True)


def test_the_evaluation_is_the_mentors_move_once_no_day_waits(cast, placed, client, time_machine):
    time_machine.move_to("2027-07-28T11:30:00Z", tick=False)
    address = links.path_of(opened(cast, placed))
    moves = []
    for data in (
        {"do": "confirm", "pick": picks(placed)},
        {"do": "evaluate", "kind": "mentor_final", **MARKS},
    ):
        page = client.get(address).content.decode()
        moves.append(("Your move: 3 days wait" in page, "Your move: evaluate" in page))
        assert client.post(address, {**data, "recommended": "yes"}).status_code == 302
    page = client.get(address).content.decode()
    moves.append(("Nothing waits for you now" in page, "Your move: evaluate" in page))
    assert moves == [(True, False), (False, True), (True, False)]


def test_once_the_mark_is_given_the_page_is_read_and_nothing_is_done_there(cast, placed, client):
    address = links.path_of(opened(cast, placed))
    seen = picks(placed)
    client.post(address, {"do": "absence", "date": "2027-06-18", "reason": "illness", "note": ""})
    client.post(address, {"do": "confirm", "pick": seen[:1]})
    assert 'name="do"' in client.get(address).content.decode()
    Placement.objects.filter(pk=placed.pk).update(state=PlacementState.ASSESSED)
    page = client.get(address).content.decode()
    assert ('name="do"' in page, "Nigar Məmmədova" in page) == (False, True)
    absence = placed.absences.get()
    for data in (
        {"do": "confirm", "pick": seen},
        {"do": "reopen", "pick": picks(placed), "note": "Səhv"},
        {"do": "excuse", "absence": str(absence.uid)},
    ):
        client.post(address, data)
    assert states(placed) == [D.CONFIRMED, D.SUBMITTED, D.SUBMITTED]
    absence.refresh_from_db()
    assert absence.state == "reported"
