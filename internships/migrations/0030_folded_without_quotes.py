"""Search knows no quotation marks any more: neither do the words kept for it."""

from django.db import migrations

from partnerships.common.folding import without_quotes


class Migration(migrations.Migration):
    dependencies = [("internships", "0029_by_key_in_order")]
    operations = [
        migrations.RunPython(
            without_quotes("internships", "Programme", "Position"), migrations.RunPython.noop, elidable=True
        )
    ]
