"""An idea of the demonstration: noted on a visit, one step on, with the next one due."""

from datetime import timedelta
from typing import Any

from partnerships.common.clock import today
from partnerships.ideas import actions
from partnerships.ideas.enums import CameUp


def build(demo: Any) -> None:
    manager, day = demo.user("partnerships"), today()
    idea = actions.note(
        actor=manager,
        title="Rəqəmsal yarımstansiya üzrə birgə laboratoriya",
        text="AzTU yer verir, Azərişıq köhnə relə panellərini və bir mühəndisin həftədə iki saatını.",
        partner=demo.nodes["aztu"],
        came_up=CameUp.VISIT,
        said_on=day - timedelta(days=9),
        next_step="Kafedra müdirinə zəng edib otaqlara baxmaq",
        next_on=day,
    )
    actions.step(
        idea,
        actor=manager,
        note="Kafedra iki otaq göstərdi, biri uyğundur.",
        next_step="Avadanlığın siyahısını hazırlamaq",
        next_on=day + timedelta(days=5),
    )
