"""Questions of a programme: written by human resources, answered with the draft, read by those concerned."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from internships import actions
from internships.models import Programme
from internships.personal import RULES
from internships.tests import makers
from internships.tests.drafts import edit, picture, posted
from partnerships.calls.models import Answer, Question
from partnerships.common.refusals import Blocked, Refused
from partnerships.documents.models import Document
from partnerships.testing.worlds import world

pytestmark = pytest.mark.usefixtures("english")
YES_NO = [{"key": "yes", "az": "Bəli", "en": "Yes"}, {"key": "no", "az": "Xeyr", "en": "No"}]


def ask(cast, made, label, kind="text", *, by="hr", **values):
    made = makers.fresh(made)
    return actions.save_question(made, actor=cast.user(by), kind=kind, label_az=label, **values)


@pytest.fixture
def asked(cast, made):
    return made_asked(cast, made)


@world
def made_asked(cast, made):
    """Needs a room? If so, from when; beside it a text of five words, a file."""
    room = ask(cast, made, "Yataqxana lazımdır?", "choice", choices=YES_NO, required=True)
    since = ask(cast, made, "Hansı gündən?", "date", shown_if=room, shown_values=["yes"], required=True)
    words = ask(cast, made, "Beş sözlə", "long", longest=5, limit_unit="words")
    file = ask(cast, made, "Sertifikat", "file")
    return room, since, words, file


@pytest.fixture
def begun(cast, made, asked):
    return made_begun(cast, made)


@world
def made_begun(cast, made):
    return actions.start_application(makers.vacancy(made), actor=cast.user("student"))


def answered(application, do="save", **values):
    """A post of the draft in which these questions (q1=..) are shown."""
    return {**posted(application, do), "asked": list(values), **values}


def answers(application):
    rows = Answer.objects.filter(object_id=application.pk).order_by("question__position")
    return [row.value or row.document.name for row in rows]


def test_answers_are_kept_with_the_draft_half_ones_too_and_asked_for_only_when_it_is_sent(
    cast, made, asked, begun, login
):
    room, since, words, file = asked
    client = login("student")
    long = "bir iki üç dörd beş altı"
    saved = client.post(
        f"{edit(begun)}save/", answered(begun, **{room.name: "yes", since.name: "sabah", words.name: long})
    )
    assert saved.status_code == 200, saved.content.decode()
    assert answers(begun) == ["yes", "sabah", long]
    page = client.get(edit(begun))
    assert [row.problem for row in page.context["questions"]] == [
        "",
        "Write a day, such as 31.12.2027.",
        "Words: 6; at most 5 are allowed.",
        "",
    ]
    check = client.get(f"/internships/applications/{begun.uid}/check/")
    assert [(p.text, p.url) for p in check.context["problems"]] == [
        ("Hansı gündən? – Write a day, such as 31.12.2027.", f"{edit(begun)}#{since.name}"),
        ("Beş sözlə – Words: 6; at most 5 are allowed.", f"{edit(begun)}#{words.name}"),
    ]
    with pytest.raises(Blocked) as refused:
        actions.submit(begun, actor=cast.user("student"))
    assert refused.value.refusal.code == "not_answered"
    # Sent, the one that is no longer asked is gone, and so is its file's like.
    body = answered(begun, "check", **{room.name: "no", since.name: "2027-06-20", words.name: "bir iki"})
    client.post(edit(begun), {**body, file.name: picture()})
    assert answers(begun) == ["no", "2027-06-20", "bir iki", "səhifə.jpg"]
    actions.submit(makers.again(begun), actor=cast.user("student"))
    assert answers(begun) == ["no", "bir iki", "səhifə.jpg"]


def test_the_calendar_of_a_date_offers_the_years_that_are_taken(cast, made, begun, login):
    ask(cast, made, "Nə vaxtdan?", "date")
    ask(cast, made, "Nə vaxta qədər?", "date", latest=date(2027, 5, 1))
    page = login("student").get(reverse("internships:draft", args=[begun.uid])).text
    assert 'type="date" min="1900-01-01" max="2199-12-31"' in page
    assert 'type="date" min="1900-01-01" max="2027-05-01"' in page


def test_what_cannot_be_kept_is_said_at_its_question_and_the_rest_is_kept(cast, asked, begun, login):
    room, _since, words, file = asked
    client = login("student")
    exe = SimpleUploadedFile("c.pdf", b"MZ\x90\x00" + b"\x00" * 200, "application/pdf")
    body = answered(begun, "check", **{room.name: "perhaps", words.name: "x" * 200_000, file.name: exe})
    page = client.post(edit(begun), body)
    assert page.status_code == 422
    assert [question for question, _why in page.context["refused_answers"]] == [room, words, file]
    assert "x" * 200_000 in page.content.decode()
    assert answers(begun) == []
    told = client.post(f"{edit(begun)}save/", answered(begun, **{room.name: "perhaps"}))
    assert told.status_code == 422
    assert told.json()["detail"].startswith("Yataqxana lazımdır? – One of these answers is not offered")


def test_an_answered_file_is_private_replaced_and_taken_away_by_its_button(cast, asked, begun, login):
    file = asked[3]
    client = login("student")
    client.post(edit(begun), {**posted(begun), file.name: picture(name="bir.jpg")})
    first = Document.objects.get()
    client.post(edit(begun), {**posted(begun), file.name: picture("grey", "iki.jpg")})
    kept = Document.objects.get()
    assert (kept.name, kept.kind, kept.mime, kept.pk == first.pk) == (
        "iki.jpg",
        "answer",
        "image/jpeg",
        False,
    )
    assert [
        login(who).get(kept.get_absolute_url()).status_code for who in ("student", "colleague", "hr")
    ] == [
        200,
        404,
        404,
    ]
    actions.attach(begun, [picture(name="cv.jpg")], kind="cv", actor=cast.user("student"))
    assert Document.objects.filter(kind="answer").count() == 1  # a CV replaces no answer
    client.post(edit(begun), posted(begun, f"unanswer:{file.pk}"))
    assert (answers(begun), list(Document.objects.values_list("kind", flat=True))) == ([], ["cv"])


def test_questions_of_another_programme_and_other_peoples_drafts_are_out_of_reach(cast, made, begun, login):
    other = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Başqa")
    foreign = ask(cast, other, "Özgə sual", by="hr2")
    foreign_file = ask(cast, other, "Özgə fayl", "file", by="hr2")
    login("student").post(edit(begun), answered(begun, **{foreign.name: "x", foreign_file.name: picture()}))
    assert Answer.objects.count() == Document.objects.count() == 0
    from django.core.exceptions import ValidationError

    for attempt in (
        lambda: actions.save_draft(begun, actor=cast.user("student"), answers={foreign.pk: "x"}),
        lambda: actions.answer_by_file(begun, foreign_file, picture(), actor=cast.user("student")),
    ):
        with pytest.raises(ValidationError):
            attempt()
    with pytest.raises(Refused):
        actions.save_draft(begun, actor=cast.user("student2"), answers={1: "x"})


def test_two_windows_with_different_answers_are_told_apart(cast, asked, begun, login):
    words = asked[2]
    client = login("student")
    stale = answered(begun, **{words.name: "ikinci"})
    client.post(edit(begun), answered(begun, **{words.name: "birinci"}))
    assert client.post(f"{edit(begun)}save/", stale).status_code == 409
    page = client.post(edit(begun), stale)
    assert page.status_code == 409
    assert [row.text for row in page.context["theirs_answers"]] == ["birinci"]
    assert answers(begun) == ["birinci"]


# Read ----------------------------------------------------------------------------------------------


@pytest.fixture
def sent(cast, made, asked, begun):
    room, _since, words, _file = asked
    actions.save_draft(begun, actor=cast.user("student"), answers={room.pk: "no", words.pk: "=1+1"})
    actions.submit(begun, actor=cast.user("student"))
    return makers.again(begun)


def shown(answer):
    return [(row.label, row.text) for row in answer.context["answers"]]


TOLD = [("Yataqxana lazımdır?", "No"), ("Beş sözlə", "=1+1"), ("Sertifikat", "")]


def test_answers_are_read_by_whoever_may_see_the_application(cast, sent, login):
    page = sent.get_absolute_url()
    assert [shown(login(who).get(page)) for who in ("student", "coordinator")] == [TOLD, TOLD]
    strangers = ("coordinator2", "student2", "colleague", "hr2", "hr")
    assert [login(who).get(page).status_code for who in strangers] == [
        404
    ] * 5  # the company after endorsement
    actions.endorse(sent, actor=cast.user("coordinator"))
    assert shown(login("hr").get(page)) == TOLD
    desk = login("hr").get(reverse("internships:decide"), {"application": str(sent.uid)})
    assert shown(desk) == TOLD  # beside the buttons that decide


def test_the_companys_table_has_a_column_for_each_question_and_runs_no_formula(cast, made, sent, login):
    actions.endorse(sent, actor=cast.user("coordinator"))

    def table(who):
        answer = login(who).get(f"/exports/internships.applications/?programme={made.slug}")
        rows = list(load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.rows)
        return [[cell.value for cell in row] for row in rows], rows[1]

    rows, cells = table("hr")
    assert rows[0][-4:] == ["Yataqxana lazımdır?", "Hansı gündən?", "Beş sözlə", "Sertifikat"]
    assert rows[1][-4:] == ["No", None, "=1+1", None]
    assert cells[-2].data_type == "s"
    assert "Yataqxana lazımdır?" not in table("coordinator")[0][0]


def test_the_api_tells_the_questions_to_everybody_and_takes_answers_with_ones_own_draft(
    cast, made, asked, begun, login, client
):
    room, since, _words, _file = asked
    told = client.get(f"/api/v1/programmes/{made.slug}/").json()["questions"]
    assert [(row["id"], row["kind"], row["shown_if"]) for row in told[:2]] == [
        (room.pk, "choice", None),
        (since.pk, "date", room.pk),
    ]
    mine = login("student")
    path = f"/api/v1/applications/{begun.uid}/"

    def patch(browser, *given):
        rows = [{"question": key, "value": value} for key, value in given]
        return browser.patch(path, {"answers": rows}, content_type="application/json")

    kept = patch(mine, (room.pk, "yes"), (since.pk, "2027-06-20"))
    assert kept.json()["answers"] == [
        {"question": room.pk, "value": "yes", "document": None},
        {"question": since.pk, "value": "2027-06-20", "document": None},
    ]
    assert patch(mine, (room.pk, "perhaps")).status_code == 400
    assert patch(mine, (999999, "x")).status_code == 400
    assert patch(mine, ("x", "x")).status_code == 400
    assert patch(mine, (room.pk, {"a": []})).status_code == 400
    assert patch(login("student2"), (room.pk, "no")).status_code == 404
    assert answers(begun) == ["yes", "2027-06-20"]


def test_a_draft_that_was_read_over_the_api_may_be_sent_back_whole(cast, asked, begun, login):
    room, _since, _words, file = asked
    actions.save_draft(begun, actor=cast.user("student"), answers={room.pk: "yes"})
    actions.answer_by_file(begun, file, picture(), actor=cast.user("student"))
    path, mine = f"/api/v1/applications/{begun.uid}/", login("student")
    row = mine.get(path).json()
    assert [bool(one["document"]) for one in row["answers"]] == [False, True]

    def patch(sent):
        return mine.patch(path, sent, content_type="application/json")

    again = patch(row)
    assert (again.status_code, again.json()["answers"]) == (200, row["answers"])
    row["answers"][0]["value"] = "no"
    assert patch(row).json()["answers"][0]["value"] == "no"
    row["answers"][1]["document"] = str(begun.uid)  # a file is uploaded, not named
    assert patch(row).status_code == 400


# Written by the company ------------------------------------------------------------------------------


def test_human_resources_write_order_and_take_out_questions_on_the_programmes_page(cast, made, login):
    client = login("hr")
    base = f"/internships/manage/programmes/{made.slug}/questions/"
    body = {"version": 1, "kind": "choice", "label_az": "Növbə", "label_en": "Shift", "limit_unit": "words"}
    refused = client.post(f"{base}new/", body)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["options_az"])
    assert client.post(f"{base}new/", {**body, "options_az": "Gündüz\nGecə"}).status_code == 302
    shift = Question.objects.get()
    night = shift.choices[1]["key"]
    text = {"version": 1, "kind": "text", "label_az": "Səbəb", "limit_unit": "characters", "longest": 10}
    client.post(f"{base}new/", {**text, "condition": [f"{shift.pk}:{night}"]})
    page = client.get(base)
    assert [row.label for row, _n in page.context["rows"]] == ["Shift", "Səbəb"]
    assert page.context["rows"][1][0].condition == "Only where the answer to “Shift” is: Gecə"
    assert client.get(f"{base}{shift.pk}/").status_code == 200
    reason = Question.objects.get(label_az="Səbəb")
    assert client.post(base, {"do": f"up:{reason.pk}"}).status_code == 302
    assert [row.pk for row in Question.objects.all()] == [shift.pk, reason.pk]  # not before what decides
    client.post(base, {"do": f"remove:{reason.pk}"})
    assert Programme.objects.with_call().get(pk=made.pk).call.question_count == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "long", "shortest": "50", "longest": "10"}, "longest"),
        ({"kind": "number", "minimum": "10", "maximum": "2"}, "maximum"),
        ({"kind": "date", "earliest": "2027-05-01", "latest": "2027-01-01"}, "latest"),
        ({"kind": "date", "earliest": "0026-05-01"}, "earliest"),
        ({"kind": "date", "latest": "9999-12-31"}, "latest"),
    ],
)
def test_bounds_the_wrong_way_round_or_in_no_year_are_told_at_their_field(cast, made, login, values, field):
    address = f"/internships/manage/programmes/{made.slug}/questions/new/"
    answer = login("hr").post(
        address, {"version": 1, "label_az": "Nə qədər?", "limit_unit": "words", **values}
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_once_applications_were_sent_the_questions_stay(cast, made, sent, asked, login):
    room = asked[0]
    base = f"/internships/manage/programmes/{made.slug}/questions/"
    client = login("hr")
    assert client.get(base).context["frozen"]
    assert client.get(f"{base}new/").url == base
    client.post(base, {"do": f"remove:{room.pk}"})
    client.post(
        f"{base}{room.pk}/", {"version": 1, "label_az": "Dəyişib", "label_en": "Room?", "kind": "text"}
    )
    room.refresh_from_db()
    assert (room.label_az, room.label_en, room.kind) == ("Yataqxana lazımdır?", "Room?", "choice")
    with pytest.raises(Blocked):
        ask(cast, made, "Yeni")


@pytest.mark.parametrize("who", ["hr2", "student", "coordinator", "stranger"])
def test_nobody_else_writes_the_questions(cast, made, asked, login, who):
    client = login(who)
    base = f"/internships/manage/programmes/{made.slug}/questions/"
    for path in (base, f"{base}new/", f"{base}{asked[0].pk}/"):
        assert client.get(path).status_code == 404, path
        assert client.post(path, {"do": f"remove:{asked[0].pk}"}).status_code == 404, path
    with pytest.raises(Refused):
        ask(cast, made, "Özgə", by=who)
    assert Question.objects.count() == 4


def test_a_question_of_another_programme_is_not_reached_through_ones_own(cast, made, login):
    other = makers.programme(cast, by="hr2", host=cast.other_company, unit=cast.other_plant, title="Başqa")
    foreign = ask(cast, other, "Özgə sual", by="hr2")
    client = login("hr")
    base = f"/internships/manage/programmes/{made.slug}/questions/"
    assert client.get(f"{base}{foreign.pk}/").status_code == 404
    assert client.post(base, {"do": f"remove:{foreign.pk}"}).status_code == 404
    assert Question.objects.count() == 1


def test_a_copy_of_the_programme_asks_the_same(cast, made, asked):
    copy = actions.clone_programme(makers.fresh(made), actor=cast.user("hr"))
    twins = makers.fresh(copy).call.asked
    assert [row.label_az for row in twins] == [row.label_az for row in asked]
    assert twins[1].shown_if == twins[0]


@pytest.mark.parametrize("state", ["refused", "not_submitted"])
def test_answers_of_what_came_to_nothing_go_in_time_with_its_words(asked, begun, state):
    _room, _since, words, _file = asked
    begun.answers.create(question=words, value="mənim şəxsi sözlərim")
    late = timezone.now() - timedelta(days=3 * 365)
    type(begun).objects.filter(pk=begun.pk).update(state=state, state_since=late, motivation="")
    rule = next(rule for rule in RULES if rule.key == "internships.refused")
    border = timezone.now() - timedelta(days=rule.days)
    assert (rule.due(border), rule.remove(border), rule.due(border)) == (1, 1, 0)
    assert answers(begun) == []
