"""Sign-up's adapter: the account of django-allauth and the person of the directory together."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest

from partnerships.accounts.adapter import AccountAdapter as PlainAdapter
from partnerships.accounts.models import User
from partnerships.directory import actions


class AccountAdapter(PlainAdapter):
    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user = super().save_user(request, user, form, commit)
        actions.register(
            user,
            given_name=form.cleaned_data["given_name"],
            family_name=form.cleaned_data["family_name"],
        )
        return user

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            actions.address_verified(email_address.user, email_address.email)
        return confirmed

    def login(self, request: HttpRequest, user: Any) -> None:
        """An address can also be verified by resetting the password, which tells nobody else."""
        super().login(request, user)
        for email in user.emailaddress_set.filter(verified=True).values_list("email", flat=True):
            actions.address_verified(user, email)
