"""The contract of a placement: what stands in it, who signs in which order, when it has to be amended."""

import io
from datetime import date, timedelta

import pytest
import time_machine
from pypdf import PdfReader

from internships import actions, contract_todos
from internships.contracts import drift
from internships.enums import PlacementState as P
from internships.models import Placement
from internships.tests import makers
from internships.workflow import PLACEMENT
from partnerships.agreements import actions as agreements
from partnerships.agreements import reports
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.letters import told_of_early_end
from partnerships.agreements.models import Agreement
from partnerships.agreements.printing import agreement_pdf
from partnerships.agreements.rules import has_turn, parties_of
from partnerships.agreements.tests import makers as made
from partnerships.common.clock import today
from partnerships.common.piles import told
from partnerships.common.refusals import Blocked, Refused
from partnerships.directory.actions import name_deputy
from partnerships.directory.enums import Role
from partnerships.testing import factories as make
from partnerships.testing.worlds import world
from partnerships.workflow.models import Change

FIRST = "2027-06-15T08:00:00Z"


@pytest.fixture(autouse=True)
def before_the_summer():
    """A contract is opened while its practice is not over."""
    with time_machine.travel("2027-03-02T08:00:00Z", tick=False):
        yield


@world
def sign(cast, contract, *names):
    for name in names:
        contract = made.signed_by(cast, contract, name)
    return contract


@world
def signed(cast, placement):
    contract = actions.open_contract(placement, actor=cast.user("hr"))
    return sign(cast, agreements.send(contract, actor=cast.user("hr")), "student", "coordinator", "hr")


@world
def under_contract(cast):
    """A practice under way, and its contract in force."""
    placement = makers.active(cast)
    return placement, signed(cast, placement)


def test_a_coordinator_who_studies_signs_the_own_contract_for_themselves_alone(cast):
    placement = makers.active(cast)
    make.affiliation(cast.student, cast.aztu, Role.COORDINATOR)
    contract = actions.open_contract(placement, actor=cast.user("hr"))
    contract = sign(cast, agreements.send(contract, actor=cast.user("hr")), "student")
    with pytest.raises(Blocked):
        sign(cast, contract, "student")
    assert not has_turn(cast.user("student"), contract)
    assert has_turn(cast.user("coordinator"), contract)
    waits = {name for name in ("student", "coordinator") if contract in waiting(cast, name)}
    assert waits == {"coordinator"}
    assert sign(cast, contract, "coordinator", "hr").state == A.IN_FORCE


def test_a_deputy_signs_for_no_organisation_opposite_whom_they_stand_in_for(cast):
    placement = makers.active(cast)
    contract = agreements.send(actions.open_contract(placement, actor=cast.user("hr")), actor=cast.user("hr"))
    contract = sign(cast, contract, "student", "coordinator")
    role = make.affiliation(cast.student, cast.azerisiq, Role.HR)
    days = {"starts": today(), "ends": today(), "reason": "Məzuniyyət"}
    name_deputy(role, cast.expert, actor=cast.user("student"), **days)
    assert parties_of(cast.user("expert"), contract) == []
    assert not has_turn(cast.user("expert"), contract)
    assert contract not in waiting(cast, "expert")
    assert contract in waiting(cast, "hr")


def waiting(cast, name):
    return Agreement.objects.waiting_for(cast.user(name))


def moved(placement, **values):
    Placement.objects.filter(pk=placement.pk).update(**values)
    return makers.placement_again(placement)


