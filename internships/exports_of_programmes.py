"""A company's programmes and what belongs to one (places, questions, rules, codes, agreements), to be taken
away."""

from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from internships import reports
from internships.models import Programme
from internships.views import eligibility as rules_page
from internships.views import partners as partners_page
from internships.views import questions as questions_page
from partnerships.calls import sheets
from partnerships.calls.models import AccessCode
from partnerships.common.export import ExportColumn
from partnerships.common.listing import Listed, listing
from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role


@listing("internships.programmes")
def programmes(user: Any, params: QueryDict) -> Listed:
    """A company's own programmes."""
    _hr_only(user)
    return Listed(_("Programmes"), reports.managed(user), PROGRAMMES)


def _hr_only(user: Any) -> None:
    if not access_of(user).has(Role.HR):
        raise Refused(_("Only human resources of a company keep its programmes."))


def _own(user: Any, params: QueryDict) -> Programme:
    """The programme that the list belongs to, of the reader's own company; 404 for any other."""
    _hr_only(user)
    found: Programme | None = reports.own_programmes(user).filter(slug=params.get("of", "")).first()
    if found is None:
        raise Http404
    return found


PROGRAMMES = [
    ExportColumn(gettext_lazy("Programme"), lambda row: row.title, 44),
    ExportColumn(gettext_lazy("Kind"), lambda row: row.get_kind_display(), 16),
    ExportColumn(gettext_lazy("State"), lambda row: row.get_state_display(), 18),
    ExportColumn(gettext_lazy("Seats taken"), lambda row: row.taken, 12),
    ExportColumn(gettext_lazy("Seats"), lambda row: row.seats, 12),
    ExportColumn(gettext_lazy("Applications"), lambda row: row.sent, 14),
    ExportColumn(gettext_lazy("To decide"), lambda row: row.to_decide, 12),
]


@listing("internships.positions")
def positions(user: Any, params: QueryDict) -> Listed:
    """The places of one of the company's programmes, a line for each period. What is taken away here has the
    headings under which places are brought (internships.positions of the imports)."""
    found = _own(user, params)
    lines = [
        (position, vacancy)
        for position in reports.positions_of(found)
        for vacancy in (list(position.vacancies.all()) or [None])
    ]
    return Listed(_("Places: %(programme)s") % {"programme": found.title}, lines, POSITIONS)


POSITIONS = [
    ExportColumn(gettext_lazy("Title in Azerbaijani"), lambda pair: pair[0].title_az, 40),
    ExportColumn(gettext_lazy("Title in English"), lambda pair: pair[0].title_en, 40),
    ExportColumn(gettext_lazy("Unit"), lambda pair: pair[0].unit.name, 32),
    ExportColumn(gettext_lazy("Period"), lambda pair: pair[1] and pair[1].period.name, 24),
    ExportColumn(gettext_lazy("Seats"), lambda pair: pair[1] and pair[1].pool.capacity, 10),
    ExportColumn(gettext_lazy("Seats taken"), lambda pair: pair[1] and pair[1].pool.taken, 12),
    ExportColumn(
        gettext_lazy("Mentors"),
        lambda pair: "; ".join(person.name for person in pair[0].mentors.all()),
        36,
    ),
]


@listing("internships.partners")
def partners(user: Any, params: QueryDict) -> Listed:
    """The universities of a programme, each with the agreement under which it takes part."""
    programme = partners_page.settled(user, params.get("of", ""))
    rows = partners_page.rows_of(programme, user, most=None)
    return Listed(_("Agreements: %(programme)s") % {"programme": programme.title}, rows, PARTNERS)


PARTNERS = [
    ExportColumn(gettext_lazy("University"), lambda row: row.partner.university.display_name, 50),
    ExportColumn(gettext_lazy("State"), lambda row: row.state, 30),
    ExportColumn(gettext_lazy("Agreement"), lambda row: _agreed(row, "number"), 20),
    ExportColumn(gettext_lazy("Term"), lambda row: _agreed(row, "term"), 30),
    ExportColumn(gettext_lazy("Chosen by hand"), lambda row: row.partner.chosen or None, 14),
    ExportColumn(gettext_lazy("The programme runs past its end"), lambda row: row.past or None, 16),
]


