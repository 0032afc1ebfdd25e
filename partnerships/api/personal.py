"""What the API keeps about people."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Held

HELD = (
    Held(
        key="api.tokens",
        label=_("API tokens"),
        model="api.Token",
        columns=("name", "networks", "created", "expiry", "last_used"),
        linked=("api.Token.user",),
        delete=True,
        history=False,
        public=False,
    ),
)