def test_it_says_what_the_placement_says_and_stands_under_the_framework(cast):
    framework = made.in_force(cast, starts=makers.STARTS - timedelta(days=400), ends=None)
    placement = makers.placement(cast)
    contract = actions.open_contract(
        placement, actor=cast.user("hr"), words={"insurance": "Şirkət sığorta edir.", "monitoring": ""}
    )
    assert (contract.kind, contract.state, contract.owner) == ("placement", A.DRAFT, cast.azerisiq)
    assert [party.role for party in contract.in_order] == ["student", "university", "company"]
    assert (contract.starts, contract.ends, contract.parent) == (makers.STARTS, makers.ENDS, framework)
    sent = agreements.send(contract, actor=cast.user("hr"))
    body = sent.text.body_az
    position = placement.vacancy.position
    for words in (
        "Məmmədova Nigar",
        cast.aztu.name,
        placement.unit.name,
        position.title_az,
        cast.mentor.full_name,
        "15 iyun 2027 – 31 iyul 2027",
        "050608 Elektroenergetika mühəndisliyi",
        "Şirkət sığorta edir.",
        "gündəlik yazır",
        framework.number,
    ):
        assert words in body, words
    assert "____" not in body
    assert sent.number.startswith("TM-")
    assert list(reports.under(framework)) == [contract]


def test_the_api_names_the_framework_to_whoever_may_open_it_alone(cast, login):
    framework = made.in_force(cast, starts=makers.STARTS - timedelta(days=400), ends=None)
    contract = signed(cast, makers.placement(cast))
    named = {
        who: login(who).get(f"/api/v1/agreements/{contract.uid}/").json()["parent"]
        for who in ("student", "coordinator", "hr")
    }
    assert named == {"student": None, "coordinator": str(framework.uid), "hr": str(framework.uid)}


def test_student_university_and_company_sign_in_this_order_and_it_may_begin(cast, settings):
    settings.PLACEMENT_NEEDS_CONTRACT = True
    placement = makers.clear(makers.placement(cast), cast)
    contract = actions.open_contract(placement, actor=cast.user("hr"))
    sent = agreements.send(contract, actor=cast.user("hr"))
    for early in ("coordinator", "hr"):
        with pytest.raises(Blocked) as told:
            made.signed_by(cast, sent, early)
        assert told.value.refusal.code == "not_your_turn"
    with time_machine.travel(FIRST):
        for name in ("student", "coordinator"):
            sent = made.signed_by(cast, sent, name)
            with pytest.raises(Blocked) as told:
                PLACEMENT.apply(makers.placement_again(placement), "begin", actor=cast.user("hr"))
            assert told.value.refusal.code == "no_contract"
        assert sign(cast, sent, "hr").state == A.IN_FORCE
        begun = PLACEMENT.apply(makers.placement_again(placement), "begin", actor=cast.user("hr"))
    assert begun.state == P.ACTIVE


def test_who_sees_and_signs_it(cast):
    contract = agreements.send(
        actions.open_contract(makers.placement(cast), actor=cast.user("hr")), actor=cast.user("hr")
    )
    seen = {name for name in cast.people() if contract in Agreement.objects.visible_to(cast.user(name))}
    assert seen == {"student", "coordinator", "rector", "hr", "partnerships", "admin"}
    waits = {name for name in cast.people() if contract in Agreement.objects.waiting_for(cast.user(name))}
    assert waits == {"student"}
    for other in ("colleague", "student2", "coordinator2", "hr2", "mentor"):
        with pytest.raises(Refused):
            agreements.sign(
                contract,
                actor=cast.user(other),
                text_hash=contract.text.sha256,
                legal_name=getattr(cast, other).name,
            )


def test_the_company_or_the_university_opens_it_and_twice_opens_one(cast):
    placement = makers.placement(cast)
    for name in ("student", "coordinator2", "mentor", "hr2", "rector", "partnerships"):
        with pytest.raises(Refused):
            actions.open_contract(placement, actor=cast.user(name))
    first = actions.open_contract(placement, actor=cast.user("hr"))
    assert actions.open_contract(placement, actor=cast.user("hr")) == first
    assert actions.open_contract(placement, actor=cast.user("coordinator")) == first
    assert first.owner == cast.azerisiq
    assert Agreement.objects.count() == 1
    with pytest.raises(ValueError, match="placement"):
        actions.open_contract(placement, actor=cast.user("hr"), words={"mentor": "Başqa"})
    over = moved(placement, state=P.CANCELLED)
    with pytest.raises(Blocked):
        actions.open_contract(over, actor=cast.user("hr"))


