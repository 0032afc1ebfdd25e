"""The search among the places knows the programme's title too; what is there already is folded once."""

from typing import Any

from django.db import migrations

import partnerships.common.fields
from partnerships.common.text import fold


def fold_titles(apps: Any, schema_editor: Any) -> None:
    programmes = apps.get_model("internships", "Programme").objects.using(schema_editor.connection.alias)
    for row in programmes.iterator():
        words = " ".join(filter(None, (row.title_az, row.title_en)))
        programmes.filter(pk=row.pk).update(folded=fold(words)[:500])


class Migration(migrations.Migration):
    dependencies = [
        ("internships", "0004_concern_mentor"),
    ]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="folded",
            field=partnerships.common.fields.FoldedField(max_length=500, sources=("title_az", "title_en")),
        ),
        migrations.RunPython(fold_titles, migrations.RunPython.noop, elidable=True),
    ]
