"""The administration reads particulars, never content, and changes nothing."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from django.utils import timezone

from partnerships.documents import actions
from partnerships.documents.enums import ImportState
from partnerships.documents.models import Document, DocumentView, ImportRow, ImportRun
from partnerships.testing import files

NAME = "Özgəçmiş “yeni”.pdf"


@pytest.fixture
def document(cast):
    upload = files.upload(files.pdf(), NAME)
    kept = actions.store(upload, owner=cast.student, kind="cv", actor=cast.user("student"))
    actions.look(kept, actor=cast.user("hr")).close()
    return kept


@pytest.fixture
def run(cast):
    """A table of somebody else, with a row that is nobody's to read."""
    made = ImportRun.objects.create(
        owner=cast.user("coordinator"),
        kind="tests.nothing",
        file_name="siyahı.xlsx",
        state=ImportState.DONE,
        summary={"rows": 1, "outcomes": {"written": 1}},
    )
    ImportRow.objects.create(run=made, number=2, values={"fin": "5GHQ7RT"}, fate="add", state="written")
    return made


@pytest.fixture
def admin(cast, login):
    """The administrator with a second factor, as the administration asks for it."""
    TOTP.activate(cast.user("admin"), generate_totp_secret())
    return login("admin")


def test_without_a_second_factor_nobody_enters(cast, login, document):
    answer = login("admin").get(reverse("admin:documents_document_changelist"))
    assert (answer.status_code, answer.url) == (302, reverse("mfa_index"))


def test_every_list_and_row_opens_and_nothing_can_be_added_changed_or_deleted(admin, document, run):
    rows = {"document": document.pk, "documentview": document.views.get().pk, "importrun": run.pk}
    for model, key in rows.items():
        assert admin.get(reverse(f"admin:documents_{model}_changelist")).status_code == 200
        change = reverse(f"admin:documents_{model}_change", args=[key])
        assert admin.get(change).status_code == 200
        assert admin.get(reverse(f"admin:documents_{model}_add")).status_code == 403
        assert admin.post(change, {"name": "x"}).status_code == 403
        delete = reverse(f"admin:documents_{model}_delete", args=[key])
        assert admin.post(delete, {"post": "yes"}).status_code == 403
    assert (Document.objects.get().name, DocumentView.objects.count(), ImportRun.objects.count()) == (
        NAME,
        1,
        1,
    )


def test_particulars_are_listed_and_neither_the_place_of_the_bytes_nor_rows_of_people(admin, document, run):
    pages = [
        admin.get(reverse(f"admin:documents_{model}_{page}", args=args)).content.decode()
        for model, key in (("document", document.pk), ("importrun", run.pk))
        for page, args in (("changelist", []), ("change", [key]))
    ]
    assert NAME in pages[0]
    assert NAME in pages[1]
    assert "siyahı.xlsx" in pages[2]
    for page in pages:
        assert document.stored not in page
        assert reverse("document", args=[document.uid]) not in page
        assert "5GHQ7RT" not in page


def test_the_administrator_lists_a_file_and_cannot_open_it(admin, document):
    assert admin.get(document.get_absolute_url()).status_code == 404
    assert document.views.count() == 1


def test_search_forgives_letters_and_lists_cost_the_same_at_two_sizes(
    cast, admin, document, django_assert_max_num_queries
):
    page = reverse("admin:documents_document_changelist")
    assert list(admin.get(page, {"q": "memmedova"}).context["cl"].queryset) == [document]
    assert list(admin.get(page, {"q": "ehmedli"}).context["cl"].queryset) == []

    def cost():
        admin.get(page)
        with django_assert_max_num_queries(20) as counted:
            admin.get(page)
        return len(counted)

    small = cost()
    for _more in range(3):
        upload = files.upload(files.pdf())
        actions.store(upload, owner=cast.colleague, kind="cv", actor=cast.user("colleague"))
    assert cost() == small


@pytest.mark.parametrize("name", ["hr", "coordinator", "partnerships", "student"])
def test_nobody_else_enters(login, document, name):
    answer = login(name).get(reverse("admin:documents_document_changelist"))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("admin:login"))


def test_staff_without_the_administrators_role_list_nothing(cast, login, document, settings):
    settings.DEMO = True  # where a second factor is not asked for
    cast.hr.user.is_staff = True
    cast.hr.user.save()
    for model in ("document", "documentview"):
        answer = login("hr").get(reverse(f"admin:documents_{model}_changelist"))
        assert answer.status_code == 403


def test_a_look_is_dated_and_named(admin, document, cast):
    look = document.views.get()
    assert timezone.now() - look.at < timedelta(minutes=1)
    page = admin.get(reverse("admin:documents_documentview_changelist")).content.decode()
    assert str(cast.hr.user) in page
