"""From a public place to a sent application: the path, the draft saved as typed, documents, two tabs."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from internships.enums import ApplicationState as A
from internships.models import Application
from internships.tests import makers
from internships.tests.drafts import edit, picture, posted
from partnerships.accounts.actions import publish_first_text
from partnerships.accounts.models import ConsentText
from partnerships.directory.enums import Role
from partnerships.directory.models import Domain
from partnerships.testing import factories as make

pytestmark = pytest.mark.usefixtures("english")
MEASURED = "“Məni relə mühafizəsi maraqlandırır.”"


@pytest.fixture
def made(cast):
    return makers.programme(cast, title="Yay internshipi 2027", seats=3)


# The path -------------------------------------------------------------------------------------------


def signed_up(client, address, apply, mailoutbox, committed):
    """What the page of the code shows, and where the code leads."""
    account = {
        "given_name": "Aysel",
        "family_name": "Əsgərova",
        "email": "aysel@student.aztu.example",
        "password1": "dağ-çay-dəniz-2026",
        "language": "az",
        "consent": "on",
        "consent_text": ConsentText.objects.get().pk,
        "next": apply,
    }
    with committed(execute=True):
        asked = client.post(address, account)
    shown = client.get(asked.url)
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].subject).group(0)
    return shown, client.post(asked.url, {"code": code}).url


def studying(cast, apply):
    return {
        "organization": cast.aztu.slug,
        "role": Role.STUDENT,
        "unit": cast.energy.pk,
        "specialty": make.specialty().pk,
        "degree": "bachelor",
        "year": 4,
        "gpa": "88,4",
        "mode": "full_time",
        "next": apply,
    }


def filled_in(draft, vacancy):
    return {
        "version": draft.context["version"],
        "choices": [str(vacancy.uid)],
        "motivation": MEASURED,
        "transcript": [picture("white", "1.jpg"), picture("grey", "2.jpg"), picture("black", "3.jpg")],
        "do": "check",
    }


def test_six_screens_from_a_public_place_to_a_sent_application(
    cast, mailoutbox, django_capture_on_commit_callbacks
):
    """Place, sign-up, code, studies, draft, check; the seventh page shows the sent application."""
    vacancy = makers.vacancy(makers.programme(cast, transcript_required=True))
    publish_first_text()
    Domain.objects.create(organization=cast.aztu, domain="student.aztu.example")
    client = Client()

    place = client.get(vacancy.get_absolute_url())
    apply = re.search(r'action="(/internships/places/[^"]+/apply/)"', place.content.decode()).group(1)
    pressed = client.post(apply).url
    assert pressed == f"/accounts/signup/?next={apply.replace('/', '%2F')}"
    form = client.get(pressed)
    code, entered = signed_up(client, pressed, apply, mailoutbox, django_capture_on_commit_callbacks)
    assert entered == apply
    asked = client.get(apply).url
    assert asked.startswith("/profile/university/")
    study = client.get(asked)
    assert client.post(asked, studying(cast, apply)).url == apply

    draft = client.get(apply)
    assert Application.objects.count() == 0  # GET has changed nothing
    written = client.post(draft.context["action"], filled_in(draft, vacancy)).url
    check = client.get(written)
    sent = client.post(written).url
    application = Application.objects.get()
    screens = (place, form, code, study, draft, check)
    assert [screen.status_code for screen in screens] == [200] * 6
    assert sent == application.get_absolute_url()
    assert client.get(sent).status_code == 200
    assert (application.state, application.motivation) == (A.SUBMITTED, MEASURED)
    document = application.documents.get()
    assert (document.mime, document.kind) == ("application/pdf", "transcript")


def test_get_never_starts_an_application(cast, made, login):
    client = login("student")
    assert client.get(f"/internships/places/{makers.vacancy(made).uid}/apply/").status_code == 200
    assert Application.objects.count() == 0


def test_pressing_apply_twice_leads_to_the_same_draft(cast, made, login):
    client = login("student")
    path = f"/internships/places/{makers.vacancy(made).uid}/apply/"
    assert client.post(path).url == client.post(path).url == edit(Application.objects.get())
    assert client.get(path).url == edit(Application.objects.get())


def test_apply_at_another_place_of_the_programme_adds_it_to_the_draft(cast, made, login, begun):
    second = makers.place(cast, made, title_az="Kabel şəbəkəsi")
    login("student").post(f"/internships/places/{second.uid}/apply/")
    assert [c.vacancy_id for c in begun.choices.all()] == [makers.vacancy(made).pk, second.pk]


def test_somebody_without_studies_is_asked_for_them_first(cast, made, login):
    path = f"/internships/places/{makers.vacancy(made).uid}/apply/"
    answer = login("stranger").post(path)
    assert answer.url == f"/profile/university/?next={path.replace('/', '%2F')}"


def test_a_closed_programme_refuses_the_press_with_409(cast, made, login):
    path = f"/internships/places/{makers.vacancy(made).uid}/apply/"
    client = login("student")
    with time_machine.travel(timezone.now() + timedelta(days=11)):
        answer = client.post(path)
    assert answer.status_code == 409
    assert Application.objects.count() == 0


# The draft ------------------------------------------------------------------------------------------


def test_choices_are_moved_added_and_removed_by_buttons(cast, made, login, begun):
    first = makers.vacancy(made)
    second, third = (makers.place(cast, made, title_az=t) for t in ("Kabel", "Relə"))
    client = login("student")

    def press(do, **values):
        answer = client.post(edit(begun), posted(begun, do, **values))
        assert answer.status_code == 302, answer.context["form"].errors
        return [c.vacancy_id for c in begun.choices.order_by("rank")]

    assert press("add", add=str(second.uid)) == [first.pk, second.pk]
    assert press("add", add=str(third.uid), motivation=MEASURED) == [first.pk, second.pk, third.pk]
    assert makers.again(begun).motivation == MEASURED
    assert press(f"up:{third.uid}") == [first.pk, third.pk, second.pk]
    assert press(f"down:{first.uid}") == [third.pk, first.pk, second.pk]
    assert press(f"up:{third.uid}") == [third.pk, first.pk, second.pk]
    assert press(f"remove:{first.uid}") == [third.pk, second.pk]


def test_places_of_another_programme_or_too_many_are_refused_and_the_text_kept(cast, made, login, begun):
    other = makers.programme(cast, title="Başqa")
    client = login("student")
    answer = client.post(
        edit(begun), posted(begun, choices=[str(makers.vacancy(other).uid)], motivation=MEASURED)
    )
    assert answer.status_code == 422
    assert "A place that you had chosen is no longer offered." in answer.content.decode()
    assert MEASURED in answer.content.decode()
    many = [str(makers.place(cast, made, title_az=f"Yer {n}").uid) for n in range(4)]
    answer = client.post(edit(begun), posted(begun, choices=many))
    assert answer.status_code == 422
    assert "You can rank at most 3 places here." in answer.content.decode()


def test_autosave_keeps_what_is_typed_and_answers_with_the_version(cast, made, login, begun):
    answer = login("student").post(f"{edit(begun)}save/", posted(begun, motivation="Yazıram"))
    kept = makers.again(begun)
    assert kept.motivation == "Yazıram"
    assert answer.json()["version"] == kept.version
    assert re.fullmatch(r"\d\d:\d\d", answer.json()["saved"])


def test_autosave_on_the_unsaved_draft_starts_it_and_goes_on(cast, made, login):
    client = login("student")
    vacancy = makers.vacancy(made)
    page = client.get(f"/internships/places/{vacancy.uid}/apply/")
    values = {"version": page.context["version"], "choices": [str(vacancy.uid)], "motivation": "Mən"}
    first = client.post(page.context["autosave"], values)
    assert first.status_code == 200
    again = {**values, "version": first.json()["version"], "motivation": "Mən şəbəkə"}
    assert client.post(page.context["autosave"], again).status_code == 200
    assert Application.objects.get().motivation == "Mən şəbəkə"
    # The button carries the version of an autosave that was still under way: nothing is lost by it.
    answer = client.post(page.context["action"], {**values, "motivation": "Mən şəbəkəni", "do": "check"})
    assert answer.status_code == 302
    assert Application.objects.get().motivation == "Mən şəbəkəni"


def test_two_tabs_the_second_is_told_and_keeps_its_text(cast, made, login, begun):
    client = login("student")
    stale = posted(begun, motivation="İkinci pəncərə")
    client.post(edit(begun), posted(begun, motivation="Birinci pəncərə"))
    told = client.post(f"{edit(begun)}save/", stale)
    assert told.status_code == 409
    assert "another window" in told.json()["detail"]
    page = client.post(edit(begun), stale)
    assert page.status_code == 409
    text = page.content.decode()
    assert "İkinci pəncərə" in text
    assert "Birinci pəncərə" in text
    assert makers.again(begun).motivation == "Birinci pəncərə"
    # Pressing again on that page is knowing.
    answer = client.post(edit(begun), {**stale, "version": page.context["version"]})
    assert answer.status_code == 302
    assert makers.again(begun).motivation == "İkinci pəncərə"


def test_autosave_of_the_signed_out_says_so_as_json(cast, begun, made):
    answer = Client().post(f"{edit(begun)}save/", posted(begun))
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/json")
    vacancy = makers.vacancy(made)
    assert Client().post(f"/internships/places/{vacancy.uid}/apply/save/", {}).status_code == 401


def test_a_sent_application_is_no_longer_edited(cast, made, login):
    application = makers.sent(cast, made)
    client = login("student")
    assert client.get(edit(application)).url == application.get_absolute_url()
    assert client.post(edit(application), posted(application, motivation="yeni mətn")).status_code == 409
    assert client.post(f"{edit(application)}save/", posted(application)).status_code == 409
    assert makers.again(application).motivation == application.motivation


@pytest.mark.parametrize("who", ["colleague", "student2", "coordinator", "hr", "stranger"])
def test_nobody_else_reaches_a_draft(cast, begun, login, who):
    client = login(who)
    for path in (edit(begun), f"/internships/applications/{begun.uid}/check/", begun.get_absolute_url()):
        assert client.get(path).status_code == 404, path
    assert client.post(f"{edit(begun)}save/", posted(begun)).status_code == 404


# Documents ------------------------------------------------------------------------------------------


def test_a_refused_upload_stands_at_its_field_and_nothing_typed_is_lost(cast, made, login, begun):
    exe = SimpleUploadedFile("cv.pdf", b"MZ\x90\x00" + b"\x00" * 200, "application/pdf")
    client = login("student")
    answer = client.post(
        edit(begun), posted(begun, "check", motivation=MEASURED, cv=exe, transcript=[picture()])
    )
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["cv"]
    assert MEASURED in answer.content.decode()
    assert makers.again(begun).motivation == MEASURED
    assert [document.kind for document in begun.documents.all()] == ["transcript"]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4 broken", b"\xff\xd8\xff\xe0 not a picture"])
def test_empty_and_broken_files_are_refused_with_words(cast, made, login, begun, data):
    upload = SimpleUploadedFile("cv.pdf", data, "application/pdf")
    answer = login("student").post(edit(begun), posted(begun, "attach", cv=upload))
    assert answer.status_code == 422
    assert answer.context["form"].errors["cv"]


def test_a_file_over_the_limit_is_refused_at_its_field(cast, made, login, begun, settings):
    settings.UPLOAD_LIMIT = 1000
    answer = login("student").post(edit(begun), posted(begun, "attach", motivation=MEASURED, cv=picture()))
    assert answer.status_code == 422
    said = " ".join(answer.context["form"].errors["cv"])
    assert "too large" in said
    assert said.endswith("Make it smaller and upload it again.")
    assert makers.again(begun).motivation == MEASURED


def test_a_new_file_replaces_the_old_and_a_button_takes_it_away(cast, made, login, begun):
    client = login("student")
    client.post(edit(begun), posted(begun, "attach", cv=picture("white", "bir.jpg")))
    client.post(edit(begun), posted(begun, "attach", cv=picture("grey", "iki.jpg")))
    document = begun.documents.get()
    assert document.name == "iki.jpg"
    assert "iki.jpg" in client.get(edit(begun)).content.decode()
    client.post(edit(begun), posted(begun, f"detach:{document.uid}"))
    assert begun.documents.count() == 0
