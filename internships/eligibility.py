"""Who may apply for a place, and if not, why: each rule with the value that it met."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.calls.eligibility import Fact, verdicts
from partnerships.directory.enums import Degree, StudyMode
from partnerships.directory.models import Specialty


@dataclass(frozen=True)
class Check:
    """One rule against one student. `text` says rule, value and what can be done, in the page's language."""

    code: str
    ok: bool
    text: str


def checks(position: Any, application: Any, *, own: bool = True) -> list[Check]:
    """All rules of a chosen position against the studies of an application, as they are now."""
    position.programme = application.programme  # it is in hand: the rules need not ask for it
    return of_study(position, application.study, application.person, own=own)


def of_study(position: Any, study: Any, person: Any, *, own: bool = True) -> list[Check]:
    """All rules of a position that can be decided for these studies; an unknown value fails with a hint.

    `own` says that the student reads the words, not somebody who looks after or decides on them.
    Reads `position.specialties` and, for skills nothing: skills are wished for, not demanded.
    """
    if study is None:
        return [Check("study", False, _("Say first where and what you study."))]
    return list(_rules(position, study, person, own))


def facts() -> dict[str, Fact]:
    """What the rules of a programme may look at, of studies with their person (Candidate)."""
    unknown = gettext_lazy("Add it to your profile.")
    found = (
        Fact("year", gettext_lazy("Year of study"), lambda one: one.study.year),
        Fact("gpa", gettext_lazy("GPA"), lambda one: one.study.gpa, unknown=unknown),
        Fact("degree", gettext_lazy("Level"), lambda one: one.study.degree, lambda: Degree.choices),
        Fact("mode", gettext_lazy("Mode of study"), lambda one: one.study.mode, lambda: StudyMode.choices),
        Fact(
            "specialty",
            gettext_lazy("Specialty"),
            lambda one: one.study.specialty_id,
            cache(lambda: [(str(row.pk), str(row)) for row in Specialty.objects.all()]),
            unknown=unknown,
        ),
        Fact(
            "citizen",
            gettext_lazy("Citizenship"),
            lambda one: "foreign" if one.person.is_foreigner else "az",
            lambda: [("az", gettext_lazy("Azerbaijan")), ("foreign", gettext_lazy("another country"))],
        ),
    )
    return {fact.key: fact for fact in found}


@dataclass(frozen=True)
class Candidate:
    study: Any
    person: Any


def _of_call(call: Any, study: Any, person: Any, own: bool) -> Iterator[Check]:
    """The rules of the whole programme; no query where it has none."""
    if not call.rule_count:
        return
    known = call.__dict__.setdefault("_facts", facts())  # read once for all places of the programme
    for verdict in verdicts(call.taken_by, known, Candidate(study, person), own=own):
        text = f"{verdict.text}. {verdict.advice}" if verdict.advice else verdict.text
        yield Check(f"rule:{verdict.rule.pk}", verdict.ok, text)


def _rules(position: Any, study: Any, person: Any, own: bool) -> Iterator[Check]:
    yield from _of_call(position.programme.call, study, person, own)
    specialties = list(position.specialties.all())
    if specialties:
        ok = study.specialty_id in {specialty.pk for specialty in specialties}
        names = {"names": ", ".join(str(specialty) for specialty in specialties)}
        yield Check("specialty", ok, _("Specialty: %(names)s") % names)
    if position.degrees:
        ok = study.degree in position.degrees
        wanted = ", ".join(str(Degree(degree).label) for degree in position.degrees)
        text = _("Level: %(wanted)s; yours: %(yours)s") if own else _("Level: %(wanted)s; theirs: %(yours)s")
        yield Check("degree", ok, text % {"wanted": wanted, "yours": study.get_degree_display()})
    if position.min_year > 1:
        ok = study.year >= position.min_year
        text = (
            _("Year of study: at least %(wanted)s; yours: %(yours)s")
            if own
            else _("Year of study: at least %(wanted)s; theirs: %(yours)s")
        )
        yield Check("year", ok, text % {"wanted": position.min_year, "yours": study.year})
    if position.min_gpa is not None:
        yield _gpa(position, study, own)
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


def _gpa(position: Any, study: Any, own: bool) -> Check:
    wanted = _decimal(position.min_gpa)
    if study.gpa is None:
        text = (
            _("GPA: at least %(wanted)s; yours is not given: add it to your profile")
            if own
            else _("GPA: at least %(wanted)s; theirs is not given")
        )
        return Check("gpa", False, text % {"wanted": wanted})
    text = (
        _("GPA: at least %(wanted)s; yours: %(yours)s")
        if own
        else _("GPA: at least %(wanted)s; theirs: %(yours)s")
    )
    return Check(
        "gpa", study.gpa >= position.min_gpa, text % {"wanted": wanted, "yours": _decimal(study.gpa)}
    )


def _decimal(value: Decimal) -> str:
    return number_format(value.normalize(), use_l10n=True)


def snapshot(application: Any) -> dict[str, Any]:
    """What was true when the application was sent: the studies, and each rule of each chosen place."""
    study = application.study
    return {
        "study": {
            "specialty": str(study.specialty or ""),
            "specialty_code": study.specialty.code if study.specialty else "",
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


@dataclass(frozen=True)
class Drift:
    """Something of the studies that is no longer as it was when the application was sent."""

    label: str
    before: str
    now: str


def drift(application: Any) -> list[Drift]:
    """What has changed in the studies since the application was sent, in the page's language."""
    sent, study = application.eligibility.get("study"), application.study
    if not sent or study is None:
        return []
    code = study.specialty.code if study.specialty else ""
    found = []
    if sent.get("specialty_code", code) != code:
        found.append(Drift(_("Specialty"), sent["specialty"] or "–", str(study.specialty or "–")))
    if sent["degree"] != study.degree:
        found.append(Drift(_("Level"), str(Degree(sent["degree"]).label), study.get_degree_display()))
    if sent["year"] != study.year:
        found.append(Drift(_("Year of study"), str(sent["year"]), str(study.year)))
    gpa = Decimal(sent["gpa"]) if sent["gpa"] is not None else None
    if gpa != study.gpa:
        words = [_decimal(value) if value is not None else "–" for value in (gpa, study.gpa)]
        found.append(Drift(_("GPA"), *words))
    if sent["mode"] != study.mode:
        found.append(Drift(_("Mode of study"), str(StudyMode(sent["mode"]).label), study.get_mode_display()))
    return found
