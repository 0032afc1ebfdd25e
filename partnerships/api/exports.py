"""One's tokens, to be taken away: what each may do and when it was last used, never what opens the door."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.api.models import Token
from partnerships.common import scopes
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing


@listing("api.tokens")
def tokens(user: Any, params: QueryDict) -> Listed:
    """One's own that still open; of the secret not a sign."""
    words = dict(scopes.groups())
    return Listed(
        _("API tokens"),
        Token.objects.visible_to(user).living(),
        TOKENS,
        order=("-created", "-pk"),
        lines=lambda found: [(token, words.get(token.group, token.group)) for token in found],
    )


TOKENS = [
    ExportColumn(gettext_lazy("What for"), lambda row: row[0].name, 40),
    ExportColumn(
        gettext_lazy("What it may do"),
        lambda row: _("Read and change") if row[0].writes else _("Read only"),
        20,
    ),
    ExportColumn(gettext_lazy("Limited to"), lambda row: str(row[1]), 44),
    ExportColumn(gettext_lazy("Only from"), lambda row: row[0].networks, 30),
    ExportColumn(gettext_lazy("Made"), lambda row: row[0].created, 18),
    ExportColumn(gettext_lazy("Last used"), lambda row: row[0].last_used, 18),
    ExportColumn(gettext_lazy("Ends"), lambda row: row[0].expiry, 18),
]
