from typing import Any

from django.db import migrations, models


def name_rooms(apps: Any, _editor: Any) -> None:
    """Talks that are held in a room of the portal, under the name that was kept of it."""
    talks = apps.get_model("internships", "Interview").objects.exclude(booking=None)
    slots = apps.get_model("bookings", "Slot").objects.filter(asked=True).select_related("thing__top")
    rooms = {slot.booking_id: slot.thing for slot in slots.filter(booking__in=talks.values("booking"))}
    for talk in talks.iterator():
        room = rooms.get(talk.booking_id)
        if room is None or room.top is None or talk.place != f"{room.name}, {room.top.name}"[:200]:
            continue
        if room.name_en or room.top.name_en:
            named = f"{room.name_en or room.name}, {room.top.name_en or room.top.name}"
            talks.filter(pk=talk.pk).update(place_en=named[:200])


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0002_room_feed"),
        ("internships", "0013_queue_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="interview",
            name="place_en",
            field=models.CharField(blank=True, default="", editable=False, max_length=200),
        ),
        migrations.RunPython(name_rooms, migrations.RunPython.noop),
    ]
