"""Pay is said in Azerbaijani and in English; what stood there so far was the Azerbaijani."""

from typing import Any

from django.db import migrations, models


def keep_what_was_written(apps: Any, schema_editor: Any) -> None:
    programmes = apps.get_model("internships", "Programme").objects.using(schema_editor.connection.alias)
    programmes.filter(stipend_az=None).update(stipend_az=models.F("stipend"))


class Migration(migrations.Migration):
    dependencies = [
        ("internships", "0002_placements"),
    ]

    operations = [
        migrations.AddField(
            model_name="programme",
            name="stipend_az",
            field=models.CharField(blank=True, max_length=120, null=True, verbose_name="pay"),
        ),
        migrations.AddField(
            model_name="programme",
            name="stipend_en",
            field=models.CharField(blank=True, max_length=120, null=True, verbose_name="pay"),
        ),
        migrations.RunPython(keep_what_was_written, migrations.RunPython.noop, elidable=True),
    ]
