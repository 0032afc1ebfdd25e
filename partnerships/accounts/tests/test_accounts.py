"""The text on personal data, the language of the pages, letters and limits."""

import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from partnerships.accounts import actions, mail
from partnerships.accounts.models import Consent, ConsentText, User
from partnerships.notifications.models import Message
from partnerships.testing import factories as make
from partnerships.testing.cast import Cast

pytestmark = pytest.mark.django_db


def publish(number: int) -> ConsentText:
    return ConsentText.objects.create(number=number, body_az=f"Mətn {number}", body_en=f"Text {number}")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_first_text_is_published_once_in_both_languages() -> None:
    assert (actions.publish_first_text(), actions.publish_first_text()) == (True, False)
    az = Client().get("/personal-data/").content.decode()
    en = Client().get("/personal-data/?lang=en").content.decode()
    assert "Fərdi məlumatların emalına razılıq" in az
    assert "Consent to the processing of personal data" in en


def test_headings_and_lists_of_the_text_are_drawn_and_nothing_else_that_it_may_hold() -> None:
    body = "# Başlıq\n\nQısa sətir\n\n# Böyük\n\nCümlə.\n\n- bir\n- iki\n\n<script>x</script>"
    ConsentText.objects.create(number=1, body_az=body, body_en=body)
    page = Client().get("/personal-data/").content.decode()
    assert re.search(r"<h1[^>]*>\s*Başlıq\s*</h1>", page)
    body = page[page.index('class="body prose"') :]
    assert re.findall(r"<(?:h2|li)>[^<]*", body)[:4] == [
        "<h2>Qısa sətir",
        "<h2>Böyük",
        "<li>bir",
        "<li>iki",
    ]
    assert ("##" in body, "<script>x" in body) == (False, False)


def test_a_text_typed_into_a_form_has_its_headings_too() -> None:
    body = "Başlıq\r\n\r\nBir cümlə.\r\n\r\nHüquqlarınız\r\n\r\nHamısı qalır."
    ConsentText.objects.create(number=1, body_az=body, body_en=body)
    assert "<h2>Hüquqlarınız</h2>" in Client().get("/personal-data/").text


def test_the_first_text_names_the_administrator_as_the_portal_does() -> None:
    actions.publish_first_text()
    body = ConsentText.objects.get().body_az
    assert ("portalın administratoruna" in body, "inzibatçı" in body) == (True, False)


def test_a_new_text_is_agreed_to_before_going_on_and_back_to_where_one_was() -> None:
    user = make.user("a@else.example")
    actions.agree(user, publish(1))
    client = signed_in(user)
    assert client.get("/partners/").status_code == 200
    newest = publish(2)
    session = client.session
    session["consent_checked"] = 0
    session.save()
    led = client.get("/partners/?q=az")
    assert led.url == "/personal-data/agree/?next=%2Fpartners%2F%3Fq%3Daz"
    asked = client.post("/personal-data/agree/", {"next": "/partners/"})
    assert asked.status_code == 200
    assert 'href="/personal-data/?version=1"' in asked.text
    assert "Razılığınız olmadan portal məlumatlarınızı saxlaya bilməz" in asked.text
    # Both groups of the menu hang below their titles, so that the heading fits into one line.
    heading = asked.content.decode().split('<nav class="links"')[1].split("</nav>")[0]
    assert heading.count("<summary>") == 2
    answer = client.post("/personal-data/agree/", {"consent": "on", "next": "/partners/?q=az"})
    assert answer.url == "/partners/?q=az"
    assert client.get("/partners/").status_code == 200
    assert list(
        Consent.objects.filter(user=user).values_list("text__number", flat=True).order_by("text__number")
    ) == [
        1,
        newest.number,
    ]


def test_a_form_that_is_being_sent_is_not_lost_to_a_new_text() -> None:
    user = make.user("a@else.example")
    publish(1)
    assert signed_in(user).post("/language/", {"language": "en", "next": "/partners/"}).url == "/partners/"


