from django.db import migrations, models


def say_who_waited_in_vain(apps, schema_editor):
    """A place in line that ended with its time left nothing unanswered: its state and its history say so."""
    kind = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="bookings", model="booking")
    changes = apps.get_model("workflow", "Change").objects.filter(
        content_type__in=kind, verb="lapse", from_state="waiting"
    )
    apps.get_model("bookings", "Booking").objects.filter(
        state="lapsed", pk__in=changes.values("object_id")
    ).update(state="never_free")
    changes.update(verb="run_out", to_state="never_free")


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0009_booking_folded"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("workflow", "0004_change_recorded"),
    ]

    operations = [
        migrations.AlterField(
            model_name="booking",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "In the waiting list"),
                    ("offered", "Has become free: to be answered"),
                    ("requested", "Waits for approval"),
                    ("booked", "Booked"),
                    ("in_use", "In use"),
                    ("finished", "Finished"),
                    ("declined", "Not approved"),
                    ("cancelled", "Cancelled"),
                    ("never_free", "Did not become free in time"),
                    ("lapsed", "Not answered in time"),
                    ("no_show", "Nobody came"),
                ],
                default="booked",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.RunPython(say_who_waited_in_vain, migrations.RunPython.noop, elidable=True),
    ]
