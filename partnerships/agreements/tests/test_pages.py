"""The pages: drafts, list, page, printing; bad input, queries."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.http import Http404, QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from partnerships.agreements import actions, rules, standing
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.lists import AGREEMENTS
from partnerships.agreements.models import Agreement
from partnerships.agreements.printing import agreement_pdf
from partnerships.agreements.source import SOURCE
from partnerships.agreements.tests import makers
from partnerships.agreements.tests.makers import url
from partnerships.agreements.timeline import timeline_of
from partnerships.agreements.views.acts import ACTS
from partnerships.common.clock import day_in_words, today
from partnerships.common.list_asked import Asked
from partnerships.directory import actions as directory
from partnerships.directory.asked import plainly
from partnerships.directory.door import key_seen
from partnerships.testing import factories as make


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


def test_who_signs_now_is_named_with_who_stands_in_today(cast, login, django_assert_max_num_queries):
    agreement = makers.sent(cast)
    who = agreement.awaiting.role
    holder, deputy = {"university": ("coordinator", "supervisor"), "company": ("hr", "mentor")}[who]
    client, words = login("partnerships"), f'bu gün əvəz edir: <span dir="auto">{getattr(cast, deputy).name}'
    assert words not in client.get(url(agreement)).content.decode()
    dates = {"starts": today(), "ends": today() + timedelta(days=3), "reason": "Məzuniyyət"}
    row = directory.name_deputy(
        cast.affiliation(holder), getattr(cast, deputy), actor=cast.user(holder), **dates
    )
    with django_assert_max_num_queries(15):
        page = client.get(url(agreement)).content.decode()
    assert f"{getattr(cast, holder).name}</span> ({words}</span>)" in page
    assert rules.has_turn(cast.user(deputy), makers.again(agreement))
    directory.decline_deputyship(row, actor=cast.user(deputy), note="Mən də yoxam")
    assert words not in client.get(url(agreement)).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends": "", "endless": ""}, "ends"),
        ({"ends": "2026-01-01", "starts": "2026-02-01"}, "ends"),
        ({"university": "0"}, "university"),
        ({"starts": "dünən"}, "starts"),
        ({"starts": "0026-01-01"}, "starts"),
        ({"ends": "9999-12-31", "endless": ""}, "ends"),
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


def test_the_last_day_is_not_called_optional_for_it_may_be_empty_only_with_its_tick(cast, login):
    page = login("hr").get("/agreements/new/?type=memorandum&lang=en").content.decode()
    label = page.split('for="id_ends"')[1].split("</label>")[0]
    assert ("Expiry date" in label, "(optional)" in label) == (True, False)


def test_an_agreement_with_nobody_says_to_choose_a_partner_and_keeps_its_days(cast, login):
    typed = {"type": "memorandum", "owner": cast.azerisiq.pk, "starts": "2026-09-01", "endless": "on"}
    answer = login("hr").post("/agreements/new/?type=memorandum", typed)
    page = answer.content.decode()
    assert (answer.status_code, 'value="2026-09-01"' in page or "01.09.2026" in page) == (422, True)
    assert "Ən azı bir tərəfdaş seçin: sazişi sizinlə birlikdə o imzalayır." in page


def test_a_company_one_does_not_manage_cannot_be_named(cast, login):
    given = {"company": cast.azerisiq.pk, "university": cast.aztu.pk, "starts": "2026-09-01", "endless": "on"}
    assert login("hr2").post("/agreements/new/", given).status_code == 422
    assert login("coordinator").post("/agreements/new/", given).status_code == 422
    assert login("student").post("/agreements/new/", given).status_code == 403
    assert Agreement.objects.count() == 0


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


def test_sleeping_agreements_are_counted_to_the_last_though_the_first_are_shown(cast, login, monkeypatch):
    monkeypatch.setattr(standing, "SHOWN", 2)
    client, long_ago = login("partnerships"), timezone.now() - timedelta(days=500)
    for many, first in ((2, False), (3, True)):
        while Agreement.objects.count() < many:
            made = makers.sent(cast, university=make.university(f"Universitet {Agreement.objects.count()}"))
            Agreement.objects.filter(pk=made.pk).update(state=A.IN_FORCE, in_force_since=long_ago)
        page = client.get("/agreements/gaps/")
        assert (page.context["asleep"], len(page.context["sleeping"])) == (many, 2)
        assert f'<span class="num">{many}</span>' in page.text
        assert ("Siyahının əvvəli göstərilir." in page.text) == first


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
        name: [hit.url for hit in SOURCE.finds(cast.user(name), "azerisiq", 10)]
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
    assert "Title az" not in client.get(shown).content.decode()
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


def test_who_sends_it_back_to_the_draft_is_led_to_the_list_as_the_draft_is_not_theirs_to_see(cast, login):
    agreement = makers.in_review(cast)
    lawyer = Client()
    lawyer.force_login(makers.house(cast)["legal"])
    back = lawyer.post(url(agreement, "rework"), {"note": "Müddət yoxdur"}, follow=True)
    assert back.redirect_chain == [("/agreements/", 302)]
    assert "Səbəbinizlə qaralamaya qaytarıldı." in back.content.decode()
    again = makers.again(agreement)
    assert (again.state, lawyer.get(url(again)).status_code) == (A.DRAFT, 404)
    sent = actions.to_legal(again, actor=cast.user("hr"))
    kept = login("hr").post(url(sent, "rework"), {"note": "Yer sayı"})
    assert kept["Location"] == url(sent)


def test_who_sends_it_back_without_a_reason_is_not_told_that_the_other_side_reads_it(cast):
    agreement = makers.in_review(cast)
    lawyer = Client()
    lawyer.force_login(makers.house(cast)["legal"])
    refused = lawyer.post(url(agreement, "rework"), {"note": " "})
    assert (refused.status_code, refused.context["form"].errors) == (422, {"note": ["Səbəbini yazın."]})
    assert "oxuyur, tərəflər oxumur." in refused.content.decode()


def test_an_agreement_is_told_by_its_uid_to_those_who_see_it_and_to_nobody_else(cast):
    people = ("coordinator", "coordinator2", "hr", "hr2", "rector", "mentor", "student", "admin")

    def told(agreement):
        for who in people:
            try:
                yield who, key_seen(Agreement, agreement.uid, cast.user(who)) == agreement.pk
            except Http404:
                yield who, False

    drafted = makers.draft(cast)
    for agreement in (drafted, actions.send(drafted, actor=cast.user("hr"))):
        rows = Agreement.objects.filter(pk=agreement.pk)
        seen = {who: rows.visible_to(cast.user(who)).exists() for who in people}
        assert dict(told(agreement)) == seen
    assert (seen["coordinator"], seen["hr"], seen["hr2"], seen["student"]) == (True, True, False, False)


def test_the_timeline_says_when_one_was_ended_before_its_time(cast, login):
    agreement, client = makers.in_force(cast), login("hr")
    assert "Xitam tarixi" not in client.get("/agreements/timeline/").text
    actions.terminate(agreement, actor=cast.user("hr"), note="Artıq lazım deyil")
    said = f"Xitam tarixi: {day_in_words(today())}"
    assert said in client.get("/agreements/timeline/").text


def test_what_is_prepared_stands_on_the_timeline_for_who_keeps_it_and_what_was_withdrawn_does_not(cast):
    drafted, given_up = (
        makers.draft(cast),
        makers.draft(cast, university=make.university("Başqa universitet")),
    )
    actions.withdraw(given_up, actor=cast.user("hr"))
    drawn = {who: [bar.css for bar in timeline_of(cast.user(who)).bars] for who in ("hr", "coordinator")}
    assert drawn == {"hr": ["prepared"], "coordinator": []}
    sent = actions.send(drafted, actor=cast.user("hr"))
    assert [bar.css for bar in timeline_of(cast.user("coordinator")).bars] == [sent.state]


def test_the_page_of_gaps_says_of_each_list_that_it_is_empty(cast, login):
    made, long_ago = makers.sent(cast), timezone.now() - timedelta(days=500)
    Agreement.objects.filter(pk=made.pk).update(state=A.IN_FORCE, in_force_since=long_ago)
    page = login("partnerships").get("/agreements/gaps/").text
    assert "Fəaliyyətsiz sazişlər" in page
    assert "Davam edən və qarşıdan gələn, sizə görünən bütün işlər qüvvədə olan sazişə əsaslanır." in page


def test_the_signature_of_a_deputy_says_in_whose_place_it_stands(cast, login):
    week = {"starts": today(), "ends": today() + timedelta(days=7), "reason": "Məzuniyyət"}
    directory.name_deputy(cast.affiliation("hr"), cast.partnerships, actor=cast.user("hr"), **week)
    agreement = makers.signed_by(cast, makers.sent(cast), "coordinator")
    makers.signed_by(cast, agreement, "partnerships")
    page = login("coordinator").get(f"/agreements/{agreement.uid}/").text
    assert page.count(f"əvəz olunan: {cast.hr.name}") == 2  # beside the signature and in the history
    paper = words(agreement_pdf(makers.again(agreement)))
    assert paper.count("əvəz olunan:") == 1
    assert f"{cast.partnerships.name} əvəz olunan: {cast.hr.name}" in paper


def test_every_page_of_a_verb_says_what_follows():
    assert [verb for verb, act in ACTS.items() if not str(act.intro)] == []
