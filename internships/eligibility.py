"""Who may apply for a place, and if not, why: each rule with the value that it met."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from internships.enums import ApplicationState
from partnerships.calls.eligibility import Fact, of_answers, verdicts
from partnerships.calls.sheets import values_of
from partnerships.common.sharing import attached
from partnerships.directory.enums import Degree, StudyMode
from partnerships.directory.models import Specialty


@dataclass(frozen=True)
class Check:
    """One rule against one student. `text` says rule, value and what can be done, in the page's language;
    `field` is the question whose answer it looks at."""

    code: str
    ok: bool
    said: str | Callable[[], str]
    field: str = ""

    @property
    def text(self) -> str:
        """In words, which a list that only wants to know what does not hold has no need of."""
        return self.said if isinstance(self.said, str) else self.said()


Options = Callable[[], list[tuple[str, str]]]
Answers = Mapping[int, Any] | None  # question key -> answer; None where no answers are looked at


def checks(position: Any, application: Any, *, own: bool = True, answers: Answers = None) -> list[Check]:
    """All rules of a chosen position against the studies of an application, as they are now, and against its
    `answers` (answers_of)."""
    position.programme = application.programme  # it is in hand: the rules need not ask for it
    return of_study(position, application.study, application.person, own=own, answers=answers)


def answers_of(application: Any) -> Answers:
    """What rules may look at of the answers; None where there is nothing to judge: no rule looks at any, the
    university nominated and answered nothing, or what was sent has gone in time. No query without such rules.

    Neither answers nor rules change once it is sent, so whoever decides later does not ask them again.
    """
    rules = application.programme.call.taken_by
    if application.order_id is not None or not any(rule.question_id for rule in rules):
        return None
    values = values_of(application.answers.all())
    draft = application.state in (ApplicationState.DRAFT, ApplicationState.RETURNED)
    return values if values or draft else None


def of_study(
    position: Any, study: Any, person: Any, *, own: bool = True, answers: Answers = None
) -> list[Check]:
    """All rules of a position that can be decided for these studies; an unknown value fails with a hint.

    `own` says that the student reads the words, not somebody who looks after or decides on them.
    Reads `position.specialties` and, for skills nothing: skills are wished for, not demanded.
    """
    if study is None:
        return [Check("study", False, _("Say first where and what you study."))]
    return list(_rules(position, Candidate(study, person, answers), own))


def answer_checks(application: Any, answers: Answers) -> list[Check]:
    """The rules that look at answers, alone: they are the same for every place."""
    candidate = Candidate(application.study, application.person, answers)
    return [check for check in _of_call(application.programme.call, candidate, own=True) if check.field]


def _once_a_language(options: Options) -> Options:
    """Options that are read once, with their words in the language in which they are asked for."""
    read = cache(lambda _language: options())
    return lambda: read(get_language())


def facts() -> dict[str, Fact]:
    """What the rules of a programme may look at, of studies with their person (Candidate)."""
    unknown = gettext_lazy("Add it to your profile.")
    found = (
        Fact("year", gettext_lazy("Year of study"), lambda one: one.study.year),
        Fact("gpa", gettext_lazy("GPA"), lambda one: one.study.gpa, unknown=unknown, most=100),
        Fact("degree", gettext_lazy("Level"), lambda one: one.study.degree, lambda: Degree.choices),
        Fact("mode", gettext_lazy("Mode of study"), lambda one: one.study.mode, lambda: StudyMode.choices),
        Fact(
            "specialty",
            gettext_lazy("Specialty"),
            lambda one: one.study.specialty_id,
            _once_a_language(lambda: [(str(row.pk), str(row)) for row in Specialty.objects.all()]),
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
    answers: Answers = None


def facts_of(call: Any) -> dict[str, Fact]:
    """What the rules of this call may look at: the facts of everybody, and the answers to its questions."""
    return {**facts(), **of_answers(call)}


def _of_call(call: Any, candidate: Candidate, own: bool) -> Iterator[Check]:
    """The rules of the whole programme; no query where it has none."""
    if not call.rule_count:
        return
    if "_facts" not in call.__dict__:
        call.__dict__["_facts"] = facts_of(call)  # read once for all places of the programme
    for verdict in verdicts(call.taken_by, call.__dict__["_facts"], candidate, own=own):
        text = f"{verdict.text}. {verdict.advice}" if verdict.advice else verdict.text
        key = verdict.rule.question_id
        yield Check(f"rule:{verdict.rule.pk}", verdict.ok, text, f"q-{key}" if key else "")


def _rules(position: Any, candidate: Candidate, own: bool) -> Iterator[Check]:
    study, person = candidate.study, candidate.person
    yield from _of_call(position.programme.call, candidate, own)
    specialties = attached(position, "specialties")
    if specialties:
        ok = study.specialty_id in {specialty.pk for specialty in specialties}
        yield Check("specialty", ok, partial(_specialty_said, specialties))
    if position.degrees:
        yield Check("degree", study.degree in position.degrees, partial(_degree_said, position, study, own))
    if position.min_year > 1:
        yield Check("year", study.year >= position.min_year, partial(_year_said, position, study, own))
    if position.min_gpa is not None:
        ok = study.gpa is not None and study.gpa >= position.min_gpa
        yield Check("gpa", ok, partial(_gpa_said, position, study, own))
    if position.full_time_only:
        yield Check("mode", study.mode == StudyMode.FULL_TIME, _full_time_said)
    if position.citizens_only:
        yield Check(
            "citizenship",
            not person.is_foreigner,
            _citizens_said,
        )
    elif not position.programme.open_to_foreigners:
        yield Check(
            "foreigners",
            not person.is_foreigner,
            _foreigners_said,
        )


def _full_time_said() -> str:
    return _("Only full-time students")


def _citizens_said() -> str:
    return _("Only citizens of Azerbaijan: the site is a protected one")


def _foreigners_said() -> str:
    return _("This programme is not open to citizens of other countries")


def _specialty_said(specialties: list[Specialty]) -> str:
    return _("Specialty: %(names)s") % {"names": ", ".join(str(specialty) for specialty in specialties)}


def _degree_said(position: Any, study: Any, own: bool) -> str:
    wanted = ", ".join(str(Degree(degree).label) for degree in position.degrees)
    text = _("Level: %(wanted)s; yours: %(yours)s") if own else _("Level: %(wanted)s; theirs: %(yours)s")
    return text % {"wanted": wanted, "yours": study.get_degree_display()}


def _year_said(position: Any, study: Any, own: bool) -> str:
    text = (
        _("Year of study: at least %(wanted)s; yours: %(yours)s")
        if own
        else _("Year of study: at least %(wanted)s; theirs: %(yours)s")
    )
    return text % {"wanted": position.min_year, "yours": study.year}


def _gpa_said(position: Any, study: Any, own: bool) -> str:
    wanted = _decimal(position.min_gpa)
    if study.gpa is None:
        text = (
            _("GPA: at least %(wanted)s; yours is not given: add it to your profile")
            if own
            else _("GPA: at least %(wanted)s; theirs is not given")
        )
        return text % {"wanted": wanted}
    text = (
        _("GPA: at least %(wanted)s; yours: %(yours)s")
        if own
        else _("GPA: at least %(wanted)s; theirs: %(yours)s")
    )
    return text % {"wanted": wanted, "yours": _decimal(study.gpa)}


def _decimal(value: Decimal) -> str:
    return number_format(value.normalize(), use_l10n=True)


def snapshot(application: Any, answers: Answers = None) -> dict[str, Any]:
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
                    for check in checks(choice.vacancy.position, application, answers=answers)
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
