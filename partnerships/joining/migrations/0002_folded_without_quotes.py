"""Search knows no quotation marks any more: neither do the words kept for it."""

from django.db import migrations

from partnerships.common.folding import without_quotes


class Migration(migrations.Migration):
    dependencies = [("joining", "0001_initial")]
    operations = [
        migrations.RunPython(
            without_quotes("joining", "JoinRequest"), migrations.RunPython.noop, elidable=True
        )
    ]
