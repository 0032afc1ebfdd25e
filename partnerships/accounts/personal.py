"""What accounts keep about people."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from partnerships.accounts.models import Consent, User
from partnerships.common.held import Basis, Held, deletes

_OWN = _("You; the administrator of the portal sees that the account exists")


def _user(person: Any) -> Any:
    return User.objects.filter(pk=person.user_id or 0)


HELD = (
    Held(
        key="accounts.account",
        label=_("Account"),
        model="accounts.User",
        rows=_user,
        columns=("email", "language", "page_size", "date_joined", "last_login"),
        what=_("E-mail address, language, rows a page, day of sign-up, a password that nobody can read"),
        purpose=_("To let you in and to write to you"),
        basis=Basis.CONTRACT,
        seen_by=_OWN,
        until=_("Until you ask for erasure"),
        linked=("directory.Person.user",),
        history=False,
    ),
    Held(
        key="accounts.addresses",
        label=_("Addresses of the account"),
        model="account.EmailAddress",
        columns=("email", "verified", "primary"),
        linked=("account.EmailAddress.user",),
        delete=True,
        public=False,
    ),
    Held(
        key="accounts.consents",
        label=_("Consents"),
        model="accounts.Consent",
        rows=lambda person: Consent.objects.filter(user=person.user_id or 0).select_related("text"),
        columns=("text.number", "at", "ip", "withdrawn_at"),
        what=_("Which text you agreed to, when and from which network address, and when you withdrew it"),
        purpose=_("To prove that you agreed"),
        basis=Basis.LAW,
        seen_by=_("You and the person responsible for data protection"),
        until=_("As long as the account; afterwards without your name and address"),
        linked=("accounts.Consent.user",),
        blank={"ip": None},
        history=False,
    ),
    Held(
        key="accounts.sign_ins",
        label=_("Sign-ins and second factors"),
        model="usersessions.UserSession",
        columns=("created_at", "last_seen_at", "ip", "user_agent"),
        what=_("Device, network address and time of sign-ins that are open; that a second factor is set up"),
        purpose=_("The safety of your account"),
        basis=Basis.INTEREST,
        seen_by=_("You alone"),
        until=_("Two weeks after the sign-in was last used"),
        linked=("usersessions.UserSession.user",),
        delete=True,
    ),
    Held(
        key="accounts.factors",
        label=_("Second factors"),
        model="mfa.Authenticator",
        columns=("type", "created_at", "last_used_at"),
        linked=("mfa.Authenticator.user",),
        delete=True,
        public=False,
    ),
)

RULES = (
    deletes(
        "accounts.sign_ins",
        _("Sign-ins that are no longer used"),
        14,
        lambda border: UserSession.objects.filter(last_seen_at__lt=border),
    ),
    deletes(
        "accounts.sessions",
        _("Sessions that ran out"),
        1,
        lambda border: Session.objects.filter(expire_date__lt=border),
    ),
)
