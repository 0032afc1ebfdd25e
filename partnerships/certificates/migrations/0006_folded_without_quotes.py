"""Search knows no quotation marks any more: neither do the words kept for it."""

from django.db import migrations

from partnerships.common.folding import without_quotes


class Migration(migrations.Migration):
    dependencies = [("certificates", "0005_lists")]
    operations = [
        migrations.RunPython(
            without_quotes("certificates", "Certificate"), migrations.RunPython.noop, elidable=True
        )
    ]