def test_the_language_is_kept_in_the_cookie_and_on_the_account() -> None:
    user = make.user("a@else.example")
    client = signed_in(user)
    answer = client.post("/language/", {"language": "en", "next": "/partners/?lang=az&q=x"})
    assert answer.url == "/partners/?q=x"
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"
    user.refresh_from_db()
    assert user.language == "en"


@pytest.mark.parametrize(("language", "where"), [("xx", "/partners/"), ("en", "https://evil.example/")])
def test_a_language_or_place_that_is_not_ours_is_ignored(language: str, where: str) -> None:
    client = Client()
    answer = client.post("/language/", {"language": language, "next": where})
    assert answer.url == ("/partners/" if where.startswith("/") else "/")
    assert (settings.LANGUAGE_COOKIE_NAME in client.cookies) is (language == "en")
    assert client.get("/language/").status_code == 405


def test_sign_in_letters_have_all_their_words_in_both_languages() -> None:
    values = {
        "code": "123456",
        "when": "24 noyabr, 10:00",
        "ip": "127.0.0.1",
        "reset_url": "http://x/",
        "password_reset_url": "http://x/",
        "signup_url": "http://x/",
        "from_email": "a@b.example",
        "to_email": "c@b.example",
        "deleted_email": "a@b.example",
    }
    for language in ("az", "en"):
        with translation.override(language):
            for template in [*mail.LETTERS, *mail.NOTICES]:
                words = mail.write(template, values)
                assert words is not None
                assert not re.search(r"%\(", " ".join(words))
                assert "http" not in words.text
                assert words.link == ("" if "%(code)s" in _raw(template) else "http://x/")
                assert bool(words.button) == bool(words.link)


def _raw(template: str) -> str:
    subject, body = {**mail.LETTERS, **mail.NOTICES}[template]
    return f"{subject} {body}"


def test_a_change_of_password_is_told_with_the_moment_in_words_and_a_button(db: None) -> None:
    user = make.user("a@else.example", language="az")
    client = Client()
    client.force_login(user)
    fields = {"oldpassword": make.PASSWORD, "password1": "Başqa-parol-91", "password2": "Başqa-parol-91"}
    with time_machine.travel("2026-11-26T00:08:00Z", tick=False):
        answer = client.post("/accounts/password/change/", fields)
    assert answer.status_code == 302
    letter = Message.objects.get(kind="accounts.password_changed")
    assert "Vaxt: 26 noyabr, 04:08" in letter.text
    assert "Yeni şifrə təyin et: http://localhost:8000/accounts/password/reset/" in letter.text
    assert letter.html.count("/accounts/password/reset/") == 1


def test_a_wrong_password_is_limited(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    make.user("a@else.example")
    client = Client()
    for _attempt in range(6):
        answer = client.post("/accounts/login/", {"login": "a@else.example", "password": "səhv-parol"})
    assert answer.status_code == 200
    right = client.post("/accounts/login/", {"login": "a@else.example", "password": make.PASSWORD})
    assert right.status_code == 200
    assert "_auth_user_id" not in client.session
    cache.clear()


@pytest.mark.parametrize(("proxies", "kept"), [(0, "10.0.0.9"), (1, "203.0.113.7")])
def test_the_visitors_address_is_the_one_that_our_proxy_saw(settings: Any, proxies: int, kept: str) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    user = make.user("a@else.example")
    publish(1)
    claimed = {"REMOTE_ADDR": "10.0.0.9", "HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.7"}
    signed_in(user).post("/personal-data/agree/", {"consent": "on"}, **claimed)
    assert Consent.objects.get(user=user).ip == kept


def test_the_pages_of_the_second_factor_and_of_sessions_open_after_the_password_again(cast: Cast) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": cast.user("hr").email, "password": make.PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").url.startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    pages = (
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/sessions/",
    )
    assert [client.get(path).status_code for path in pages] == [200] * 4
    key = client.get("/accounts/2fa/webauthn/add/").context["form"]
    assert key["name"].label == "Ad"