def test_a_foreigner_reads_it_in_two_columns(cast):
    placement = makers.placement(cast)
    cast.student.is_foreigner = True
    cast.student.save()
    contract = agreements.send(
        actions.open_contract(makers.placement_again(placement), actor=cast.user("hr")), actor=cast.user("hr")
    )
    assert "Supervisor in the Enterprise: Səfərov Rəşad" in contract.text.body_en
    assert "The student writes a diary" in contract.text.body_en
    assert "____" not in contract.text.body_en


def test_without_a_framework_agreement_the_sentence_about_it_is_left_out(cast):
    made_of = {}
    for who in ("student", "colleague"):
        if who == "colleague":
            made.in_force(cast, starts=makers.STARTS - timedelta(days=400), ends=None)
        contract = actions.open_contract(
            makers.placement(cast, who=who), actor=cast.user("hr"), bilingual=True
        )
        made_of[who] = agreements.send(contract, actor=cast.user("hr")).text
    bare, under = made_of["student"], made_of["colleague"]
    assert [word in bare.body_az for word in ("Əsas", "№", "____")] == [False] * 3
    assert [word in bare.body_en for word in ("Basis", "No.", "____")] == [False] * 3
    assert bare.body_az.splitlines()[0].endswith("(bundan sonra – Tələbə) arasında bağlanır.")
    assert bare.body_en.splitlines()[0].endswith("(the Student).")
    assert ("Əsas: çərçivə sazişi № SAZ" in under.body_az, "agreement No. SAZ" in under.body_en) == (
        True,
        True,
    )


def test_without_a_university_two_sign(cast):
    placement = moved(makers.placement(cast), university=None, faculty=None)
    contract = agreements.send(actions.open_contract(placement, actor=cast.user("hr")), actor=cast.user("hr"))
    assert [party.role for party in contract.in_order] == ["student", "company"]
    paper = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(agreement_pdf(contract))).pages)
    # As the text calls them, and without a word of a university.
    absent = ("Tələbə", "tələbə", "niversitet")
    assert ("İştirakçı" in paper, [word for word in absent if word in paper]) == (True, [])
    assert sign(cast, contract, "student", "hr").state == A.IN_FORCE


def test_what_changes_afterwards_is_amended_and_the_old_one_stays(cast):
    placement = makers.placement(cast)
    old = signed(cast, placement)
    hr = cast.user("hr")
    assert drift(makers.placement_again(placement), old) == []
    with pytest.raises(Blocked) as told:
        actions.amend_contract(placement, actor=hr)
    assert told.value.refusal.code == "no_change"
    other = make.person("Kamal Usta", "kamal@cast.example")
    placement = moved(
        placement, mentor=other, unit=cast.aran, ends=makers.ENDS + timedelta(days=7), planned_minutes=9000
    )
    assert sorted(drift(placement, old)) == sorted(
        ["tarixlər", "Müəssisənin bölməsi", "Müəssisə üzrə təcrübə rəhbəri", "Cəmi saat"]
    )
    new = agreements.send(actions.amend_contract(placement, actor=hr), actor=hr)
    body = new.text.body_az
    assert f"{cast.mentor.full_name} → Usta Kamal" in body
    assert "Aran RETSİ" in body
    assert "31 iyul 2027 → 7 avqust 2027" in body
    assert cast.aztu.name in body
    assert "Kredit" not in body
    with pytest.raises(Blocked):
        actions.amend_contract(placement, actor=hr)
    new = sign(cast, new, "student", "coordinator", "hr")
    assert (new.state, made.again(old).state, reports.live_for(placement)) == (A.IN_FORCE, A.SUPERSEDED, new)
    assert drift(placement, new) == []
    assert new.number == f"{old.number}/1"


