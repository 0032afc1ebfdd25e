"""Contracts of many practices at once, their papers in one file: rights, rows that moved on, two presses."""

import io
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from internships import actions, packs
from internships.enums import PlacementState as P
from internships.models import NominationOrder, Placement
from internships.tests import makers
from partnerships.agreements import actions as agreements
from partnerships.agreements.enums import AgreementState as A
from partnerships.agreements.models import Agreement
from partnerships.agreements.source import SOURCE
from partnerships.agreements.tests import makers as made
from partnerships.common.clock import today
from partnerships.common.models import Job, JobState
from partnerships.directory.models import Affiliation
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forgetting import forget_papers
from partnerships.documents.models import Document
from partnerships.testing.worlds import world

pytestmark = pytest.mark.usefixtures("before_the_summer")

CONTRACTS, PACKS = reverse("internships:contracts"), reverse("internships:packs")


@pytest.fixture
@world
def two(cast):
    programme = makers.programme(cast)
    return [makers.placement(cast, programme, who) for who in ("student", "colleague")]


def picks(placements, **more):
    return {"pick": [str(placement.uid) for placement in placements], **more}


def outline(pdf):
    return [line["/Title"] for line in PdfReader(io.BytesIO(pdf)).outline]


@pytest.mark.parametrize("who", ["hr", "coordinator"])
def test_the_contracts_of_many_are_shown_first_then_sent_once_however_often_it_is_pressed(
    cast, two, login, who
):
    client = login(who)
    shown = client.post(CONTRACTS, picks(two))
    assert [line.placement for line in shown.context["lines"]] == two[::-1]  # by name
    assert Agreement.objects.count() == 0
    assert client.post(CONTRACTS, picks(two, confirmed="1")).status_code == 302
    sent = list(Agreement.objects.order_by("pk"))
    assert [(row.state, row.awaiting.role) for row in sent] == [(A.SIGNING, "student")] * 2
    assert {row.owner for row in sent} == {cast.azerisiq if who == "hr" else cast.aztu}
    again = client.post(CONTRACTS, picks(two, confirmed="1"))
    assert [row[1] for row in again.context["already"]] == sent
    assert (again.context["sent"], again.context["refused"], Agreement.objects.count()) == ([], [], 2)


def test_a_row_that_moved_on_is_told_and_keeps_the_others_from_nothing(cast, two, login):
    first, second = two
    Placement.objects.filter(pk=first.pk).update(state=P.CANCELLED)
    answer = login("hr").post(CONTRACTS, picks(two, confirmed="1"))
    assert [placement for placement, _contract in answer.context["sent"]] == [second]
    assert [(placement, str(reason)) for placement, reason in answer.context["refused"]] == [
        (first, "Təcrübə başa çatıb.")
    ]


def test_a_finished_practice_is_told_with_its_contract_and_as_over_only_without_one(cast, two, login):
    first, second = two
    signed = actions.send_contracts([first], actor=cast.user("hr")).sent[0][1]
    Agreement.objects.filter(pk=signed.pk).update(state=A.IN_FORCE)
    Placement.objects.update(state=P.FINISHED)
    client = login("hr")
    lines = client.post(CONTRACTS, picks(two)).context["lines"]
    assert {line.placement: (line.over, line.waits) for line in lines} == {
        first: (False, False),
        second: (True, False),
    }
    told = client.post(CONTRACTS, picks(two, confirmed="1")).context
    assert [(placement, contract) for placement, contract, *_state in told["already"]] == [(first, signed)]
    assert [(placement, str(reason)) for placement, reason in told["refused"]] == [
        (second, "Təcrübə başa çatıb.")
    ]


def test_the_page_of_the_papers_leads_back_to_the_list_as_it_was_narrowed(cast, two, login):
    client = login("hr")
    page = client.post(PACKS, picks(two, query="state=preparing&q=m"), follow=True)
    assert page.context["back"] == f"{reverse('internships:placements')}?state=preparing&q=m"


