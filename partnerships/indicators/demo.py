"""Reported values and targets of the demonstration; then everything is counted. Invented numbers."""

from decimal import Decimal
from typing import Any

from partnerships.common.clock import today
from partnerships.indicators import actions
from partnerships.indicators.enums import Grade

M, C, E = Grade.MEASURED, Grade.CALCULATED, Grade.ESTIMATED
# indicator, who reports, organisation, partner, years ago, amount, how it was found, source, confirmed
VALUES = [
    ("research.effect", "hr", "azerisiq", "aztu", 2, 48_000, E, "İqtisadi hesablama № 3", 1),
    ("research.effect", "hr", "azerisiq", "aztu", 1, 126_500, C, "Tətbiq aktı № 7", 1),
    ("research.effect", "hr", "azerisiq", "adnsu", 0, 92_300, M, "Tətbiq aktı № 12", 1),
    (
        "research.effect",
        "hr",
        "azerisiq",
        "aztu",
        0,
        61_750,
        C,
        "İqtisadi hesablama № 9",
        True,
    ),
    ("research.effect", "hr2", "company2", "adnsu", 0, 18_400, E, "Daxili hesabat № 2", 0),
    ("research.adopted", "hr", "azerisiq", "aztu", 1, 1, M, "Tətbiq aktı № 7", 1),
    ("research.adopted", "hr", "azerisiq", "adnsu", 0, 2, M, "Tətbiq aktları № 12 və 13", 1),
    (
        "research.projects",
        "coordinator",
        "aztu",
        "azerisiq",
        1,
        2,
        M,
        "Elmi Şura, protokol № 4",
        True,
    ),
    (
        "research.projects",
        "coordinator",
        "aztu",
        "azerisiq",
        0,
        3,
        M,
        "Elmi Şura, protokol № 6",
        True,
    ),
    (
        "research.publications",
        "coordinator",
        "aztu",
        "azerisiq",
        1,
        5,
        M,
        "Nəşrlərin siyahısı",
        True,
    ),
    (
        "research.publications",
        "coordinator",
        "aztu",
        "azerisiq",
        0,
        8,
        M,
        "Nəşrlərin siyahısı",
        False,
    ),
    (
        "training.trained",
        "hr",
        "azerisiq",
        None,
        1,
        64,
        M,
        "Tədris mərkəzinin hesabatı № 31",
        True,
    ),
    (
        "training.trained",
        "hr",
        "azerisiq",
        None,
        0,
        87,
        M,
        "Tədris mərkəzinin hesabatı № 40",
        True,
    ),
    (
        "training.materials",
        "hr",
        "azerisiq",
        "aztu",
        0,
        2,
        M,
        "Şuranın qərarı № 5",
        True,
    ),
    ("events.held", "coordinator", "aztu", "azerisiq", 0, 4, M, "Tədbirlər planı", 1),
    ("technopark.startups", "hr", "azerisiq", None, 0, 2, M, "Rezidentlərin reyestri", 1),
    ("technopark.jobs", "hr", "azerisiq", None, 0, 9, M, "Rezidentlərin reyestri", 1),
    ("technopark.products", "hr", "azerisiq", None, 0, 1, M, "Buraxılış aktı № 1", 1),
]
# indicator, who sets it, organisation or all, value
TARGETS = [
    ("internships.places", "partnerships", None, 60),
    ("internships.practices", "partnerships", None, 40),
    ("internships.hired", "partnerships", None, 6),
    ("agreements.in_force", "partnerships", None, 5),
    ("research.effect", "partnerships", None, 250_000),
    ("technopark.startups", "partnerships", None, 2),
    ("training.trained", "partnerships", "azerisiq", 80),
    ("research.effect", "partnerships", "azerisiq", 200_000),
    ("research.projects", "rector", "aztu", 4),
    ("internships.practices", "rector", "aztu", 20),
]


def build(demo: Any) -> None:
    """After the directions have built theirs."""
    year = today().year
    for key, who, where, partner, ago, amount, grade, source, confirmed in VALUES:
        made = actions.report(
            key,
            demo.nodes[where],
            actor=demo.user(who),
            year=year - ago,
            amount=Decimal(amount),
            grade=grade,
            source=source,
            partner=demo.nodes[partner] if partner else None,
        )
        if confirmed:
            actions.confirm(made, actor=demo.user("partnerships"))
    for key, who, whose, value in TARGETS:
        organization = demo.nodes[whose] if whose else None
        actions.set_target(key, organization, year, actor=demo.user(who), value=Decimal(value))
    actions.collect_everything()