def test_a_forgotten_password_is_replaced_by_a_code_and_every_page_of_it_leads_back(
    cast: Cast, settings: Any, mailoutbox: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    client = Client()
    asked = client.get("/accounts/password/reset/").content.decode()
    assert 'href="/accounts/login/"' in asked
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/password/reset/", {"email": cast.student.email})
    wrong = client.post("/accounts/password/reset/confirm/", {"code": "not it"}).content.decode()
    assert "This is not the code of the newest letter" in wrong
    assert re.search(r'href="/accounts/password/reset/">Send a new code<', wrong)
    code = re.search(r"\b\d{6}\b", mailoutbox[-1].body)
    assert code is not None
    right = client.post("/accounts/password/reset/confirm/", {"code": code.group(0)})
    assert right.url == "/accounts/password/reset/complete/"
    form = client.get("/accounts/password/reset/complete/").content.decode()
    assert 'form="logout-from-stage"' in form
    words = {"password1": "dağ-çay-dəniz-2026", "password2": "dağ-çay-dəniz-2026"}
    done = client.post("/accounts/password/reset/complete/", words, follow=True)
    assert "The new password is saved" in done.content.decode()
    assert Client().login(email=cast.student.email, password="dağ-çay-dəniz-2026")


def test_letters_about_an_account_lead_to_the_portal_whatever_host_a_request_names(cast: Cast) -> None:
    Client().post("/accounts/password/reset/", {"email": "kimse@else.example"}, HTTP_HOST="testserver:9999")
    letter = Message.objects.get(kind="accounts.unknown_account")
    assert "http://localhost:8000/accounts/signup/" in letter.text
    assert "9999" not in letter.text + letter.html


def test_no_code_for_a_new_password_goes_to_an_added_address_that_was_not_verified(cast: Cast) -> None:
    cast.user("student").emailaddress_set.create(email="someone@else.example", verified=False)
    cast.user("student").emailaddress_set.create(email="nigar@else.example", verified=True)
    for address in ("someone@else.example", "nigar@else.example"):
        Client().post("/accounts/password/reset/", {"email": address})
    letters = Message.objects.filter(kind="accounts.password_reset_code")
    assert list(letters.values_list("address", flat=True)) == ["nigar@else.example"]


def test_the_page_of_the_second_factor_says_that_a_recovery_code_opens_it_too(
    cast: Cast, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "en"
    user = cast.user("student")
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(user)
    client = Client()
    entered = client.post("/accounts/login/", {"login": user.email, "password": make.PASSWORD}, follow=True)
    assert entered.redirect_chain[-1][0].startswith("/accounts/2fa/authenticate/")
    assert "recovery codes opens the account as well" in entered.content.decode()
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "wait for the next one in the app" in wrong
    code = user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0]
    client.post("/accounts/2fa/authenticate/", {"code": code})
    assert client.session["_auth_user_id"] == str(user.pk)
    client.post("/accounts/reauthenticate/", {"password": make.PASSWORD})
    codes = client.get("/accounts/2fa/recovery-codes/", follow=True).content.decode()
    assert "Bu kodları telefondan ayrı yerdə" in codes


def test_signing_up_without_consent_says_so_in_words_alone() -> None:
    """The label of the tick holds a link to the text; the summary on top leads to the field itself."""
    publish(1)
    page = Client().post("/accounts/signup/?lang=en", {"email": ""}).content.decode()
    summary = page[page.index("error-summary") :]
    assert re.search(r'<a href="#id_consent">[^<]*my personal data</a>: Without your consent', summary)
    assert "&lt;a" not in page


def test_a_closed_account_says_what_it_means_and_leads_on() -> None:
    page = Client().get("/accounts/inactive/").content.decode()
    assert "universitetinizin koordinatoruna və ya portalın administratoruna yazın" in page
    assert '<a class="btn btn-primary" href="/">Baş səhifəyə keç</a>' in page


def test_a_consent_is_called_by_the_number_of_its_text() -> None:
    assert str(Consent(text=publish(3))) == "№ 3"
