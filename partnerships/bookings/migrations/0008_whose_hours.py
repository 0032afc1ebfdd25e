"""Bookings of this month and to come take the hours of an organisation, as those made from now on do."""

from collections import defaultdict
from typing import Any

from django.db import migrations
from django.db.models import Q

from partnerships.common.clock import start_of_day, today

TOGETHER = 1000


def say_whose(apps: Any, schema_editor: Any) -> None:
    """The owner where the holder works there, else the first where they work, else where they study."""
    alias = schema_editor.connection.alias
    bookings = apps.get_model("bookings", "Booking").objects.using(alias)
    rows = bookings.filter(ends__gte=start_of_day(today().replace(day=1)), belongs_to="", organization=None)
    chunk: list[Any] = []
    for row in rows.select_related("owner").order_by("pk").iterator(chunk_size=TOGETHER):
        chunk.append(row)
        if len(chunk) == TOGETHER:
            _fill(apps, bookings, chunk)
            chunk = []
    _fill(apps, bookings, chunk)


def _fill(apps: Any, bookings: Any, rows: list[Any]) -> None:
    day, belongs = today(), defaultdict(lambda: (set[int](), set[int]()))
    found = apps.get_model("directory", "Affiliation").objects.using(bookings.db)
    found = found.filter(person_id__in={row.holder_id for row in rows}, state="verified", starts__lte=day)
    for person, root, role in found.filter(Q(ends=None) | Q(ends__gte=day)).values_list(
        "person_id", "organization__root_id", "role"
    ):
        belongs[person][role == "student"].add(root)
    for row in rows:
        works, studies = belongs[row.holder_id]
        first = min(works or studies, default=None)
        row.organization_id = row.owner.root_id if row.owner.root_id in works else first
    bookings.bulk_update(rows, ["organization"])


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0007_messages_about_bookings"),
    ]

    operations = [
        migrations.RunPython(say_whose, migrations.RunPython.noop, elidable=True),
    ]
