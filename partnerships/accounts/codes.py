"""Codes that wait in a browser for an hour, while the account that they are for may change.

django-allauth keeps them in the session and looks at the hour and the tries alone.
"""

from typing import Any

from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.internal.flows.password_reset_by_code import (
    PASSWORD_RESET_VERIFICATION_SESSION_KEY,
    PasswordResetVerificationProcess,
)
from django.http import HttpRequest

# Where a code is typed, and the page of the new password behind it: with the code that they wait for.
PAGES = {
    "account_confirm_password_reset_code": PASSWORD_RESET_VERIFICATION_SESSION_KEY,
    "account_complete_password_reset": PASSWORD_RESET_VERIFICATION_SESSION_KEY,
    "account_email_verification_sent": EMAIL_VERIFICATION_CODE_SESSION_KEY,
}
_AS_IT_WAS = "account_as_it_was"


def is_theirs(user: Any, email: str) -> bool:
    """Whether letters to this address reach the owner of the account: it was verified, or the account was
    opened with it. Another one may be mistyped, and its reader a stranger."""
    email = email.lower()
    return user.email == email or user.emailaddress_set.filter(email=email, verified=True).exists()


def remember_password(request: HttpRequest, user: Any) -> None:
    """That the code which this browser waits for is to replace the password of now, and no later one."""
    state = request.session[PASSWORD_RESET_VERIFICATION_SESSION_KEY]
    request.session[PASSWORD_RESET_VERIFICATION_SESSION_KEY] = {
        **state,
        _AS_IT_WAS: user.get_session_auth_hash(),
    }


def waits(request: HttpRequest, page: str) -> bool:
    """Whether this browser waits for the code of that page."""
    return PAGES[page] in request.session


def end_late_ones(request: HttpRequest) -> None:
    """Forget a code for a closed account, and one for a new password when the password is another by now or
    its letter went to an address that has been taken away since. To whoever holds it, it is a wrong code."""
    verification = EmailVerificationProcess.resume(request)
    if verification and verification.user is not None and not verification.user.is_active:
        verification.abort()
    reset = PasswordResetVerificationProcess.resume(request)
    if reset is None or reset.user is None or _still_good(reset):
        return
    if reset.state.get("code_confirmed"):
        reset.abort()
    else:  # as for an address without an account, so that nothing is told
        reset.state = {name: value for name, value in reset.state.items() if name not in ("code", "user_id")}
        reset.persist()


def _still_good(reset: PasswordResetVerificationProcess) -> bool:
    user: Any = reset.user
    same = reset.state.get(_AS_IT_WAS) == user.get_session_auth_hash()
    return user.is_active and same and is_theirs(user, reset.state["email"])
