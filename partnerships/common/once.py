"""Idempotency-Key: a POST whose answer was lost is answered again when it is sent again, and done once."""

import base64
import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from partnerships.common.models import KeptAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_FOR = timedelta(hours=24)
LONGEST = 128  # characters of a key


class OtherRequest(APIException):
    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = gettext_lazy(
        "This Idempotency-Key was sent with another request in the last 24 hours: choose a new one."
    )


def _sha(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _key(request: Request) -> str:
    """The key hashed with who sent it: a token, or an account in its session."""
    key = request.headers[HEADER]
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        words = _("An Idempotency-Key has 1 to %(most)s letters, digits and signs of ASCII, such as a UUID.")
        raise ValidationError({HEADER: [words % {"most": LONGEST}]})
    sender = getattr(request.auth, "pk", "") or f"account {request.user.pk}"
    return _sha(str(sender).encode(), key.encode())


def _seal(request: Request) -> Fernet:
    """What a secret answer is locked with: the sender's key itself, of which the row has but a hash."""
    lock = salted_hmac("partnerships.common.once", request.headers[HEADER], algorithm="sha256")
    return Fernet(base64.urlsafe_b64encode(lock.digest()))


def _open(request: Request, body: str) -> str:
    try:
        return _seal(request).decrypt(body.encode()).decode()
    except InvalidToken as error:  # the SECRET_KEY is a new one
        raise OtherRequest from error


def once(
    request: Request,
    act: Callable[[], Response],
    refuse: Callable[[Exception], Response],
    *,
    secret: bool = False,
    rights: str = "",
    again: Callable[[int, Any, bool], Any] = lambda _status, said, _same: said,
) -> Response:
    """`act()`, or its answer of before when the sender's key has been used for the same request.

    `rights` is a mark of what the sender may do today; `again(status, body, same)` is what they are told now
    of what was answered before, with the same rights or with others.

    The key is written in the transaction of what is done: both stay or neither does. Of two at once the
    second waits for the first and gets its answer. An answer with something `secret` is kept so that nobody
    without the key reads it. `refuse` turns an exception into the answer for it and
    raises what it does not know: then, and for an answer of 5xx, nothing is kept.
    """
    key, body = _key(request), _sha(request.method.encode(), request.path.encode(), request.body)
    with transaction.atomic():
        KeptAnswer.objects.filter(key=key, created__lt=timezone.now() - KEPT_FOR).delete()
        mine = KeptAnswer(key=key, request=body, claim=uuid.uuid4(), owner=request.user, rights=rights)
        KeptAnswer.objects.bulk_create([mine], ignore_conflicts=True)
        kept = KeptAnswer.objects.get(key=key)
        if kept.claim != mine.claim:
            if kept.request != body:
                raise OtherRequest
            said = _open(request, kept.body) if secret and kept.body else kept.body
            told = again(kept.status, json.loads(said or "null"), kept.rights == rights)
            return Response(told, kept.status, headers={REPLAYED: "true"})
        response = _done(act, refuse)
        if response.status_code >= 500:
            transaction.set_rollback(True)
            return response
        said = JSONRenderer().render(response.data).decode() if response.data is not None else ""
        if secret and said:
            said = _seal(request).encrypt(said.encode()).decode()
        KeptAnswer.objects.filter(pk=kept.pk).update(status=response.status_code, body=said)
    return response


def _done(act: Callable[[], Response], refuse: Callable[[Exception], Response]) -> Response:
    """In a savepoint of its own: what is refused half way leaves nothing behind but its refusal."""
    try:
        with transaction.atomic():
            return act()
    except Exception as error:  # noqa: BLE001  refuse() raises again what is no refusal
        return refuse(error)


def forget() -> int:
    """Rows whose 24 hours are over; returns how many went."""
    old: models.QuerySet[KeptAnswer] = KeptAnswer.objects.filter(created__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]
