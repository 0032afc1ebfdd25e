"""Sign-up on one screen, and the codes typed on a phone."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.accounts import actions, codes
from partnerships.accounts.models import ConsentText, Language, User
from partnerships.common.text import clean_line

# What the app shows; a recovery code is longer.
_APP_DIGITS = 6


def _name_field(label: Any, autocomplete: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=100, widget=forms.TextInput(attrs={"autocomplete": autocomplete})
    )


class SignupForm(allauth_forms.SignupForm):
    given_name = _name_field(_("Given name"), "given-name")
    family_name = _name_field(_("Family name"), "family-name")
    language = forms.ChoiceField(label=_("Language of the portal and of letters"), choices=Language)
    consent = forms.BooleanField(
        error_messages={"required": _("Without your consent the portal may not keep your data.")}
    )
    # The version that was on the screen; a newer one is asked for after signing in.
    consent_text = forms.ModelChoiceField(ConsentText.objects.all(), widget=forms.HiddenInput)
    field_order = ("given_name", "family_name", "email", "password1", "language", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].help_text = _(
            "Your university's address, if you have one: then nobody needs to look for you."
        )
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["language"].initial = get_language()
        self.fields["consent_text"].initial = ConsentText.objects.first()
        self.fields["consent"].label = format_html(
            '{} <a href="{}" target="_blank" rel="noopener">{}</a>',
            _("I agree to the processing of my personal data."),
            reverse("personal_data"),
            _("Read the text"),
        )

    def _clean_name(self, name: str) -> str:
        value = clean_line(self.cleaned_data[name])
        if not any(letter.isalpha() for letter in value):
            raise forms.ValidationError(_("Write the name in letters."))
        return value

    def clean_given_name(self) -> str:
        return self._clean_name("given_name")

    def clean_family_name(self) -> str:
        return self._clean_name("family_name")

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user = super().save(request)
        actions.agree(user, self.cleaned_data["consent_text"], ip=get_adapter().get_client_ip(request))
        return user


class NewPasswordForm(allauth_forms.ResetPasswordForm):
    users: list[Any]

    def clean_email(self) -> str:
        """A code goes to no address whose reader may be a stranger."""
        email: str = super().clean_email()
        self.users = [user for user in self.users if codes.is_theirs(user, email)]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = super().save(request, **kwargs)
        if self.users:
            codes.remember_password(request, self.users[0])
        return email


class _Digits:
    """A code of digits: the phone's number keys, filled in from the letter where the phone can."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(
            inputmode="numeric", autocomplete="one-time-code", maxlength="16"
        )  # type: ignore[attr-defined]
        self.fields["code"].widget.attrs.pop("placeholder", None)  # type: ignore[attr-defined]


class EmailCodeForm(_Digits, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class PasswordCodeForm(_Digits, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class AgreeForm(forms.Form):
    """A new version of the text on personal data."""

    consent = forms.BooleanField(
        label=_("I agree to the processing of my personal data."),
        error_messages={"required": _("Without your consent the portal may not keep your data.")},
    )


class SecondFactorForm(AuthenticateForm):
    """The second question of a sign-in; the package does not say that a recovery code answers it too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _(
            "The six digits that the app shows now. Without the phone, one of your recovery codes opens the "
            "account as well."
        )

    def clean_code(self) -> str:
        """Who types a recovery code is not told to look at the phone that they do not have."""
        try:
            code: str = super().clean_code()
        except forms.ValidationError as error:
            if error.code == "incorrect_code" and len(self.cleaned_data["code"].strip()) > _APP_DIGITS:
                raise forms.ValidationError(
                    _(
                        "This recovery code is not yours, or it was used already: each of them works once. "
                        "Take another one."
                    ),
                    code="incorrect_code",
                ) from error
            raise
        return code


class NewKeyForm(AddWebAuthnForm):
    """A security key; the package leaves the label of its name to the field's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")


class KeyForm(EditWebAuthnForm):
    """Another name for a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
