"""The pages: list, page, signing, paper, drafts; bad input, two presses, queries."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from partnerships.agreements import actions
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.lists import AGREEMENTS
from partnerships.agreements.models import Agreement, Signature
from partnerships.agreements.printing import agreement_pdf
from partnerships.agreements.source import SOURCE
from partnerships.agreements.tests import makers
from partnerships.common.clock import today
from partnerships.common.list_asked import Asked
from partnerships.directory.asked import plainly
from partnerships.testing import factories as make
from partnerships.testing import files


def url(agreement, verb=""):
    return f"{agreement.get_absolute_url()}{verb + '/' if verb else ''}"


def form(agreement, **more):
    return {
        "text_hash": makers.again(agreement).text.sha256,
        "legal_name": "Sevinc Quliyeva",
        "position": "Prorektor",
        "read": "on",
        **more,
    }


def test_the_whole_text_is_read_signed_with_one_press_and_kept_with_the_address(cast, login):
    agreement = makers.sent(cast)
    client = login("coordinator")
    page = client.get(url(agreement, "sign")).content.decode()
    assert agreement.text.sha256 in page
    assert "Xüsusi şərtlər" in page
    assert "gücləndirilmiş elektron imza deyil" in page
    answer = client.post(url(agreement, "sign"), form(agreement), REMOTE_ADDR="198.51.100.4")
    assert (answer.status_code, answer["Location"]) == (302, agreement.get_absolute_url())
    assert Signature.objects.get().ip == "198.51.100.4"
    again = client.post(url(agreement, "sign"), form(agreement))
    assert (again.status_code, Signature.objects.count()) == (302, 1)


def test_the_second_press_of_the_last_signature_is_no_error(cast, login):
    agreement = makers.signed_by(cast, makers.sent(cast), "coordinator")
    client, typed = login("hr"), form(agreement, legal_name="Leyla Rəhimova")
    codes = [client.post(url(agreement, "sign"), typed).status_code for _press in range(2)]
    assert (codes, Signature.objects.count(), makers.again(agreement).state) == ([302, 302], 2, A.IN_FORCE)


def test_what_is_missing_stands_on_its_field_and_what_was_typed_is_kept(cast, login):
    agreement = makers.sent(cast)
    client = login("coordinator")
    answer = client.post(url(agreement, "sign"), {**form(agreement), "read": ""})
    assert answer.status_code == 422
    assert "Sevinc Quliyeva" in answer.content.decode()
    wrong = client.post(url(agreement, "sign"), form(agreement, legal_name="Başqa Adam"))
    assert wrong.status_code == 422
    assert "Quliyeva Sevinc" in wrong.content.decode()
    assert Signature.objects.count() == 0


def test_a_changed_text_is_shown_anew_with_the_name_kept_and_the_tick_gone(cast, login):
    agreement = makers.sent(cast)
    old = form(agreement)
    back = actions.return_to_draft(agreement, actor=cast.user("hr"), note="Dəyişir")
    back = actions.change_draft(
        back, actor=cast.user("hr"), version=back.version, starts=today(), ends=None, terms_az="Yeni şərt"
    )
    actions.send(back, actor=cast.user("hr"))
    answer = login("coordinator").post(url(agreement, "sign"), old)
    page = answer.content.decode()
    assert (answer.status_code, Signature.objects.count()) == (409, 0)
    assert "Yeni şərt" in page
    assert "Sevinc Quliyeva" in page
    assert "checked" not in page
    assert makers.again(agreement).text.sha256 in page


def test_who_comes_after_a_colleague_is_told_who_signed(cast, login):
    agreement = makers.signed_by(cast, makers.sent(cast), "coordinator")
    client, words = login("rector"), "Təmsil etdiyiniz tərəf artıq imzalayıb: Quliyeva Sevinc"
    typed = form(agreement, legal_name="Vilayət Əliyev", position="Rektor")
    for answer in (
        client.get(url(agreement, "sign"), follow=True),
        client.post(url(agreement, "sign"), typed, follow=True),
    ):
        assert words in answer.content.decode()
    assert Signature.objects.count() == 1


def test_out_of_turn_the_page_says_who_is_first(cast, login):
    agreement = makers.sent(cast)
    page = login("hr").get(url(agreement, "sign")).content.decode()
    assert f"Əvvəlcə imzalayır: {cast.aztu.name}" in page
    answer = login("hr").post(url(agreement, "sign"), form(agreement, legal_name="Leyla Rəhimova"))
    assert (answer.status_code, Signature.objects.count()) == (422, 0)


def test_strangers_get_404_and_those_who_only_read_403(cast, login):
    agreement = makers.sent(cast)
    for verb in ("", "sign", "paper", "edit", "amend", "send", "return", "withdraw", "pdf", "text/1"):
        for name in ("coordinator2", "hr2", "student", "mentor", "stranger"):
            assert login(name).get(url(agreement, verb)).status_code == 404, (verb, name)
    assert login("partnerships").get(url(agreement, "sign")).status_code == 403
    assert login("coordinator").get(url(agreement, "edit")).status_code == 403
    assert login("coordinator").post(url(agreement, "withdraw")).status_code == 403
    assert login("hr").get(url(agreement, "no-such")).status_code == 404


def test_looking_changes_nothing(cast, login):
    agreement = makers.sent(cast)
    for verb in ("", "sign", "paper", "return", "withdraw", "pdf", "text/1"):
        assert login("hr").get(url(agreement, verb)).status_code == 200
    after = makers.again(agreement)
    assert (after.state, after.version) == (agreement.state, agreement.version)


def test_a_framework_is_made_read_changed_sent_and_returned_on_pages(cast, login):
    manager = login("partnerships")
    made = manager.post(
        "/agreements/new/",
        {
            "company": cast.azerisiq.pk,
            "university": cast.aztu.pk,
            "starts": today().isoformat(),
            "endless": "on",
            "terms_az": "Hər il 20 yer",
        },
    )
    agreement = Agreement.objects.get()
    assert (made.status_code, made["Location"]) == (302, agreement.get_absolute_url())
    assert "Hər il 20 yer" in manager.get(url(agreement)).content.decode()
    draft = {
        "version": agreement.version,
        "starts": today().isoformat(),
        "endless": "on",
        "notice_days": agreement.notice_days,
        "terms_az": "Hər il 30 yer",
        "signatory_university": cast.rector.pk,
        "signatory_company": "",
    }
    unknown = manager.post(url(agreement, "edit"), draft)
    assert (unknown.status_code, list(unknown.context["form"].errors)) == (422, ["position_university"])
    draft["position_university"] = "Rektor"
    assert manager.post(url(agreement, "edit"), draft).status_code == 302
    stale = manager.post(url(agreement, "edit"), {**draft, "terms_az": "Hər il 40 yer"})
    assert stale.status_code == 409
    (differs,) = stale.context["form"].differences
    assert (differs.theirs, differs.mine) == ("Hər il 30 yer", "Hər il 40 yer")
    assert manager.post(url(agreement, "send")).status_code == 302
    sent = makers.again(agreement)
    assert (sent.state, sent.awaiting.signatory) == (A.SIGNING, cast.rector)
    university = login("coordinator")
    assert university.post(url(agreement, "return"), {"note": " "}).status_code == 422
    assert university.post(url(agreement, "return"), {"note": "Yer azdır"}).status_code == 302
    assert "Yer azdır" in manager.get(url(agreement)).content.decode()
    assert [todo.title for todo in SOURCE.waits(cast.user("partnerships"))] == [
        f"Dəyişin və yenidən göndərin: {sent.title_az}"
    ]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends": "", "endless": ""}, "ends"),
        ({"ends": "2026-01-01", "starts": "2026-02-01"}, "ends"),
        ({"university": "0"}, "university"),
        ({"starts": "dünən"}, "starts"),
        ({"ends": "2030-01-01", "endless": "on"}, "endless"),
        ({"bilingual": "on", "terms_az": "Hər il 20 yer"}, "terms_en"),
    ],
)
def test_a_wrong_framework_form_makes_nothing(cast, login, wrong, field):
    given = {
        "company": cast.azerisiq.pk,
        "university": cast.aztu.pk,
        "starts": "2026-09-01",
        "ends": "2027-08-31",
    }
    answer = login("hr").post("/agreements/new/", {**given, **wrong})
    assert (answer.status_code, Agreement.objects.count()) == (422, 0)
    assert f'href="#id_{field}"' in answer.content.decode()


def test_a_company_one_does_not_manage_cannot_be_named(cast, login):
    given = {"company": cast.azerisiq.pk, "university": cast.aztu.pk, "starts": "2026-09-01", "endless": "on"}
    assert login("hr2").post("/agreements/new/", given).status_code == 422
    assert login("coordinator").post("/agreements/new/", given).status_code == 422
    assert login("student").post("/agreements/new/", given).status_code == 403
    assert Agreement.objects.count() == 0


def test_the_scan_is_uploaded_by_whose_turn_it_is_and_a_wrong_file_stays_on_its_field(cast, login):
    agreement = makers.sent(cast)
    client = login("coordinator")
    typed = {
        "text_hash": agreement.text.sha256,
        "legal_name": "Sevinc Quliyeva",
        "position": "Prorektor",
        "signed_on": today().isoformat(),
    }
    wrong = client.post(url(agreement, "paper"), {**typed, "scan": files.upload(b"MZ...", "virus.pdf")})
    assert (wrong.status_code, Signature.objects.count()) == (422, 0)
    done = client.post(url(agreement, "paper"), {**typed, "scan": files.upload(files.jpeg(), "imza.jpg")})
    assert (done.status_code, Signature.objects.get().method) == (302, "scan")
    assert "imza.jpg" in login("hr").get(url(agreement)).content.decode()


def test_human_resources_enter_the_paper_of_all_and_others_see_that_it_was_them(cast, login):
    agreement = makers.sent(cast)
    names = {f"name_{party.pk}": f"Ad Soyad {party.order}" for party in agreement.in_order}
    names |= {f"position_{party.pk}": f"Vəzifə {party.order}" for party in agreement.in_order}
    typed = {"all": "1", "text_hash": agreement.text.sha256, "signed_on": today().isoformat(), **names}
    answer = login("partnerships").post(
        url(agreement, "paper"), {**typed, "scan": files.upload(files.pdf(), "saziş.pdf")}
    )
    assert (answer.status_code, makers.again(agreement).state) == (302, A.IN_FORCE)
    page = login("coordinator").get(url(agreement)).content.decode()
    assert "daxil edən: Günel Hacıyeva" in page
    rows = Signature.objects.order_by("party__order").values_list("position", flat=True)
    assert list(rows) == ["Vəzifə 1", "Vəzifə 2"]


def test_the_position_under_a_signature_is_asked_for_where_nothing_says_it(cast, login):
    agreement, client = makers.signed_by(cast, makers.sent(cast), "coordinator"), login("hr")
    typed = form(agreement, legal_name="Leyla Rəhimova", position=" ")
    blank = client.post(url(agreement, "sign"), typed)
    assert (blank.status_code, list(blank.context["form"].errors)) == (422, ["position"])
    cast.hr.affiliations.update(position="Kadrlar şöbəsinin rəisi")
    assert client.get(url(agreement, "sign")).context["form"]["position"].value() == "Kadrlar şöbəsinin rəisi"
    client.post(url(agreement, "sign"), {**typed, "position": "Kadrlar şöbəsinin rəisi"})
    rows = Signature.objects.order_by("party__order").values_list("position", flat=True)
    assert list(rows) == ["Səlahiyyətli şəxs", "Kadrlar şöbəsinin rəisi"]
    text = PdfReader(io.BytesIO(agreement_pdf(makers.again(agreement)))).pages[-1].extract_text()
    assert "Kadrlar şöbəsinin rəisi" in " ".join(text.split())


def test_an_amendment_is_made_on_a_page_and_the_old_text_is_still_there(cast, login):
    old = makers.in_force(cast)
    client = login("hr")
    same = {"starts": old.starts.isoformat(), "ends": old.ends.isoformat()}
    assert client.post(url(old, "amend"), same).status_code == 422
    assert client.post(url(old, "amend"), {"starts": same["starts"], "endless": "on"}).status_code == 302
    new = Agreement.objects.get(kind="amendment")
    assert new.get_absolute_url() in client.get(url(old)).content.decode()
    assert new.get_absolute_url() not in login("coordinator").get(url(old)).content.decode()
    assert client.get(url(old, "text/1")).status_code == 200
    for who in ("coordinator", "hr"):
        new = actions.send(new, actor=cast.user("hr")) if who == "coordinator" else new
        new = makers.signed_by(cast, new, who)
    buttons = client.get(url(old)).context["buttons"]
    assert [(one.name, one.url) for one in buttons] == [("newer", new.get_absolute_url())]


def test_the_list_is_searched_without_its_letters_narrowed_and_taken_away(cast, login):
    makers.in_force(cast)
    waiting = makers.sent(cast, university=cast.adnsu)
    client = login("hr")

    def listed(query):
        page = client.get(f"/agreements/{query}").content.decode()
        return {row.number for row in Agreement.objects.all() if f">{row.number}<" in page}

    numbers = {row.number for row in Agreement.objects.all()}
    assert listed("") == numbers
    assert listed("?q=neft") == listed("?show=signing") == listed(f"?q={waiting.number}") == {waiting.number}
    assert listed("?show=in_force") == numbers - {waiting.number}
    assert listed("?q=azerisiq&kind=framework") == numbers
    assert listed("?q=yoxdur") == set()
    assert listed("?show=səhv&kind=x&after=xyz") == numbers
    sheet = load_workbook(
        io.BytesIO(client.get("/exports/agreements.agreements/?show=signing").getvalue())
    ).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [waiting.number]
    assert login("coordinator2").get("/agreements/?q=texniki").content.decode().count(cast.aztu.name) == 0


def test_what_is_asked_in_kept_words_is_what_is_asked_anew(cast):
    makers.in_force(cast)
    makers.sent(cast, university=cast.adnsu)
    makers.draft(cast)
    everything = {}
    for who in ("hr", "partnerships", "coordinator", "coordinator2", "rector", "student", "hr2"):
        for query in (
            "",
            "q=azerisiq",
            "show=signing&kind=framework",
            "q=neft&sort=end",
            "show=decide&sort=notice",
        ):
            user, params = cast.user(who), QueryDict(query)
            kept = Asked(AGREEMENTS, user, params)
            found = [row.pk for row in kept.of_page()], kept.counts
            with plainly():
                anew = Asked(AGREEMENTS, cast.user(who), params)
                assert found == ([row.pk for row in anew.of_page()], anew.counts), (who, query)
            everything[who, query] = len(found[0])
    assert [everything[who, ""] for who in ("hr", "coordinator", "coordinator2", "student")] == [3, 1, 1, 0]


def test_the_list_costs_the_same_at_any_length(cast, login):
    client = login("hr")
    costs = []
    for number in (1, 3):
        while Agreement.objects.count() < number:
            makers.sent(cast, university=make.university(f"Universitet {Agreement.objects.count()}"))
        client.get("/agreements/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/agreements/")
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert costs[0] <= 12


@pytest.mark.wide
def test_timeline_gaps_and_what_one_gave_cost_the_same_at_any_length(cast, login):
    client, costs = login("hr"), []
    held = makers.in_force(cast)
    pages = ("/agreements/timeline/", "/agreements/gaps/", f"/agreements/{held.uid}/given/")
    for number in (2, 5):
        while Agreement.objects.count() < number:
            made = makers.sent(cast, university=make.university(f"Universitet {Agreement.objects.count()}"))
            long_ago = timezone.now() - timedelta(days=500)  # asleep: a line of the gaps
            Agreement.objects.filter(pk=made.pk).update(state=A.IN_FORCE, in_force_since=long_ago)
            for party, figure in ((held.in_order[0], ""), (held.in_order[1], "internships.places")):
                owed = actions.add_obligation(
                    held,
                    actor=cast.user("hr"),
                    party=party,
                    what_az=f"Öhdəlik {number}",
                    figure=figure,
                    amount=Decimal(3),
                    due=today() - timedelta(days=2),
                )
                actions.fulfil(
                    owed, actor=cast.user("hr"), done_on=today(), amount=Decimal(1), note="görülüb"
                )
        asked = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            asked.append(len(captured))
        costs.append(asked)
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 24


def test_home_search_and_calendar_show_it_to_whom_it_concerns_alone(cast, login):
    agreement = makers.sent(cast)
    titles = {
        name: [todo.title for todo in SOURCE.waits(cast.user(name))]
        for name in ("coordinator", "hr", "coordinator2", "hr2", "student", "stranger")
    }
    assert titles == {
        "coordinator": [f"İmzalayın: {agreement.title_az}"],
        "hr": [],
        "coordinator2": [],
        "hr2": [],
        "student": [],
        "stranger": [],
    }
    held = makers.signed_by(cast, makers.signed_by(cast, agreement, "coordinator"), "hr")
    found = {
        name: [hit.url for hit in SOURCE.search(cast.user(name), "azerisiq", 10)]
        for name in ("rector", "coordinator2")
    }
    assert found == {"rector": [held.get_absolute_url()], "coordinator2": []}
    ends = {
        name: [entry.uid for entry in SOURCE.happens(cast.user(name), held.ends, held.ends)]
        for name in ("rector", "coordinator2", "stranger")
    }
    assert ends == {"rector": [f"agreement-{held.uid}"], "coordinator2": [], "stranger": []}
    assert [stat.value for stat in SOURCE.counts(cast.user("rector"))] == ["1"]


def test_it_prints_in_one_and_two_languages_signed_or_not(cast, login):
    agreement = makers.sent(cast, terms_az="#panic() $x$ ]", terms_en="#panic() $x$ ]", bilingual=True)
    answer = login("coordinator").get(url(agreement, "pdf"))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    plain = makers.in_force(cast)
    assert agreement_pdf(makers.again(plain)) == agreement_pdf(makers.again(plain))
    with pytest.raises(ValueError, match="draft"):
        agreement_pdf(makers.draft(cast))
    assert login("hr").get(url(makers.draft(cast), "pdf")).status_code == 404


def test_the_administration_writes_the_next_version_and_only_reads_agreements(cast, login, settings):
    settings.DEMO = True
    agreement = makers.sent(cast)
    client = login("admin")
    template = agreement.text.template_version.template
    change = f"/admin/agreements/agreementtemplate/{template.pk}/change/"
    page = client.get(change).content.decode()
    assert "{university}" in page
    words = {
        "title_az": "Yeni ad",
        "title_en": "",
        "body_az": "Mətn {universitet}",
        "body_en": "",
        "note": "",
    }
    inline = {"versions-TOTAL_FORMS": 0, "versions-INITIAL_FORMS": 0}
    refused = client.post(change, {**words, **inline})
    assert (refused.status_code, template.versions.count()) == (200, 1)
    assert "{universitet}" in refused.content.decode()
    assert client.post(change, {**words, **inline, "body_az": "Mətn {university}"}).status_code == 302
    assert [version.number for version in template.versions.all()] == [2, 1]
    shown = f"/admin/agreements/agreement/{agreement.pk}/change/"
    assert client.get(shown).status_code == 200
    assert client.post(shown, {"number": "X"}).status_code == 403
    assert client.get("/admin/agreements/agreement/?q=azerisiq").status_code == 200
    assert client.get("/admin/agreements/templateversion/").status_code == 200


def words(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.replace("\u200b", "").split())


def test_the_paper_of_two_languages_asks_for_signatures_in_both_and_the_stamp_of_organisations_only(cast):
    agreement = makers.sent(cast, bilingual=True)
    text = words(agreement_pdf(makers.again(agreement)))
    assert "Universitet / University" in text
    assert text.count("M.Y. / L.S.") == 2
    assert "Azerbaijan Technical University" in text
    assert "Səhifə / Page 1" in text
    signed = makers.signed_by(cast, agreement, "coordinator")
    assert "Portalda imzalanıb / Signed in the portal, " in words(agreement_pdf(makers.again(signed)))
