from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, _schema_editor):
    """Each kept time says when its booking itself begins and ends."""
    booking = apps.get_model("bookings", "Booking").objects.filter(pk=OuterRef("booking_id"))
    apps.get_model("bookings", "Slot").objects.update(
        booked_from=Subquery(booking.values("starts")), booked_until=Subquery(booking.values("ends"))
    )


class Migration(migrations.Migration):
    dependencies = [("bookings", "0010_never_free")]

    operations = [
        migrations.AddField("slot", "booked_from", models.DateTimeField(null=True)),
        migrations.AddField("slot", "booked_until", models.DateTimeField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("slot", "booked_from", models.DateTimeField()),
        migrations.AlterField("slot", "booked_until", models.DateTimeField()),
    ]
