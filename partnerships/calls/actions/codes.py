"""Making, redeeming and taking back access codes. Whether the actor may is the direction's to ask."""

import secrets
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.calls.models import AccessCode, AccessUse, Call
from partnerships.calls.models.codes import live_uses
from partnerships.common.clock import moment_in_words
from partnerships.common.query_words import Key
from partnerships.common.refusals import Blocked, Refusal
from partnerships.directory.asked import asked
from partnerships.workflow.actors import as_actor

# No letter or figure that can be taken for another one.
SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
LENGTH, GROUP = 12, 4  # thirty signs, twelve times: 58 bits
SALT = "partnerships.calls.code"

WRONG = Refusal(
    gettext_lazy(
        "This code does not open anything here. Look whether it is typed as you got it and meant for this "
        "call."
    ),
    code="wrong_code",
)
USED_UP = Refusal(
    gettext_lazy("This code has been used by as many people as it was made for. Ask who invited you."),
    code="used_up",
)
OVER = Refusal(gettext_lazy("This code is no longer valid. Ask who invited you."), code="code_over")


def _digest(text: str) -> str:
    bare = "".join(sign for sign in text.upper() if sign in SIGNS)
    return salted_hmac(SALT, bare, algorithm="sha256").hexdigest()


@transaction.atomic
def make_code(
    call: Call,
    step: str,
    *,
    actor: Any,
    note: str,
    expires: datetime,
    uses: int = 1,
    latest: datetime | None = None,
) -> tuple[AccessCode, str]:
    """A new code and what it reads: shown this once, only its hash is kept.

    `latest` is the moment after which it would let nobody do anything. Raises ValidationError for a moment in
    the past or after `latest`, or for a number of uses out of range.
    """
    if expires <= timezone.now():
        raise ValidationError({"expires": _("This day lies in the past.")})
    if latest is not None and expires > latest:
        words = _("It has to end before the next deadline of the call: %(moment)s.")
        raise ValidationError({"expires": words % {"moment": moment_in_words(latest)}})
    text = "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))
    by = as_actor(actor)
    code = AccessCode(
        call=call,
        step=step,
        digest=_digest(text),
        hint=text[-GROUP:],
        note=note,
        uses=uses,
        expires=expires,
        made_by=by.user,
    )
    code.full_clean(exclude=["revoked_by"])
    code.save()
    return code, "-".join(text[at : at + GROUP] for at in range(0, LENGTH, GROUP))


@transaction.atomic
def redeem(call: Call, step: str, text: str, subject: models.Model, *, actor: Any) -> AccessCode:
    """Let `subject` (locked by the caller) do the step after its deadline, once for all its tries.

    The code's row is locked and its uses are recounted: of two people with the last use one gets it. Raises
    Blocked: WRONG for a code of nothing or of another call, OVER, USED_UP.
    """
    code = AccessCode.objects.select_for_update().filter(call=call, step=step, digest=_digest(text)).first()
    if code is None:
        raise Blocked(WRONG, subject)
    if not code.is_live:
        raise Blocked(OVER, subject)
    kind = ContentType.objects.get_for_model(subject, for_concrete_model=True)
    mine = {"content_type": kind, "object_id": subject.pk}
    if not code.used.filter(**mine).exists():
        if code.used.count() >= code.uses:
            raise Blocked(USED_UP, subject)
        AccessUse.objects.create(code=code, **mine)
    return code


@transaction.atomic
def revoke_code(code: AccessCode, *, actor: Any) -> AccessCode:
    """Nobody gets in by it any more, nor does who got in and has not sent yet. Twice is once."""
    code = AccessCode.objects.select_for_update().get(pk=code.pk)
    if code.revoked_at is None:
        code.revoked_at, code.revoked_by = timezone.now(), as_actor(actor).user
        code.save(update_fields=["revoked_at", "revoked_by"])
    return code


def access_of_subject(subject: models.Model, step: str) -> AccessCode | None:
    """The living code by which this object may do the step after its deadline; of several the longest."""
    return next((use.code for use in _living(type(subject), step, Key(subject.pk))[:1]), None)


@asked
def _living(model: type[models.Model], step: str, key: Any) -> Any:
    uses = live_uses(model, step).filter(object_id=key).select_related("code__made_by")
    return uses.order_by("-code__expires")
