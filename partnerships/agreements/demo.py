"""Agreements of the demonstration: one in force, one that ends soon, one that waits for a signature."""

from datetime import date, timedelta
from typing import Any

from partnerships.agreements import actions
from partnerships.agreements.models import Agreement
from partnerships.common.clock import today
from partnerships.directory.models import Organization


def build(demo: Any) -> None:
    aztu, adnsu, azerisiq = (demo.nodes[key] for key in ("aztu", "adnsu", "azerisiq"))
    day = today()
    holding = _framework(demo, aztu, azerisiq, date(day.year, 1, 15), date(day.year + 2, 12, 31))
    _sign(demo, holding, "rector", "hr")
    ending = _framework(demo, adnsu, azerisiq, day - timedelta(days=340), day + timedelta(days=25))
    _sign(demo, ending, "coordinator2", "hr")
    other = demo.nodes["company2"]
    waiting = actions.open_framework(
        aztu, other, actor=demo.user("hr2"), starts=day, ends=day + timedelta(days=730), bilingual=True
    )
    actions.send(waiting, actor=demo.user("hr2"))


def _framework(
    demo: Any, university: Organization, company: Organization, starts: date, ends: date
) -> Agreement:
    named = {}
    if university == demo.nodes["aztu"]:
        named = {"university_signatory": demo.people["rector"], "university_position": "Rektor"}
    agreement = actions.open_framework(
        university, company, actor=demo.user("partnerships"), starts=starts, ends=ends, **named
    )
    return actions.send(agreement, actor=demo.user("partnerships"))


def _sign(demo: Any, agreement: Agreement, *names: str) -> None:
    for name in names:
        assert agreement.text is not None
        agreement = actions.sign(
            agreement,
            actor=demo.user(name),
            text_hash=agreement.text.sha256,
            legal_name=demo.people[name].full_name,
        )
