"""What calls keep about people: who made a code. What somebody answered is held by the app that asked."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.calls.models import AccessCode
from partnerships.common.held import Held


def _codes(person: Any) -> Any:
    return AccessCode.objects.filter(
        Q(made_by=person.user_id or 0) | Q(revoked_by=person.user_id or 0)
    ).exclude(made_by=None)


HELD = (
    Held(
        key="calls.codes",
        label=_("Access codes that you made or took back"),
        model="calls.AccessCode",
        rows=_codes,
        columns=("created", "note", "uses", "expires", "revoked_at"),
        linked=("calls.AccessCode.made_by", "calls.AccessCode.revoked_by"),
        history=False,
        public=False,
    ),
)
