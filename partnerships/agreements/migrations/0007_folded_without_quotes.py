"""Search knows no quotation marks any more: neither do the words kept for it."""

from django.db import migrations

from partnerships.common.folding import without_quotes


class Migration(migrations.Migration):
    dependencies = [("agreements", "0006_names_of_types")]
    operations = [
        migrations.RunPython(
            without_quotes("agreements", "Agreement"), migrations.RunPython.noop, elidable=True
        )
    ]
