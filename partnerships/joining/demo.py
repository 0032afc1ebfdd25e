"""A request to join in the demonstration: a university asks, was asked something and has answered."""

from typing import Any

from partnerships.directory.enums import Kind
from partnerships.directory.models import Organization
from partnerships.joining import actions, links
from partnerships.joining.enums import Asker


def build(demo: Any) -> None:
    university = Organization.objects.get(kind=Kind.UNIVERSITY, acronym="MDU", parent=None)
    asked = actions.ask_to_join(
        kind=Asker.UNIVERSITY,
        name=university.name,
        organization=university,
        contact_name="Səbinə Orucova",
        contact_position="Beynəlxalq əlaqələr şöbəsinin müdiri",
        email="elaqe@mdu.demo.example",
        phone="+994 24 000 00 00",
        directions=["internships", "training"],
        message="Energetika ixtisasının 40 tələbəsi Aran RETSİ-də istehsalat təcrübəsi keçmək istəyir.",
        language="az",
    )
    actions.ask(
        asked,
        actor=demo.user("partnerships"),
        note="Tələbələr hansı kursda oxuyur və təcrübə neçə həftədir?",
    )
    asked.refresh_from_db()
    actions.reply(
        asked, actor=links.actor_of(asked), note="Üçüncü kurs, altı həftə, fevralın ortasından etibarən."
    )