def test_a_cancelled_practice_takes_its_contract_along(cast):
    placement = makers.placement(cast)
    contract = actions.open_contract(placement, actor=cast.user("hr"))
    actions.drop_contract(placement, note="Tələbə imtina etdi")
    assert made.again(contract).state == A.WITHDRAWN
    again = signed(cast, placement)
    actions.drop_contract(placement, note="Tələbə imtina etdi")
    assert made.again(again).state == A.TERMINATED


@time_machine.travel("2027-07-01T08:00:00Z", tick=False)
def test_an_early_end_takes_the_contract_along_and_undoing_it_brings_it_back(cast):
    placement, contract = under_contract(cast)
    hr = cast.user("hr")
    last = date(2027, 6, 30)
    actions.end_early(placement, actor=hr, note="Xəstəlik", last_day=last)
    ended = made.again(contract)
    assert (ended.state, ended.ended_on) == (A.TERMINATED, last)
    told = Change.objects.of(ended).filter(verb="terminate").get()
    assert list(told_of_early_end(told, ended)) == []  # the practice tells its people itself
    actions.reinstate(placement, actor=hr, note="Sağalıb")
    back = made.again(contract)
    assert (back.state, back.ended_on, reports.live_for(placement)) == (A.IN_FORCE, None, contract)


@time_machine.travel("2027-07-01T08:00:00Z", tick=False)
def test_a_contract_that_a_party_ended_stays_ended_when_the_practice_goes_on(cast):
    placement, contract = under_contract(cast)
    hr = cast.user("hr")
    agreements.terminate(contract, actor=hr, note="Şərtlər dəyişib")
    told = Change.objects.of(contract).filter(verb="terminate").get()
    assert list(told_of_early_end(told, contract)) != []
    actions.end_early(placement, actor=hr, note="Xəstəlik", last_day=date(2027, 7, 1))
    actions.reinstate(placement, actor=hr, note="Sağalıb")
    assert made.again(contract).state == A.TERMINATED


@time_machine.travel("2027-07-01T08:00:00Z", tick=False)
def test_the_page_of_a_practice_that_ended_early_says_when_its_contract_ended(cast, login):
    placement, _contract = under_contract(cast)
    actions.end_early(placement, actor=cast.user("hr"), note="Xəstəlik", last_day=date(2027, 6, 30))
    for name in ("student", "hr"):
        page = login(name).get(placement.get_absolute_url()).content.decode()
        card = page[page.index('id="contract"') :]
        card = card[: card.index('id="safety"')]
        assert ("Vaxtından əvvəl xitam verilib" in card, "Son gün: 30 iyun" in card) == (True, True), name


def test_human_resources_are_asked_to_prepare_and_to_send(cast):
    placement = makers.placement(cast)

    def asked(name):
        user = cast.user(name)
        return [todo.title for todo in told(contract_todos.piles(user))]

    assert (asked("hr"), asked("hr2")) == (["Müqaviləni hazırlayın: Nigar Məmmədova"], [])
    contract = actions.open_contract(placement, actor=cast.user("hr"))
    assert asked("hr") == [f"İmzaya göndərin: {contract.title_az}"]
    agreements.send(contract, actor=cast.user("hr"))
    assert asked("hr") == []


