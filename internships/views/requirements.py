"""What is asked of whoever applies, in words: by a place, by all places of a programme."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from internships import eligibility
from internships.models import Position, Programme, Vacancy
from partnerships.calls.eligibility import asked_in_words
from partnerships.common.prepared import Prepared
from partnerships.common.templatetags.figures import exact, year_of_study
from partnerships.directory.models import Specialty

Asked = list[tuple[str, str]]
NAMED = 8  # different things that stand in one line; the page of a place has all of its own


def of_place(vacancy: Vacancy) -> Asked:
    """What is asked for, in words, for a reader who has not said anything about themselves."""
    position, programme = vacancy.position, vacancy.position.programme
    specialties = [str(item) for item in position.specialties.all()]
    asked = [(label, ", ".join(words)) for label, words in _of_position(position, programme, specialties)]
    rows = [*asked, (_("Languages"), position.languages)]
    return [*of_call(programme), *(row for row in rows if row[1])]


def of_call(found: Programme, *, of_answers: bool = False) -> Asked:
    """What the whole programme asks of everybody; `of_answers`: of what one answers when applying, alone."""
    rules = found.call.taken_by
    known = eligibility.facts_of(found.call) if rules else {}
    shown = (rule for rule in rules if rule.question_id or not of_answers)
    told = ((rule, known[rule.key]) for rule in shown if rule.key in known)
    return [(str(fact.label), asked_in_words(rule, fact)) for rule, fact in told]


def of_programme(found: Programme, places: Sequence[Vacancy]) -> Asked:
    """What the programme asks, what its `places` ask, and how many of them one may choose. What all ask alike
    is said once; where they differ, each of what is asked, and that it hangs on the place."""
    positions = list({vacancy.position_id: vacancy.position for vacancy in places}.values())
    named: dict[int, list[str]] = defaultdict(list)
    for row in _SPECIALTIES(found.pk) if positions else ():
        named[row.position_key].append(str(row))
    asked: dict[str, list[list[str]]] = {}
    for position in positions:
        for label, words in _of_position(position, found, named[position.pk]):
            asked.setdefault(label, []).append(words)
    rows = [(label, _together(each)) for label, each in asked.items()]
    return [*of_call(found), *(row for row in rows if row[1]), *_choosing(found, len(places))]


_SPECIALTIES = Prepared(
    lambda key: (
        Specialty.objects.filter(position__programme_id=key)
        .annotate(position_key=F("position__pk"))
        .order_by("sort_key", "code")
    )
)


def _of_position(
    position: Position, programme: Programme, specialties: list[str]
) -> list[tuple[str, list[str]]]:
    """Every rule that a position may have, with what satisfies it; nothing where it has none."""
    year = _("from year %(year)s") % {"year": year_of_study(position.min_year)}
    return [
        (_("Specialty"), specialties),
        (_("Level"), position.degree_labels()),
        (_("Year of study"), [year] if position.min_year > 1 else []),
        (_("GPA"), [_("from %(gpa)s") % {"gpa": exact(position.min_gpa)}] if position.min_gpa else []),
        (_("Mode of study"), [_("full-time")] if position.full_time_only else []),
        (_("Citizenship"), [_citizenship(position, programme)]),
    ]


def _citizenship(position: Position, programme: Programme) -> str:
    if position.citizens_only:
        return _("citizens of Azerbaijan: the site is a protected one")
    if programme.open_to_foreigners:
        return _("open to citizens of other countries too")
    return _("citizens of Azerbaijan")


def _together(places: list[list[str]]) -> str:
    """What all places ask, or whatever some of them ask."""
    if all(each == places[0] for each in places):
        return ", ".join(places[0])
    found = list(dict.fromkeys(one for each in places for one in each))
    some = "; ".join(found[:NAMED]) + ("; …" if len(found) > NAMED else "")
    if all(places):
        return _("by the place: %(asked)s") % {"asked": some}
    return _("by the place: %(asked)s; some places do not ask this") % {"asked": some}


def _choosing(found: Programme, places: int) -> Asked:
    if not found.students_apply or not places:
        return []
    most = min(found.max_choices, places)
    words = ngettext("%(n)d place", "up to %(n)d places, in your order of preference", most)
    return [(_("How many you may choose"), words % {"n": most})]
