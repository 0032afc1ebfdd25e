"""What a booking belongs to is kept without the path that the portal is mounted below (SCRIPT_NAME)."""

from typing import Any

from django.db import migrations
from django.db.models.functions import Substr
from django.urls import get_script_prefix


def take_off(apps: Any, _editor: Any) -> None:
    prefix = get_script_prefix()
    if prefix == "/":
        return
    rows = apps.get_model("bookings", "Booking").objects.filter(belongs_url__startswith=prefix)
    rows.update(belongs_url=Substr("belongs_url", len(prefix)))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0011_times_of_a_booking")]
    operations = [migrations.RunPython(take_off, migrations.RunPython.noop)]