def test_it_is_opened_and_amended_on_pages(cast, login):
    placement = makers.placement(cast)
    url = f"/internships/placements/{placement.uid}/contract/"
    for name in ("coordinator2", "hr2", "stranger"):
        assert login(name).get(url).status_code == 404
        assert login(name).post(f"{url}amend/").status_code == 404
    for name in ("student", "mentor"):
        assert login(name).post(url).status_code == 403
    client = login("hr")
    page = client.get(url).content.decode()
    assert "Sığorta" in page
    empty = client.post(url, {"insurance": "", "monitoring": "a", "evaluation": "b", "recognition": "c"})
    assert (empty.status_code, Agreement.objects.count()) == (422, 0)
    words = {"insurance": "a", "monitoring": "b", "evaluation": "c", "recognition": "d", "bilingual": "on"}
    done = client.post(url, words)
    contract = Agreement.objects.get()
    assert (done.status_code, done["Location"], contract.bilingual) == (
        302,
        contract.get_absolute_url(),
        True,
    )
    assert client.get(contract.get_absolute_url()).status_code == 200
    assert client.post(f"{url}amend/").status_code == 409
    sign(cast, agreements.send(contract, actor=cast.user("hr")), "student", "coordinator", "hr")
    moved(placement, unit=cast.aran)
    assert client.post(f"{url}amend/").status_code == 302
    assert Agreement.objects.filter(kind="amendment").count() == 1


def test_the_page_of_the_practice_shows_how_the_contract_stands_to_each_reader(cast, login, settings):
    settings.PLACEMENT_NEEDS_CONTRACT = True
    placement = makers.placement(cast)
    page = lambda name: login(name).get(placement.get_absolute_url()).content.decode()  # noqa: E731
    prepare = f"/internships/placements/{placement.uid}/contract/"
    assert [prepare in page(name) for name in ("hr", "student", "mentor")] == [True, False, False]
    assert "imzalanmış müqavilə" in page("student")
    contract = agreements.send(actions.open_contract(placement, actor=cast.user("hr")), actor=cast.user("hr"))
    seen = {name: contract.get_absolute_url() in page(name) for name in ("hr", "student", "mentor")}
    assert seen == {"hr": True, "student": True, "mentor": False}
    assert contract.number in page("mentor")
    sign(cast, contract, "student", "coordinator", "hr")
    moved(placement, unit=cast.aran)
    assert [f"{prepare}amend/" in page(name) for name in ("hr", "student")] == [True, False]
    assert "müəssisənin bölməsi" in page("student")


def test_cancelling_the_practice_withdraws_what_is_being_signed(cast):
    placement = makers.placement(cast)
    contract = agreements.send(actions.open_contract(placement, actor=cast.user("hr")), actor=cast.user("hr"))
    actions.cancel_placement(placement, actor=cast.user("hr"), note="Bölmə bağlanır")
    assert made.again(contract).state == A.WITHDRAWN


def test_a_draft_follows_the_practice_and_what_was_sent_does_not(cast):
    placement = makers.placement(cast)
    draft = actions.open_contract(
        placement, actor=cast.user("hr"), words={"insurance": "Şirkət sığorta edir."}
    )
    later = makers.ENDS + timedelta(days=7)
    actions.change_supervisor(placement, actor=cast.user("coordinator"), supervisor=cast.supervisor)
    actions.extend(placement, actor=cast.user("hr"), ends=later, note="Tətil")
    found = Agreement.objects.get(pk=draft.pk)
    assert (found.values["supervisor"]["az"], found.ends) == (cast.supervisor.full_name, later)
    assert found.values["insurance"]["az"] == "Şirkət sığorta edir."
    assert drift(makers.placement_again(placement), found) == []
    sent = agreements.send(found, actor=cast.user("hr"))
    actions.change_supervisor(placement, actor=cast.user("coordinator"), supervisor=None)
    assert Agreement.objects.get(pk=sent.pk).values == found.values


def test_whose_signature_is_waited_for_reads_it_as_their_own_move(cast, login):
    placement = makers.placement(cast)
    contract = agreements.send(actions.open_contract(placement, actor=cast.user("hr")), actor=cast.user("hr"))

    def to_sign():
        pages = {who: login(who).get(placement.get_absolute_url()) for who in ("student", "coordinator")}
        return {who: page.context["sign_url"] for who, page in pages.items()}

    assert to_sign() == {"student": contract.get_absolute_url(), "coordinator": ""}
    sign(cast, contract, "student")
    assert to_sign() == {"student": "", "coordinator": contract.get_absolute_url()}
