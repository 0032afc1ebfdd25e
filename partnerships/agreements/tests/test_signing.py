"""From draft to force: in order, once, under the text that was read; back with a reason; ended."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partnerships.agreements import actions, reports
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Agreement, AgreementText, Signature
from partnerships.agreements.tests import makers
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused, StaleState
from partnerships.documents.models import Document
from partnerships.documents.uploads import OversizeUpload
from partnerships.testing import files
from partnerships.workflow.models import Change


def verbs(agreement):
    return list(Change.objects.of(agreement).order_by("pk").values_list("verb", flat=True))


def test_both_sign_in_order_and_it_comes_into_force(cast):
    agreement = makers.sent(cast)
    assert (agreement.state, agreement.number) == (A.SIGNING, f"SAZ-{today().year}-00001")
    assert agreement.awaiting.role == "university"
    first = makers.signed_by(cast, agreement, "coordinator")
    assert (first.state, first.awaiting.role, len(first.signatures_now)) == (A.PARTLY_SIGNED, "company", 1)
    last = makers.signed_by(cast, agreement, "hr")
    assert (last.state, last.awaiting, last.is_expired) == (A.IN_FORCE, None, False)
    assert verbs(last) == ["open", "send", "sign", "sign", "take_force"]
    rows = Signature.objects.values_list(
        "legal_name", "on_behalf_of", "person__email", "ip", "sha256", "method"
    )
    text = last.text.sha256
    assert list(rows) == [
        ("Quliyeva Sevinc", cast.aztu.name, "coordinator@cast.example", "192.0.2.7", text, "click"),
        ("Rəhimova Leyla", cast.azerisiq.name, "hr@cast.example", "192.0.2.7", text, "click"),
    ]


def test_out_of_turn_one_is_told_who_is_first(cast):
    agreement = makers.sent(cast)
    with pytest.raises(Blocked) as told:
        makers.signed_by(cast, agreement, "hr")
    assert told.value.refusal.code == "not_your_turn"
    assert cast.aztu.name in str(told.value)
    assert Signature.objects.count() == 0


def test_who_signs_for_nobody_is_refused_and_the_partnership_manager_prepares_but_does_not_sign(cast):
    agreement = makers.sent(cast, by="partnerships")
    for name in ("partnerships", "coordinator2", "hr2", "student", "mentor", "admin", "stranger"):
        with pytest.raises(Refused):
            actions.sign(
                agreement,
                actor=cast.user(name),
                text_hash=agreement.text.sha256,
                legal_name=getattr(cast, name).name,
            )
    assert (Signature.objects.count(), makers.again(agreement).state) == (0, A.SIGNING)


def test_a_second_press_signs_nothing_more(cast):
    agreement = makers.sent(cast)
    makers.signed_by(cast, agreement, "coordinator")
    with pytest.raises(Blocked) as told:
        makers.signed_by(cast, agreement, "coordinator")
    assert (told.value.refusal.code, Signature.objects.count()) == ("already_signed", 1)


def test_a_text_that_changed_meanwhile_is_not_signed(cast):
    agreement = makers.sent(cast)
    read = agreement.text.sha256
    actions.return_to_draft(agreement, actor=cast.user("coordinator"), note="Müddət səhvdir")
    changed = actions.change_draft(
        agreement,
        actor=cast.user("hr"),
        version=makers.again(agreement).version,
        starts=today(),
        ends=today() + timedelta(days=30),
    )
    actions.send(changed, actor=cast.user("hr"))
    with pytest.raises(Blocked) as told:
        actions.sign(agreement, actor=cast.user("coordinator"), text_hash=read, legal_name="Sevinc Quliyeva")
    assert (told.value.refusal.code, Signature.objects.count()) == ("text_changed", 0)


def test_another_name_than_ones_own_is_not_a_signature(cast):
    agreement = makers.sent(cast)
    for typed in ("", "Sevinc", "Vilayət Əliyev"):
        with pytest.raises(ValidationError) as told:
            actions.sign(
                agreement,
                actor=cast.user("coordinator"),
                text_hash=agreement.text.sha256,
                legal_name=typed,
            )
        assert list(told.value.message_dict) == ["legal_name"]
    assert makers.again(agreement).awaiting.role == "university"
    done = actions.sign(
        agreement,
        actor=cast.user("coordinator"),
        text_hash=agreement.text.sha256,
        legal_name="  SEVINC  quliyeva Rafiq qızı ",
        position="Dekan",
    )
    assert done.signatures_now[0].legal_name == "SEVINC quliyeva Rafiq qızı"


def test_nobody_signs_for_both_sides(cast):
    from partnerships.directory.enums import Role
    from partnerships.testing import factories as make

    make.affiliation(cast.coordinator, cast.azerisiq, Role.HR)
    agreement = makers.sent(cast)
    makers.signed_by(cast, agreement, "coordinator")
    with pytest.raises(Blocked) as told:
        makers.signed_by(cast, agreement, "coordinator")
    assert told.value.refusal.code == "signed_for_another"


def test_a_named_signatory_signs_while_still_working_there(cast):
    agreement = makers.sent(cast, university_signatory=cast.supervisor)
    assert [person.pk for person in reports.signers_of(agreement.awaiting)] == [cast.supervisor.pk]
    cast.affiliation("supervisor").__class__.objects.filter(person=cast.supervisor).update(ends="2026-01-01")
    with pytest.raises(Refused):
        actions.sign(
            agreement,
            actor=cast.user("supervisor"),
            text_hash=agreement.text.sha256,
            legal_name=cast.supervisor.name,
        )
    cast.affiliation("supervisor").__class__.objects.filter(person=cast.supervisor).update(ends=None)
    done = actions.sign(
        agreement,
        actor=cast.user("supervisor"),
        text_hash=agreement.text.sha256,
        legal_name=cast.supervisor.name,
        position="Dosent",
    )
    assert done.awaiting.role == "company"


def test_returned_it_is_a_draft_again_and_all_sign_the_new_text(cast):
    agreement = makers.sent(cast)
    makers.signed_by(cast, agreement, "coordinator")
    with pytest.raises(Missing):
        actions.return_to_draft(agreement, actor=cast.user("hr"), note=" ")
    back = actions.return_to_draft(agreement, actor=cast.user("hr"), note="Yerlərin sayı yoxdur")
    assert (back.state, back.awaiting, back.number) == (A.DRAFT, None, agreement.number)
    again = actions.send(back, actor=cast.user("hr"))
    assert (again.number, again.text.number, again.awaiting.role) == (agreement.number, 2, "university")
    assert again.signatures_now == []
    assert [text.number for text in again.texts.all()] == [2, 1]
    assert Signature.objects.get().text.number == 1
    done = makers.signed_by(cast, makers.signed_by(cast, again, "coordinator"), "hr")
    assert (done.state, len(done.signatures_now), Signature.objects.count()) == (A.IN_FORCE, 2, 3)


def test_the_paper_of_one_party_is_kept_with_its_date(cast):
    agreement = makers.sent(cast)
    done = actions.sign(
        agreement,
        actor=cast.user("coordinator"),
        text_hash=agreement.text.sha256,
        legal_name="Sevinc Quliyeva",
        position="Dekan",
        scan=files.upload(files.pdf(), "saziş.pdf"),
        signed_on=today(),
    )
    signature = done.signatures_now[0]
    assert (signature.method, signature.signed_on, signature.document.name) == (
        "scan",
        today(),
        "saziş.pdf",
    )
    seen = {name for name in cast.people() if Document.objects.visible_to(cast.user(name)).exists()}
    assert seen == {"coordinator", "rector", "hr", "partnerships", "admin"}


def test_human_resources_enter_the_paper_that_all_have_signed(cast):
    agreement = makers.sent(cast)
    names = {party.pk: f"Ad {party.order}" for party in agreement.in_order}
    paper = {
        "scan": files.upload(files.pdf(), "saziş.pdf"),
        "signed_on": today(),
        "text_hash": agreement.text.sha256,
        "positions": {agreement.in_order[0].pk: "Rektor", agreement.in_order[1].pk: "Direktor"},
    }
    with pytest.raises(Refused):
        actions.enter_paper(agreement, actor=cast.user("coordinator"), names=names, **paper)
    with pytest.raises(ValidationError):
        actions.enter_paper(agreement, actor=cast.user("hr"), names={}, **paper)
    with pytest.raises(Blocked):
        actions.enter_paper(agreement, actor=cast.user("hr"), names=names, **{**paper, "text_hash": "0" * 64})
    with pytest.raises(ValidationError) as told:
        actions.enter_paper(agreement, actor=cast.user("hr"), names=names, **{**paper, "positions": {}})
    assert list(told.value.message_dict) == [f"position_{party.pk}" for party in agreement.in_order]
    assert (Signature.objects.count(), Document.objects.count()) == (0, 0)
    done = actions.enter_paper(agreement, actor=cast.user("hr"), names=names, **paper)
    assert done.state == A.IN_FORCE
    rows = [(one.legal_name, one.method, one.entered_by_id, one.person_id) for one in done.signatures_now]
    hr = cast.hr.user_id
    assert rows == [("Ad 1", "scan", hr, None), ("Ad 2", "scan", hr, None)]
    assert len({one.document_id for one in done.signatures_now}) == 1


def test_a_paper_that_is_too_large_signs_nothing(cast):
    agreement = makers.sent(cast)
    with pytest.raises(ValidationError):
        actions.sign(
            agreement,
            actor=cast.user("coordinator"),
            text_hash=agreement.text.sha256,
            legal_name="Sevinc Quliyeva",
            position="Dekan",
            scan=OversizeUpload("böyük.pdf", 10**9, "scan"),
            signed_on=today(),
        )
    assert (Signature.objects.count(), makers.again(agreement).awaiting.role) == (0, "university")


def test_either_side_ends_it_early_with_a_reason_and_then_it_no_longer_counts(cast):
    agreement = makers.in_force(cast)
    assert reports.in_force_between(cast.aztu, cast.azerisiq)
    with pytest.raises(Missing):
        actions.terminate(agreement, actor=cast.user("coordinator"), note="")
    with pytest.raises(Refused):
        actions.terminate(agreement, actor=cast.user("coordinator2"), note="yox")
    done = actions.terminate(agreement, actor=cast.user("coordinator"), note="Razılaşdıq")
    assert (done.state, done.ended_on) == (A.TERMINATED, today())
    assert not reports.in_force_between(cast.aztu, cast.azerisiq)
    with pytest.raises(IllegalTransition):
        actions.terminate(agreement, actor=cast.user("hr"), note="yenə")


def test_withdrawn_it_is_never_signed(cast):
    agreement = makers.sent(cast)
    with pytest.raises(Refused):
        actions.withdraw(agreement, actor=cast.user("coordinator"))
    assert actions.withdraw(agreement, actor=cast.user("hr")).state == A.WITHDRAWN
    with pytest.raises(IllegalTransition):
        makers.signed_by(cast, agreement, "coordinator")


def test_a_draft_is_changed_by_who_read_it_last(cast):
    agreement = makers.draft(cast)
    term = {"starts": today(), "ends": None}
    changed = actions.change_draft(agreement, actor=cast.user("hr"), version=agreement.version, **term)
    assert (changed.ends, changed.term_kind, changed.expires) == (None, "open", None)
    with pytest.raises(StaleState):
        actions.change_draft(agreement, actor=cast.user("hr"), version=agreement.version, **term)
    with pytest.raises(Refused):
        actions.change_draft(agreement, actor=cast.user("hr2"), version=changed.version, **term)
    with pytest.raises(ValidationError):
        actions.change_draft(
            agreement,
            actor=cast.user("hr"),
            version=changed.version,
            starts=today(),
            ends=today() - timedelta(days=1),
        )
    sent = actions.send(changed, actor=cast.user("hr"))
    with pytest.raises(IllegalTransition):
        actions.change_draft(sent, actor=cast.user("hr"), version=sent.version, **term)


def test_only_who_manages_the_company_opens_its_framework(cast):
    for name in ("coordinator", "hr2", "rector", "student", "mentor"):
        with pytest.raises(Refused):
            makers.draft(cast, by=name)
    assert Agreement.objects.count() == 0


def test_what_was_sent_is_never_edited(cast):
    agreement = makers.in_force(cast)
    text = agreement.text
    text.body_az += " və daha nəsə"
    with pytest.raises(TypeError):
        text.save()
    AgreementText.objects.filter(pk=text.pk).update(body_az=text.body_az)
    assert not AgreementText.objects.get(pk=text.pk).is_intact


def test_a_damaged_text_is_signed_by_nobody(cast):
    agreement = makers.sent(cast)
    AgreementText.objects.update(body_az="Başqa mətn")
    with pytest.raises(Blocked) as told:
        makers.signed_by(cast, agreement, "coordinator")
    assert told.value.refusal.code == "text_damaged"


def test_the_database_refuses_two_signatures_of_one_party_and_two_equal_numbers(cast):
    agreement = makers.in_force(cast)
    signature = Signature.objects.first()
    signature.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        signature.save()
    other = makers.draft(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=other.pk).update(number=agreement.number)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=other.pk).update(ends=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=other.pk).update(ends="2020-01-01")
