"""The commission of the summer programme: a rubric of two criteria, three members, some marks given."""

from datetime import timedelta
from typing import Any

from internships.models import Programme
from internships.reviews import KEY
from partnerships.common.clock import end_of_day, today
from partnerships.reviews import actions
from partnerships.reviews.models import Review

VALUES = (["zəif", "kafi", "yaxşı", "əla"], ["weak", "sufficient", "good", "excellent"])
MEMBERS = ("expert", "mentor", "trainer")
# What is handed in already, in the order of the assignments: the rest waits.
GIVEN = {"expert": ((4, 3), (2, 2)), "trainer": ((4, 4), (4, 3), (1, 2))}


def build(demo: Any, summer: Programme) -> None:
    hr = demo.user("hr")
    criteria = [
        {"az": "Texniki hazırlıq", "en": "Technical preparation", "weight": 3},
        {"az": "Motivasiya", "en": "Motivation", "weight": 2},
    ]
    labels = {"labels_az": VALUES[0], "labels_en": VALUES[1]}
    rubric = actions.new_rubric(
        summer.host,
        actor=hr,
        title_az="Namizədin seçimi",
        title_en="Choice of candidates",
        criteria=[{**row, **labels} for row in criteria],
    )
    found = actions.open_round(
        KEY,
        summer,
        [demo.people[name] for name in MEMBERS],
        actor=hr,
        title=f"Seçim komissiyası: {summer.title_az}",
        title_en=f"Selection commission: {summer.title_en}",
        due=end_of_day(today() + timedelta(days=8)),
        rubric=rubric.current,
        blind="blind",
    )
    actions.assign_automatically(found, actor=hr)
    actions.move(found, "start", actor=hr)
    for name, given in GIVEN.items():
        rows = Review.objects.filter(member__person=demo.people[name]).with_rows().order_by("object_id")
        for review, (first, second) in zip(rows, given, strict=False):
            actions.submit(
                review,
                actor=demo.user(name),
                marks={"c1": first, "c2": second},
                comment="Suallara aydın cavab verib." if first > 2 else "Əsas anlayışlarda çətinlik çəkir.",
            )
