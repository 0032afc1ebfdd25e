"""Documents with an application: who opens them, when they stay, and how an earlier one is taken over."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from internships import actions
from internships.models import Application
from internships.tests import makers
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, IllegalTransition, Refused
from partnerships.directory.models import Affiliation
from partnerships.documents import actions as documents
from partnerships.documents.content import FileRefused
from partnerships.documents.models import Document, DocumentView
from partnerships.testing import files

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def made(cast):
    return makers.programme(cast, position={"mentors": [cast.mentor]})


def begun(cast, made, who="student"):
    return actions.start_application(makers.vacancy(made), actor=cast.user(who))


def attach(cast, application, name="CV.pdf", *, kind="cv", who="student"):
    upload = files.upload(files.pdf(), name)
    return actions.attach(application, [upload], kind=kind, actor=cast.user(who))


@pytest.fixture
def cv(cast, made):
    """The CV of an application that is sent and waits for the university."""
    application = begun(cast, made)
    document = attach(cast, application)
    actions.submit(makers.again(application), actor=cast.user("student"))
    return document


def application_of(document):
    return makers.again(Application.objects.get(pk=document.object_id))


def edit(application):
    return reverse("internships:draft", args=[application.uid])


def post_draft(client, application, do, **values):
    """The draft as the browser sends it when a button is pressed."""
    application = makers.again(application)
    return client.post(
        edit(application),
        {
            "version": application.version,
            "choices": [str(choice.vacancy.uid) for choice in application.choices.all()],
            "motivation": application.motivation,
            "do": do,
            **values,
        },
    )


# What was sent stays ---------------------------------------------------------------------------------


def test_the_cv_of_a_sent_application_cannot_be_taken_away_by_any_address(cast, login, cv):
    client, application = login("student"), application_of(cv)
    removal = client.post(reverse("document_remove", args=[cv.uid]))
    assert removal.status_code == 403
    assert "already sent" in removal.content.decode()
    assert post_draft(client, application, f"detach:{cv.uid}").status_code == 409
    replaced = post_draft(client, application, "attach", cv=files.upload(files.pdf(), "iki.pdf"))
    assert replaced.status_code == 409
    assert post_draft(client, application, f"reuse:{cv.uid}").status_code == 409
    mine = client.get(reverse("document_views")).content.decode()
    assert "Belongs to what you sent" in mine
    assert reverse("document_remove", args=[cv.uid]) not in mine
    assert list(application.documents.all()) == [cv]
    assert default_storage.exists(cv.stored)


def test_after_a_return_the_cv_can_be_taken_away(cast, login, cv, django_capture_on_commit_callbacks):
    actions.return_to_student(application_of(cv), actor=cast.user("coordinator"), note="CV köhnədir.")
    client = login("student")
    assert reverse("document_remove", args=[cv.uid]) in client.get(reverse("document_views")).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("document_remove", args=[cv.uid])).status_code == 302
    assert not Document.objects.filter(pk=cv.pk).exists()
    assert not default_storage.exists(cv.stored)


def test_a_return_opens_the_button_of_the_draft_as_well(cast, login, cv):
    application = application_of(cv)
    actions.return_to_student(application, actor=cast.user("coordinator"), note="CV köhnədir.")
    assert post_draft(login("student"), application, f"detach:{cv.uid}").status_code == 302
    assert application_of(cv).documents.count() == 0


def test_a_draft_given_up_unsent_holds_nothing_back_and_a_withdrawn_one_does(cast, made, cv):
    other = begun(cast, makers.programme(cast, title="Qış"))
    mine = attach(cast, other)
    actions.withdraw(other, actor=cast.user("student"))
    actions.withdraw(application_of(cv), actor=cast.user("student"))
    assert (application_of(mine).keeps_documents, application_of(cv).keeps_documents) == (False, True)
    documents.remove(mine, actor=cast.user("student"))
    with pytest.raises(Refused):
        documents.remove(cv, actor=cast.user("student"))


# Who opens it ----------------------------------------------------------------------------------------


def opens(login, name, document):
    return login(name).get(document.get_absolute_url()).status_code


def test_a_draft_is_its_owners_alone(cast, login, made):
    document = attach(cast, begun(cast, made))
    people = [name for name in cast.people() if name not in ("student", "admin")]
    assert {name: opens(login, name, document) for name in people} == dict.fromkeys(people, 404)
    assert opens(login, "student", document) == 200
    assert DocumentView.objects.count() == 0


def test_the_university_opens_it_once_sent_and_the_company_once_endorsed(cast, login, cv):
    assert (opens(login, "coordinator", cv), opens(login, "hr", cv)) == (200, 404)
    actions.endorse(application_of(cv), actor=cast.user("coordinator"))
    assert opens(login, "hr", cv) == 200


@pytest.mark.parametrize(
    "name", ["coordinator2", "hr2", "mentor2", "colleague", "student2", "rector", "expert", "stranger"]
)
def test_neighbours_and_strangers_find_nothing_even_at_the_company(cast, login, cv, name):
    actions.endorse(application_of(cv), actor=cast.user("coordinator"))
    actions.offer(application_of(cv), actor=cast.user("hr"))
    actions.accept(application_of(cv), actor=cast.user("student"))
    assert opens(login, name, cv) == 404
    assert login(name).post(reverse("document_remove", args=[cv.uid])).status_code == 404
    assert cv.views.count() == 0


def test_a_mentor_opens_it_while_mentoring_and_never_after(cast, login, cv):
    actions.endorse(application_of(cv), actor=cast.user("coordinator"))
    actions.offer(application_of(cv), actor=cast.user("hr"))
    assert opens(login, "mentor", cv) == 404
    actions.accept(application_of(cv), actor=cast.user("student"))
    assert opens(login, "mentor", cv) == 200
    Affiliation.objects.filter(person=cast.mentor).update(ends=today() - timedelta(days=1))
    assert opens(login, "mentor", cv) == 404


def test_every_look_of_the_company_is_written_down_for_the_owner_and_the_owners_is_not(cast, login, cv):
    actions.endorse(application_of(cv), actor=cast.user("coordinator"))
    for _time in range(2):
        assert opens(login, "hr", cv) == 200
    assert opens(login, "student", cv) == 200
    assert list(cv.views.values_list("user", flat=True)) == [cast.hr.user_id] * 2
    page = login("student").get(reverse("document_views")).content.decode()
    assert page.count("Leyla Rəhimova") == 2
    assert "Nigar Məmmədova" not in page[page.index("Who looked at my files") :]
    assert "Leyla Rəhimova" not in login("colleague").get(reverse("document_views")).content.decode()


# An earlier one taken over ---------------------------------------------------------------------------


def test_the_draft_offers_the_latest_earlier_files_and_takes_one_over_at_one_press(cast, login, made, cv):
    attach(cast, application_of_new(cast), "başqa.pdf", kind="transcript")
    draft = begun(cast, makers.programme(cast, title="Qış"))
    client = login("student")
    page = client.get(edit(draft)).content.decode()
    assert f'value="reuse:{cv.uid}"' in page
    assert "başqa.pdf" in page
    answer = post_draft(client, draft, f"reuse:{cv.uid}")
    assert (answer.status_code, answer.url) == (302, f"{edit(draft)}#documents")
    copy = draft.documents.get()
    assert (copy.pk != cv.pk, copy.stored, copy.name, copy.kind, copy.created) == (
        True,
        cv.stored,
        "CV.pdf",
        "cv",
        cv.created,
    )
    assert f"reuse:{cv.uid}" not in client.get(edit(draft)).content.decode()


def application_of_new(cast):
    return begun(cast, makers.programme(cast, title="Payız"))


def test_the_unsaved_draft_takes_one_over_as_well(cast, login, made, cv):
    other = makers.programme(cast, title="Qış")
    address = reverse("internships:apply", args=[makers.vacancy(other).uid])
    client = login("student")
    page = client.get(address).content.decode()
    assert f'value="reuse:{cv.uid}"' in page
    assert Application.objects.filter(programme=other).count() == 0
    posted = {"version": 0, "choices": [str(makers.vacancy(other).uid)], "do": f"reuse:{cv.uid}"}
    assert client.post(address, posted).status_code == 302
    assert Application.objects.get(programme=other).documents.get().stored == cv.stored


def test_another_persons_file_is_neither_offered_nor_taken(cast, login, made, cv):
    draft = begun(cast, made, "colleague")
    client = login("colleague")
    assert "reuse:" not in client.get(edit(draft)).content.decode()
    post_draft(client, draft, f"reuse:{cv.uid}")
    with pytest.raises(Refused):
        actions.reuse_document(draft, cv, actor=cast.user("colleague"))
    with pytest.raises(Refused):
        actions.reuse_document(begun(cast, makers.programme(cast)), cv, actor=cast.user("hr"))
    assert draft.documents.count() == 0


def test_only_papers_are_taken_over_and_never_into_what_was_sent(cast, made, cv):
    table = documents.store(
        files.upload(files.xlsx([["Ad"], ["Nigar"]]), "a.xlsx"),
        owner=cast.student,
        kind="import",
        actor=cast.user("student"),
    )
    draft = application_of_new(cast)
    with pytest.raises(Refused):
        actions.reuse_document(draft, table, actor=cast.user("student"))
    late = attach(cast, draft)
    with pytest.raises(IllegalTransition):
        actions.reuse_document(application_of(cv), late, actor=cast.user("student"))
    assert application_of(cv).documents.get() == cv


def test_taking_over_replaces_what_is_there_and_the_same_file_is_left_alone(
    cast, made, cv, django_capture_on_commit_callbacks
):
    draft = application_of_new(cast)
    old = attach(cast, draft, "köhnə.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        copy = actions.reuse_document(draft, cv, actor=cast.user("student"))
    assert list(draft.documents.all()) == [copy]
    assert not default_storage.exists(old.stored)
    assert actions.reuse_document(draft, copy, actor=cast.user("student")) == copy
    assert list(draft.documents.all()) == [copy]
    gone = Document(pk=0, owner=cast.student, kind="cv")
    with pytest.raises(FileRefused):
        actions.reuse_document(draft, gone, actor=cast.user("student"))
    assert list(draft.documents.all()) == [copy]


def test_the_bytes_go_with_the_last_row_that_names_them(cast, cv, django_capture_on_commit_callbacks):
    draft = application_of_new(cast)
    copy = actions.reuse_document(draft, cv, actor=cast.user("student"))
    actions.return_to_student(application_of(cv), actor=cast.user("coordinator"), note="CV köhnədir.")
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(cv, actor=cast.user("student"))
    with documents.look(copy, actor=cast.user("student")) as opened:
        assert opened.read() == files.pdf()
    with django_capture_on_commit_callbacks(execute=True):
        documents.remove(copy, actor=cast.user("student"))
    assert not default_storage.exists(copy.stored)


def test_the_copy_has_rights_and_looks_of_its_own(cast, login, cv):
    draft = application_of_new(cast)
    copy = actions.reuse_document(draft, cv, actor=cast.user("student"))
    actions.endorse(application_of(cv), actor=cast.user("coordinator"))
    assert (opens(login, "hr", cv), opens(login, "hr", copy)) == (200, 404)
    assert (cv.views.count(), copy.views.count()) == (1, 0)


def test_a_copy_meets_the_demand_for_a_cv(cast, login, cv):
    draft = begun(cast, makers.programme(cast, title="Qış", cv_required=True))
    with pytest.raises(Blocked):
        actions.submit(makers.again(draft), actor=cast.user("student"))
    actions.reuse_document(draft, cv, actor=cast.user("student"))
    assert actions.submit(makers.again(draft), actor=cast.user("student")).state == "submitted"


def test_a_cv_is_attached_and_taken_away_over_the_api_as_on_the_page(cast, made, login):
    mine, application, file = login("student"), begun(cast, made), files.pdf()
    base = f"/api/v1/applications/{application.uid}/"

    def send(who, upload, kind="cv"):
        return who.post(f"{base}attach/", {"kind": kind, "file": upload})

    refused = [
        send(login("student2"), files.upload(file)).status_code,
        send(mine, files.upload(file), "diary").status_code,
        send(mine, files.upload(b"MZ not a paper", "cv.pdf")).status_code,
        mine.post(f"{base}attach/", {"kind": "cv"}, content_type="application/json").status_code,
    ]
    assert (refused, application.documents.count()) == ([404, 400, 400, 415], 0)
    assert [send(mine, files.upload(file)).status_code for _n in range(2)] == [200, 200]
    assert [document.kind for document in application.documents.all()] == ["cv"]
    away = mine.post(f"{base}detach/", {"kind": "cv"}, content_type="application/json")
    assert (away.status_code, application.documents.count()) == (200, 0)
    assert send(mine, files.upload(file)).status_code == 200
    actions.submit(makers.again(application), actor=cast.user("student"))
    assert send(mine, files.upload(file)).status_code == 409
