"""Every write about tokens."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from partnerships.api.models import Token

LONGEST = 365  # days that a token may live
USUAL = 30
_NOTED_EVERY = timedelta(minutes=10)


@transaction.atomic
def make(
    actor: Any, *, name: str, days: int, writes: bool, group: str, networks: str = ""
) -> tuple[Token, str]:
    """A token and its secret, which is not kept. The oldest makes room for the one above the limit.
    `networks` as `networks.cleaned` leaves them: from elsewhere it is refused."""
    token, secret = Token.objects.create(
        user=actor, expiry=timedelta(days=days), name=name, writes=writes, group=group, networks=networks
    )
    newest = Token.objects.filter(user=actor).order_by("-created", "-pk").values_list("pk", flat=True)
    keep = list(newest[: settings.REST_KNOX["TOKEN_LIMIT_PER_USER"]])
    Token.objects.filter(user=actor).exclude(pk__in=keep).delete()
    return token, secret


def end(token: Token) -> None:
    token.delete()


def note_use(token: Token) -> None:
    """When it was last used, to ten minutes: reading a thousand rows writes once."""
    now = timezone.now()
    if token.last_used is None or now - token.last_used > _NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used=now)
