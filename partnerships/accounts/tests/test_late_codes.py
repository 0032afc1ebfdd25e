"""Codes that wait in a browser while the account that they are for changes."""

import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from partnerships.accounts.actions import publish_first_text
from partnerships.accounts.models import ConsentText, User
from partnerships.directory.actions import merge_people
from partnerships.directory.models import Person
from partnerships.notifications.models import Message
from partnerships.privacy.actions.erasing import erase_person
from partnerships.testing.cast import Cast

pytestmark = pytest.mark.django_db
CONFIRM, COMPLETE = "/accounts/password/reset/confirm/", "/accounts/password/reset/complete/"
NEW = "dağ-çay-dəniz-2026"


def code_to(email: str) -> str:
    found = re.search(r"\b\d{6}\b", Message.objects.filter(address=email).latest("pk").subject)
    assert found is not None
    return found[0]


def asked(email: str) -> tuple[Client, str]:
    """A browser that waits for a code, and the code."""
    client = Client()
    client.post("/accounts/password/reset/", {"email": email})
    return client, code_to(email)


def sets_it(client: Client, code: str, password: str = NEW) -> None:
    client.post(CONFIRM, {"code": code})
    client.post(COMPLETE, {"password1": password, "password2": password})


def test_a_code_for_a_new_password_ends_with_the_address_that_it_went_to(cast: Cast) -> None:
    """Whoever has lost a mailbox takes its address away: what lies in it opens nothing any more."""
    user = cast.user("hr")
    lost = EmailAddress.objects.create(user=user, email="old@else.example", verified=True)
    (early, first), (late, second) = asked(lost.email), asked(lost.email)
    assert early.post(CONFIRM, {"code": first}).url == COMPLETE
    lost.delete()
    sets_it(late, second)
    assert early.post(COMPLETE, {"password1": NEW, "password2": NEW}).url == "/accounts/password/reset/"
    user.refresh_from_db()
    assert user.check_password(NEW) is False


def test_of_two_codes_for_a_new_password_the_other_ends_when_one_is_used(cast: Cast) -> None:
    user = cast.user("hr")
    (one, first), (other, second) = asked(user.email), asked(user.email)
    sets_it(one, first)
    sets_it(other, second, "başqa-şifrə-2026")
    user.refresh_from_db()
    assert user.check_password(NEW) is True


def test_no_password_is_set_for_somebody_erased_and_no_letter_says_so(cast: Cast) -> None:
    user = cast.user("hr")
    client, code = asked(user.email)
    erase_person(user.person)
    sets_it(client, code)
    user.refresh_from_db()
    assert user.has_usable_password() is False
    assert Message.objects.filter(address=user.email).exists() is False


def test_a_late_code_looks_like_a_wrong_one(cast: Cast) -> None:
    user = cast.user("hr")
    client, code = asked(user.email)
    User.objects.filter(pk=user.pk).update(is_active=False)
    page = client.post(f"{CONFIRM}?lang=en", {"code": code}).content.decode()
    assert "This is not the code of the newest letter" in page


def test_a_code_of_signing_up_verifies_nothing_for_an_account_that_a_merge_has_closed(cast: Cast) -> None:
    """Otherwise the address would belong to a closed account, and nobody could ever sign in with it."""
    publish_first_text()
    client, email = Client(), "nigar@else.example"
    sign_up: dict[str, Any] = {
        "given_name": "Nigar",
        "family_name": "Məmmədova",
        "email": email,
        "password1": NEW,
        "language": "az",
        "consent": "on",
        "consent_text": ConsentText.objects.get().pk,
    }
    client.post("/accounts/signup/", sign_up)
    code = code_to(email)
    gone = Person.objects.get(user__email=email)
    merge_people(cast.student, gone, actor=cast.user("admin"), reason="The same student twice.")
    confirmed = client.post("/accounts/confirm-email/", {"code": code})
    assert (confirmed.status_code, confirmed.url) == (302, "/accounts/login/")
    assert EmailAddress.objects.filter(email=email).exists() is False
    client.post("/accounts/confirm-email/", {"action": "change", "email": "else@else.example"})
    assert EmailAddress.objects.filter(email="else@else.example").exists() is False


def test_a_code_for_a_new_password_is_good_for_an_hour_in_the_browser_that_asked(cast: Cast) -> None:
    user = cast.user("hr")
    client, code = asked(user.email)
    sets_it(Client(), code)
    with time_machine.travel("2099-01-01"):
        sets_it(client, code)
    user.refresh_from_db()
    assert user.check_password(NEW) is False
    sets_it(*asked(user.email))
    user.refresh_from_db()
    assert user.check_password(NEW) is True


def test_who_comes_with_a_code_that_is_over_or_used_is_told_so_and_what_to_do(cast: Cast) -> None:
    user = cast.user("hr")
    client, code = asked(user.email)
    assert re.search(r"<title>\s*Enter the code", client.get(f"{CONFIRM}?lang=en").content.decode())
    with time_machine.travel("2099-01-01"):
        page = client.post(f"{CONFIRM}?lang=en", {"code": code}, follow=True).content.decode()
    over = "it was used, or its hour is over. Ask for a new one."
    assert over in page
    client, code = asked(user.email)
    sets_it(client, code)
    client.get("/?lang=en")
    assert over in client.post(f"{CONFIRM}?lang=en", {"code": code}, follow=True).content.decode()
    assert over not in client.get(f"{CONFIRM}?lang=en", follow=True).content.decode()
