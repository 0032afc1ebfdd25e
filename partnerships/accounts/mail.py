"""The words of sign-in mail. What is not named here is worded by django-allauth."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy

Words = tuple[Any, Any]  # subject, body with %(name)s places


class Written(NamedTuple):
    """A letter in the language of its reader; `button` leads to `link`, both empty where nothing does."""

    subject: str
    text: str
    button: str = ""
    link: str = ""


_NEW_PASSWORD = gettext_lazy("Set a new password")
_CODE = gettext_lazy(
    "Your code: %(code)s\n\n"
    "Type it into the page that is waiting for it. The code is good for one hour and for you alone: "
    "nobody from the portal will ever ask you for it.\n\n"
    "If you did not ask for it, nothing happens: leave this letter as it is."
)
_NOTICE_TAIL = gettext_lazy(
    "When: %(when)s. From the address %(ip)s.\n\nIf this was not you, set a new password at once."
)
# Letters that carry a code or a link which opens an account.
LETTERS: dict[str, Words] = {
    "account/email/email_confirmation_signup": (gettext_lazy("%(code)s is your code for signing up"), _CODE),
    "account/email/email_confirmation": (gettext_lazy("%(code)s is your code for this address"), _CODE),
    "account/email/password_reset_code": (gettext_lazy("%(code)s is your code for a new password"), _CODE),
    "account/email/account_already_exists": (
        gettext_lazy("You already have an account"),
        gettext_lazy(
            "Somebody has tried to sign up with this address, and there is an account with it already.\n\n"
            "If it was you, sign in with your password. If you have forgotten it, set a new one.\n\n"
            "If it was not you, nothing has changed."
        ),
    ),
    "account/email/unknown_account": (
        gettext_lazy("There is no account with this address"),
        gettext_lazy(
            "Somebody has asked for a new password for this address, but it has no account in the portal.\n\n"
            "Perhaps you signed up with another address. If you are new here, sign up."
        ),
    ),
}
# The one button of a letter: its label, and which of the values it leads to.
BUTTONS: dict[str, tuple[Any, str]] = {
    "account/email/account_already_exists": (_NEW_PASSWORD, "password_reset_url"),
    "account/email/unknown_account": (gettext_lazy("Sign up"), "signup_url"),
}
# Things that happened to an account, told for its safety: what happened.
NOTICES: dict[str, Words] = {
    "account/email/password_changed": (
        gettext_lazy("Your password was changed"),
        gettext_lazy("The password of your account was changed."),
    ),
    "account/email/password_set": (
        gettext_lazy("Your password was set"),
        gettext_lazy("A password was set for your account."),
    ),
    "account/email/password_reset": (
        gettext_lazy("Your password was reset"),
        gettext_lazy("A new password was set for your account by a code sent to your address."),
    ),
    "account/email/email_changed": (
        gettext_lazy("The address of your account was changed"),
        gettext_lazy("Your account now has the address %(to_email)s instead of %(from_email)s."),
    ),
    "account/email/email_confirm": (
        gettext_lazy("An address was confirmed"),
        gettext_lazy("An address of your account was confirmed."),
    ),
    "account/email/email_deleted": (
        gettext_lazy("An address was removed"),
        gettext_lazy("The address %(deleted_email)s was removed from your account."),
    ),
    "mfa/email/totp_activated": (
        gettext_lazy("Sign-in by app was turned on"),
        gettext_lazy("Codes from an authenticator app are now asked for when you sign in."),
    ),
    "mfa/email/totp_deactivated": (
        gettext_lazy("Sign-in by app was turned off"),
        gettext_lazy("Codes from an authenticator app are no longer asked for when you sign in."),
    ),
    "mfa/email/recovery_codes_generated": (
        gettext_lazy("New recovery codes"),
        gettext_lazy("New recovery codes were made for your account; the old ones no longer work."),
    ),
    "mfa/email/webauthn_added": (
        gettext_lazy("A passkey was added"),
        gettext_lazy("A passkey or security key was added to your account."),
    ),
    "mfa/email/webauthn_removed": (
        gettext_lazy("A passkey was removed"),
        gettext_lazy("A passkey or security key was removed from your account."),
    ),
}


def write(template: str, values: dict[str, Any]) -> Written | None:
    """A letter in the language that is on; None when its words are not ours."""
    if template in LETTERS:
        subject, body = LETTERS[template]
        letter = Written(str(subject) % values, str(body) % values)
        if template in BUTTONS:
            button, where = BUTTONS[template]
            letter = letter._replace(button=str(button), link=values[where])
        return letter
    if template in NOTICES:
        subject, body = NOTICES[template]
        text = f"{str(body) % values}\n\n{str(_NOTICE_TAIL) % values}"
        return Written(str(subject) % values, text, str(_NEW_PASSWORD), values["reset_url"])
    return None
