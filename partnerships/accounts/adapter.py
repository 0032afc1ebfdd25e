"""What we ask of django-allauth: mail through the outbox, in the account's language.

The adapter that is in force stands in directory/adapter.py: it also knows the person behind the account.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from knox.models import get_token_model

from partnerships.accounts import mail
from partnerships.accounts.models import ConsentText, User
from partnerships.common.addresses import asked_next
from partnerships.common.clock import moment_in_words
from partnerships.common.mail import post

NEXT = "sign_up_next"
# Said where it is seen anyway: the page that opens is the answer.
_UNSAID = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is not valid now: wait for the next one in the app, and let the phone set its clock "
            "by itself."
        ),
    }


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _(
            "This is not the code of the newest letter: look at it again, or ask for a new code."
        ),
        "incorrect_password": _("This is not your password: type it again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up before there is a text on personal data to agree to."""
        return ConsentText.objects.exists()

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.language = form.cleaned_data.get("language") or translation.get_language()
        # Kept beside the pending sign-in, which forgets it when a code runs out or a new one is asked for.
        if asked := asked_next(request, ""):
            request.session[NEXT] = asked
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return request.session.pop(NEXT, "") or super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return request.session.pop(NEXT, "") or super().get_signup_redirect_url(request)

    def set_password(self, user: Any, password: str) -> None:
        """Whoever changes a password that others know closes the way of their programs as well."""
        super().set_password(user, password)
        get_token_model().objects.filter(user=user).delete()

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in _UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One letter into the outbox, in the language of the account or else of the page."""
        request = allauth_context.request
        account = User.objects.filter(emailaddress__email=email.lower()).first()
        language = account.language if account else translation.get_language() or "az"
        with translation.override(language):
            # Not by the host that a request names: who sends it would choose where the letter leads.
            ours = {
                "reset_url": reverse("account_reset_password"),
                "password_reset_url": reverse("account_reset_password"),
                "signup_url": reverse("account_signup"),
            }
            base = settings.BASE_URL.rstrip("/")
            links = {name: f"{base}{path}" for name, path in ours.items()}
            values = {**context, "when": moment_in_words(timezone.now()), **links}
            letter = mail.write(template_prefix, values)
            if letter is None:
                site = get_current_site(request)
                message = self.render_mail(
                    template_prefix,
                    email,
                    {"request": request, "email": email, "current_site": site, **context},
                )
                letter = mail.Written(message.subject, str(message.body))
        kind = f"accounts.{template_prefix.rpartition('/')[2]}"
        post(kind, email, language, letter.subject, letter.text, button=letter.button, link=letter.link)