def _agreed(row: partners_page.Row, name: str) -> str:
    return str(getattr(row.partner.agreement, name)) if row.partner.agreement else ""


@listing("internships.questions")
def questions(user: Any, params: QueryDict) -> Listed:
    """What a programme asks its applicants, in the order in which it is asked."""
    found = _own(user, params)
    rows = sheets.sheet(found.call.asked)
    answering = {row.pk: row.answering for row in questions_page.answering(found)} if rows else {}
    lines = [(number, row, answering.get(row.question.pk, 0)) for number, row in enumerate(rows, start=1)]
    return Listed(_("Questions: %(programme)s") % {"programme": found.title}, lines, QUESTIONS)


QUESTIONS = [
    ExportColumn(gettext_lazy("No."), lambda line: line[0], 6),
    ExportColumn(gettext_lazy("Question in Azerbaijani"), lambda line: line[1].question.label_az, 50),
    ExportColumn(gettext_lazy("Question in English"), lambda line: line[1].question.label_en, 50),
    ExportColumn(gettext_lazy("Kind of answer"), lambda line: line[1].question.get_kind_display(), 20),
    ExportColumn(
        gettext_lazy("What is chosen from"),
        lambda line: "; ".join(option.label for option in line[1].options),
        40,
    ),
    ExportColumn(gettext_lazy("Has to be answered"), lambda line: line[1].question.required or None, 14),
    ExportColumn(gettext_lazy("Limits"), lambda line: str(line[1].limits), 30),
    ExportColumn(gettext_lazy("Condition"), lambda line: line[1].condition, 40),
    ExportColumn(gettext_lazy("How many answered"), lambda line: line[2], 14),
]


@listing("internships.rules")
def rules(user: Any, params: QueryDict) -> Listed:
    """Who may apply to a programme: its rules in words, with what a refused applicant is told."""
    found = _own(user, params)
    rows = rules_page.rules_in_words(found)
    return Listed(_("Who may apply: %(programme)s") % {"programme": found.title}, rows, RULES)


RULES = [
    ExportColumn(gettext_lazy("Rule"), lambda row: row[1], 60),
    ExportColumn(gettext_lazy("Reason in Azerbaijani"), lambda row: row[0].reason_az, 50),
    ExportColumn(gettext_lazy("Reason in English"), lambda row: row[0].reason_en, 50),
]


@listing("internships.codes", people=True)
def codes(user: Any, params: QueryDict) -> Listed:
    """The access codes of a programme: for whom, by whom, used by whom. Nothing by which one could be
    guessed: not its last signs either."""
    found = _own(user, params)
    rows = reports.codes_of(found, user)
    return Listed(_("Access codes: %(programme)s") % {"programme": found.title}, rows, CODES)


def _standing(code: AccessCode, used: int) -> str:
    if code.revoked_at:
        return pgettext("code", "taken back")
    if not code.is_live:
        return pgettext("code", "over")
    return pgettext("code", "used up") if used >= code.uses else pgettext("code", "works")


CODES = [
    ExportColumn(gettext_lazy("For whom"), lambda row: row[0].note, 40),
    ExportColumn(gettext_lazy("Made by"), lambda row: row[0].made_by.display_name, 30),
    ExportColumn(gettext_lazy("Made"), lambda row: row[0].created, 18),
    ExportColumn(gettext_lazy("Until"), lambda row: row[0].expires, 18),
    ExportColumn(gettext_lazy("How many people"), lambda row: row[0].uses, 12),
    ExportColumn(gettext_lazy("How many used it"), lambda row: len(row[1]), 12),
    ExportColumn(gettext_lazy("Used by"), lambda row: "; ".join(one.name for one in row[1]), 50),
    ExportColumn(gettext_lazy("State"), lambda row: _standing(row[0], len(row[1])), 16),
]
