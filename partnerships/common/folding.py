"""For migrations: folded words that were kept before `text.fold` left quotation marks out."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Replace, Trim

QUOTES = '"“”„‟«»'


def without_quotes(app: str, *models: str) -> Callable[[Any, Any], None]:
    """What a migration runs: `folded` of these models as it is kept now, by one statement for each."""

    def forwards(apps: Any, schema_editor: Any) -> None:
        for name in models:
            rows = apps.get_model(app, name)._base_manager.using(schema_editor.connection.alias)
            bare: Any = F("folded")
            for sign in QUOTES:
                bare = Replace(bare, Value(sign), Value(""))
            held = reduce(or_, (Q(folded__contains=sign) for sign in QUOTES))
            rows.filter(held).update(folded=Trim(Replace(bare, Value("  "), Value(" "))))

    return forwards
