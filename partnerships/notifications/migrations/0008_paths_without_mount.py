"""What notifications lead to is kept without the path that the portal is mounted below (SCRIPT_NAME)."""

from typing import Any

from django.db import migrations
from django.db.models.functions import Substr
from django.urls import get_script_prefix


def take_off(apps: Any, _editor: Any) -> None:
    prefix = get_script_prefix()
    if prefix == "/":
        return
    rows = apps.get_model("notifications", "Notification").objects.filter(path__startswith=prefix)
    rows.update(path=Substr("path", len(prefix)))


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_in_place_of")]
    operations = [migrations.RunPython(take_off, migrations.RunPython.noop)]