def test_what_the_other_side_prepares_is_left_to_it(cast, two):
    draft = actions.open_contract(two[0], actor=cast.user("hr"))
    many = actions.send_contracts(two, actor=cast.user("coordinator"))
    assert [placement for placement, _contract in many.sent] == [two[1]]
    assert [(row, str(reason)) for row, reason in many.refused] == [
        (two[0], "Onu qarşı tərəf hazırlayır: “Azərişıq” ASC")
    ]
    assert Agreement.objects.get(pk=draft.pk).state == A.DRAFT


@pytest.mark.parametrize("who", ["coordinator2", "hr2", "student2", "stranger"])
def test_nobody_else_s_choice_reaches_a_row(cast, two, login, who):
    client = login(who)
    assert client.post(CONTRACTS, picks(two, confirmed="1")).status_code == 302  # nothing was chosen
    assert client.post(PACKS, picks(two)).status_code == 302
    assert client.get(reverse("internships:pack", args=[two[0].uid])).status_code == 404
    assert (Agreement.objects.count(), Job.objects.filter(kind=packs.PACK_JOB).count()) == (0, 0)


@pytest.mark.parametrize("who", ["student", "mentor", "supervisor"])
def test_who_only_sees_the_practice_sends_no_contract(cast, two, login, who):
    Placement.objects.update(supervisor=cast.supervisor)
    assert login(who).post(CONTRACTS, picks(two[:1], confirmed="1")).status_code == 403
    assert Agreement.objects.count() == 0


def test_the_coordinator_amends_what_the_university_keeps_and_not_what_the_company_keeps(cast, login):
    placement = makers.placement(cast)
    [(_placement, contract)] = actions.send_contracts([placement], actor=cast.user("coordinator")).sent
    for name in ("student", "coordinator", "hr"):
        contract = made.signed_by(cast, contract, name)
    with time_machine.travel("2027-07-01T08:00:00Z"):  # it ends with the practice: nothing to extend
        assert (list(Agreement.objects.expiring()), made.again(contract).is_expiring) == ([], False)
        assert SOURCE.happens(cast.user("hr"), contract.ends, contract.ends) == []
    Placement.objects.update(ends=placement.ends - timedelta(days=1))
    address = reverse("internships:contract_amend", args=[placement.uid])
    assert login("hr").post(address).status_code == 403
    assert login("coordinator").post(address).status_code == 302
    assert Agreement.objects.get(parent=contract).owner == cast.aztu


def test_practices_without_a_contract_are_found(cast, two, login):
    actions.open_contract(two[0], actor=cast.user("hr"))
    page = login("hr").get(reverse("internships:placements"), {"bare": "on"})
    assert [line.placement for line in page.context["lines"]] == [two[1]]


def test_the_pack_of_one_has_its_papers_in_the_order_of_reading(cast, login):
    practice = makers.programme(cast, kind="practice", competition=True, practice_type="production")
    placement = makers.active(cast, practice)
    client = login("student")
    address = reverse("internships:pack", args=[placement.uid])
    own = ["Göndəriş", "Təcrübə gündəliyi", "Rəy", "Hesabatın titul vərəqi"]
    assert outline(client.get(address).content) == [*own, "Arayış"]
    contract = agreements.send(actions.open_contract(placement, actor=cast.user("hr")), actor=cast.user("hr"))
    answer = client.get(address)
    assert outline(answer.content)[:2] == ["Göndəriş", str(contract.get_kind_display())]
    assert answer["Content-Disposition"].startswith("inline")
    # the mentor is no party of the contract and does not get it
    assert str(contract.get_kind_display()) not in outline(login("mentor").get(address).content)
    assert client.get(address, {"lang": "de"}).status_code == 404
    Placement.objects.update(state=P.CANCELLED)
    assert client.get(address).status_code == 404


