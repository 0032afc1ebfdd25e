"""What the sign-in package says in English, said as the rest of the portal says it."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.utils.translation import gettext, override

from partnerships.accounts import actions
from partnerships.accounts.models import ConsentText, User
from partnerships.common import extraction, translations

pytestmark = pytest.mark.django_db
TITLE_CASE = re.compile(r"[a-z)]+[ -](?:[A-Z][a-z]+)")


@pytest.fixture
def nigar(client: Client) -> User:
    user = User.objects.create_user("nigar@adnsu.example", "nigar-2026-parol", language="en")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    actions.publish_first_text()
    actions.agree(user, ConsentText.objects.get(), ip="127.0.0.1")
    client.force_login(user)
    return user


def test_every_english_word_of_ours_replaces_one_that_a_package_says() -> None:
    said = extraction.foreign_messages("en").messages
    catalog = translations.load(translations.po_path("en"), "en")
    for key, message in extraction.entries(catalog).items():
        assert key in said, f"no package says {message.id!r}"
        assert not translations.placeholder_mistake(message), message.id
        assert not TITLE_CASE.search(str(message.string)), message.string


@pytest.mark.parametrize("path", ["email", "password/change", "2fa", "2fa/webauthn", "sessions"])
def test_headings_and_buttons_of_the_account_are_in_sentence_case(
    client: Client, nigar: User, path: str
) -> None:
    page = client.get(f"/accounts/{path}/").content.decode()
    shown = re.findall(r"<(?:h1|h2|button|label|title)[^>]*>([^<]+)<", page)
    assert shown
    assert not [words for words in shown if TITLE_CASE.search(words.strip())]


def test_a_wrong_current_password_is_said_to_be_wrong(client: Client, nigar: User) -> None:
    sent = {"oldpassword": "nigar-2025-parol", "password1": "yeni-2026-parol", "password2": "yeni-2026-parol"}
    page = client.post("/accounts/password/change/", sent).content.decode()
    assert "This is not your current password: type it again." in page
    with override("az"):
        assert gettext("Please type your current password.") == "Bu, hazırkı şifrəniz deyil: yenidən yazın."


def test_the_password_tab_is_marked_where_a_first_password_is_set(client: Client, nigar: User) -> None:
    nigar.set_unusable_password()
    nigar.save()
    client.force_login(nigar)
    page: Any = client.get("/accounts/password/set/").content.decode()
    assert re.search(r'href="/accounts/password/change/"\s+class="on"', page)


def test_the_secret_for_the_app_is_shown_whole_and_can_be_copied(client: Client, nigar: User) -> None:
    nigar.set_unusable_password()
    nigar.save()
    client.force_login(nigar)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    assert re.search(r'<output[^>]*id="authenticator_secret">[A-Z2-7]{32}</output>', page)


@pytest.mark.parametrize(("code", "said"), [("000000", "wait for the next one"), ("00000000", "works once")])
def test_a_wrong_recovery_code_is_not_taken_for_a_code_of_the_app(
    client: Client, nigar: User, code: str, said: str
) -> None:
    TOTP.activate(nigar, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    client.logout()
    client.post("/accounts/login/", {"login": nigar.email, "password": "nigar-2026-parol"})
    page = client.post("/accounts/2fa/authenticate/?lang=en", {"code": code}).content.decode()
    assert said in page


def test_the_only_address_offers_nothing_that_would_be_refused(client: Client, nigar: User) -> None:
    offered = ("action_primary", "action_remove", "action_send")
    page = client.get("/accounts/email/").content.decode()
    assert nigar.email in page
    assert 'name="action_add"' in page
    assert not [name for name in offered if name in page]
    EmailAddress.objects.create(user=nigar, email="nigar@mail.example")
    page = client.get("/accounts/email/").content.decode()
    assert all(name in page for name in offered)
    EmailAddress.objects.filter(email="nigar@mail.example").delete()
    EmailAddress.objects.update(verified=False)
    page = client.get("/accounts/email/").content.decode()
    assert [name for name in offered if name in page] == ["action_send"]


def test_a_second_address_that_waits_for_its_code_is_said_on_the_page_of_addresses(
    client: Client, nigar: User
) -> None:
    waits = "waits to be confirmed by the code"
    assert waits not in client.get("/accounts/email/?lang=en").content.decode()
    added = client.post("/accounts/email/", {"action_add": "", "email": "second@else.example"})
    assert added.url == "/accounts/confirm-email/"
    page = client.get("/accounts/email/?lang=en").content.decode()
    assert (waits in page, "<b>second@else.example</b>" in page) == (True, True)
    assert 'href="/accounts/confirm-email/"' in page


def test_who_does_not_want_to_type_the_password_again_has_a_way_back(client: Client, nigar: User) -> None:
    assert "Back to the portal" in client.get("/accounts/reauthenticate/").content.decode()
    page = client.post("/accounts/reauthenticate/", {"password": "nigar-2025-parol"}).content.decode()
    assert "This is not your password: type it again." in page
