"""What the API keeps about people."""

from django.utils.translation import gettext_lazy as _

from partnerships.api.models import Token
from partnerships.common.held import Held

HELD = (
    Held(
        key="api.tokens",
        label=_("API tokens"),
        model="api.Token",
        rows=lambda person: Token.objects.filter(user=person.user_id or 0),
        columns=("name", "networks", "created", "expiry", "last_used"),
        linked=("api.Token.user",),
        delete=True,
        history=False,
        public=False,
    ),
)
