"""Signing on pages and on paper: two presses, a text that was changed meanwhile, whose turn it is."""

import io

from pypdf import PdfReader

from partnerships.agreements import actions
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Signature
from partnerships.agreements.printing import agreement_pdf
from partnerships.agreements.tests import makers
from partnerships.agreements.tests.makers import url
from partnerships.common.clock import today
from partnerships.testing import files


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
    assert "Vilayət Əliyev" in answer.content.decode()
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
    scan = Signature.objects.select_related("document").first().document
    assert f'<a href="{scan.get_absolute_url()}">saziş.pdf</a>' in page
    assert f'<code class="hash">{scan.sha256}</code>' in page
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
