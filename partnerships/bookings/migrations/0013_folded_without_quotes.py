"""Search knows no quotation marks any more: neither do the words kept for it."""

from django.db import migrations

from partnerships.common.folding import without_quotes


class Migration(migrations.Migration):
    dependencies = [("bookings", "0012_paths_without_mount")]
    operations = [
        migrations.RunPython(
            without_quotes("bookings", "Thing", "Booking"), migrations.RunPython.noop, elidable=True
        )
    ]
