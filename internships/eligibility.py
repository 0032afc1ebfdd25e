"""Who may apply for a place, and if not, why: each rule with the value that it met."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from partnerships.directory.enums import Degree, StudyMode


@dataclass(frozen=True)
class Check:
    """One rule against one student. `text` says rule, value and what can be done, in the page's language."""

    code: str
    ok: bool
    text: str


def checks(position: Any, application: Any) -> list[Check]:
    """All rules of a position against the studies given in an application."""
    return of_study(position, application.study, application.person)


def of_study(position: Any, study: Any, person: Any) -> list[Check]:
    """All rules of a position that can be decided for these studies; an unknown value fails with a hint.

    Reads `position.specialties` and, for skills nothing: skills are wished for, not demanded.
    """
    if study is None:
        return [Check("study", False, _("Say first where and what you study."))]
    return list(_rules(position, study, person))


def _rules(position: Any, study: Any, person: Any) -> Iterator[Check]:
    specialties = list(position.specialties.all())
    if specialties:
        ok = study.specialty_id in {specialty.pk for specialty in specialties}
        names = {"names": ", ".join(str(specialty) for specialty in specialties)}
        yield Check("specialty", ok, _("Specialty: %(names)s") % names)
    if position.degrees:
        ok = study.degree in position.degrees
        wanted = ", ".join(str(Degree(degree).label) for degree in position.degrees)
        yield Check(
            "degree",
            ok,
            _("Level: %(wanted)s; yours: %(yours)s")
            % {"wanted": wanted, "yours": study.get_degree_display()},
        )
    if position.min_year > 1:
        ok = study.year >= position.min_year
        yield Check(
            "year",
            ok,
            _("Year of study: at least %(wanted)s; yours: %(yours)s")
            % {"wanted": position.min_year, "yours": study.year},
        )
    if position.min_gpa is not None:
        yield _gpa(position, study)
    if position.full_time_only:
        yield Check("mode", study.mode == StudyMode.FULL_TIME, _("Only full-time students"))
    if position.citizens_only:
        yield Check(
            "citizenship",
            not person.is_foreigner,
            _("Only citizens of Azerbaijan: the site is a protected one"),
        )
    elif not position.programme.open_to_foreigners:
        yield Check(
            "foreigners",
            not person.is_foreigner,
            _("This programme is not open to citizens of other countries"),
        )


def _gpa(position: Any, study: Any) -> Check:
    from django.utils.formats import number_format

    wanted = number_format(position.min_gpa.normalize(), use_l10n=True)
    if study.gpa is None:
        return Check(
            "gpa",
            False,
            _("GPA: at least %(wanted)s; yours is not given: add it to your profile") % {"wanted": wanted},
        )
    values = {"wanted": wanted, "yours": number_format(study.gpa.normalize(), use_l10n=True)}
    return Check(
        "gpa", study.gpa >= position.min_gpa, _("GPA: at least %(wanted)s; yours: %(yours)s") % values
    )


def snapshot(application: Any) -> dict[str, Any]:
    """What was true when the application was sent: the studies, and each rule of each chosen place."""
    study = application.study
    return {
        "study": {
            "specialty": str(study.specialty or ""),
            "degree": study.degree,
            "year": study.year,
            "gpa": str(study.gpa) if study.gpa is not None else None,
            "mode": study.mode,
        },
        "places": [
            {
                "rank": choice.rank,
                "position": choice.vacancy.position.title,
                "checks": [
                    {"code": check.code, "ok": check.ok}
                    for check in checks(choice.vacancy.position, application)
                ],
            }
            for choice in application.choices.all()
        ],
    }
