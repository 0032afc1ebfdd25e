"""Bookings are searched by their title: the note is for its holder and who keeps the room."""

from typing import Any

from django.db import migrations

import partnerships.common.fields
from partnerships.common.text import fold

TOGETHER = 1000


def fold_titles(apps: Any, schema_editor: Any) -> None:
    bookings = apps.get_model("bookings", "Booking").objects.using(schema_editor.connection.alias)
    rows = []
    for row in bookings.only("title", "title_en").iterator(chunk_size=TOGETHER):
        row.folded = fold(" ".join(filter(None, (row.title, row.title_en))))[:1200]
        rows.append(row)
        if len(rows) == TOGETHER:
            bookings.bulk_update(rows, ["folded"])
            rows = []
    bookings.bulk_update(rows, ["folded"])


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_room_feed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="booking",
            name="folded",
            field=partnerships.common.fields.FoldedField(max_length=1200, sources=("title", "title_en")),
        ),
        migrations.RunPython(fold_titles, migrations.RunPython.noop, elidable=True),
    ]
