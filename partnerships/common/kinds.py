"""The kind of a record in a query that hangs on no database's numbers."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model


def kind_in_query(model: type[Model]) -> Any:
    """`rows.filter(content_type=kind_in_query(Booking), object_id=OuterRef("pk"))`.

    PostgreSQL looks the kind up once for the whole question and then finds rows by an index of kind and key;
    a join by its names (`content_type__model=…`) was made anew for each row. Words that are kept
    (docs/speed.md) may not hold the number itself, which differs from database to database.
    """
    meta = model._meta.concrete_model._meta  # type: ignore[union-attr]  # every model of ours has one
    return ContentType.objects.filter(app_label=meta.app_label, model=meta.model_name).values("pk")[:1]
