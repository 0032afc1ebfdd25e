"""Tokens of programs: whose, what for, until when; the secret itself is kept as a hash alone."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager
from knox.settings import CONSTANTS

from partnerships.common.fields import UidField


class TokenQuerySet(models.QuerySet["Token"]):
    def visible_to(self, user: Any) -> "TokenQuerySet":
        """One's own: what a program of somebody else may do is nobody's business."""
        account = getattr(user, "pk", None)
        return self.filter(user_id=account) if account else self.none()

    def living(self) -> "TokenQuerySet":
        return self.filter(models.Q(expiry=None) | models.Q(expiry__gt=timezone.now()))


class Token(AbstractAuthToken):
    # Its parent's is the key of the row, and would stand in the addresses of the administration.
    digest = models.CharField(max_length=CONSTANTS.DIGEST_LENGTH, unique=True, editable=False)
    uid = UidField()
    name = models.CharField(_("name"), max_length=80)
    writes = models.BooleanField(_("may change things"), default=False)
    # Empty for everything; see common.scopes.
    group = models.CharField(_("limited to"), max_length=40, blank=True)
    # Addresses and networks from which it is taken, one space between; empty for everywhere.
    networks = models.CharField(_("only from"), max_length=400, blank=True, default="", db_default="")
    last_used = models.DateTimeField(_("last used"), null=True, editable=False)

    objects = AuthTokenManager.from_queryset(TokenQuerySet)()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name