def test_the_papers_of_many_come_as_one_file_of_whoever_asked(
    cast, two, login, django_capture_on_commit_callbacks
):
    order = NominationOrder.objects.create(
        programme=two[0].programme,
        university=cast.aztu,
        number="7",
        date="2027-05-03",
        made_by=cast.user("coordinator"),
    )
    two[0].application.order = order
    two[0].application.save()
    client = login("coordinator")
    with django_capture_on_commit_callbacks(execute=True):
        started = client.post(PACKS, picks(two))
    work = Job.objects.get(kind=packs.PACK_JOB)
    assert (started.url, work.state) == (reverse("internships:pack_job", args=[work.uid]), JobState.DONE)
    assert (work.result["students"], work.result["papers"], work.result["without"]) == (2, 7, [])
    document = Document.objects.get(kind=DocumentKind.PAPERS)
    assert document.owner == cast.coordinator
    page = client.get(started.url)
    assert page.context["document"] == document
    pdf = b"".join(client.get(document.get_absolute_url()).streaming_content)
    lines = outline(pdf)
    assert lines[0].endswith(" 7")
    assert [line.split(":")[0] for line in lines[1:]] == ["Kənan Əhmədli"] * 3 + ["Nigar Məmmədova"] * 3
    progress = reverse("internships:pack_progress", args=[work.uid])
    assert client.get(progress)["HX-Refresh"] == "true"
    other = login("hr")
    assert [other.get(url).status_code for url in (started.url, progress, document.get_absolute_url())] == [
        404
    ] * 3


def test_who_is_no_longer_in_the_house_reads_no_name_of_what_they_had_printed(cast, two, login):
    work = Job.objects.create(
        kind=packs.PACK_JOB,
        owner=cast.user("hr"),
        state=JobState.DONE,
        result={"document": "", "students": 1, "papers": 1, "without": [str(two[0].uid)]},
    )
    page, client = reverse("internships:pack_job", args=[work.uid]), login("hr")
    assert client.get(page).context["without"] == [cast.student.name]
    Affiliation.objects.filter(person=cast.hr).update(ends=today() - timedelta(days=1))
    assert client.get(page).context["without"] == []
    assert cast.student.name not in client.get(f"/api/v1/jobs/{work.uid}/").content.decode()


def test_the_page_of_older_work_that_kept_names_opens_without_them(cast, two, login):
    work = Job.objects.create(
        kind=packs.PACK_JOB,
        owner=cast.user("hr"),
        state=JobState.DONE,
        result={"document": "", "students": 1, "papers": 1, "without": ["Nigar Məmmədova", "—"]},
    )
    page = login("hr").get(reverse("internships:pack_job", args=[work.uid]))
    assert (page.status_code, page.context["without"]) == (200, [])
    assert "Məmmədova" not in page.content.decode()


def test_the_papers_of_many_are_printed_in_english_when_that_is_asked_for(cast, two, login):
    client = login("hr")
    assert client.post(PACKS, picks(two, lang="en")).status_code == 302
    assert client.post(PACKS, picks(two, lang="de")).status_code == 404
    assert [row.arguments["language"] for row in Job.objects.filter(kind=packs.PACK_JOB)] == ["en"]


def test_a_contract_in_azerbaijani_stays_so_among_english_papers(cast, login):
    placement = makers.placement(cast)
    agreements.send(actions.open_contract(placement, actor=cast.user("hr")), actor=cast.user("hr"))
    pdf = login("hr").get(reverse("internships:pack", args=[placement.uid]), {"lang": "en"}).content
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    [contract] = [page for page in pages if "Yekun müddəalar" in page]
    assert ("Şirkət" in contract, "Company" in contract, "Səhifə" in contract) == (True, False, True)
    assert "REFERRAL FOR PRACTICE" in pages[0]


def test_the_worker_asks_again_what_the_owner_may_see(cast, two):
    work = packs.start_packs(two, owner=cast.user("hr2"), language="az")
    with pytest.raises(packs.JobFailed):
        packs.make_packs(work, lambda done, total: None)
    assert not Document.objects.filter(kind=DocumentKind.PAPERS).exists()


def test_files_of_many_are_removed_after_some_days(cast, two, settings):
    work = packs.start_packs(two, owner=cast.user("hr"), language="az")
    Job.objects.update(state=JobState.RUNNING)
    packs.make_packs(work, lambda done, total: None)
    assert forget_papers() == 0
    with time_machine.travel(timezone.now() + timedelta(days=settings.PAPERS_DAYS, hours=1)):
        assert forget_papers() == 1
    assert not Document.objects.filter(kind=DocumentKind.PAPERS).exists()
