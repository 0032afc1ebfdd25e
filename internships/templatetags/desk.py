"""What the company knows of a candidate, drawn in Python."""

from collections.abc import Iterator
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.common.markup import markup
from partnerships.common.templatetags.figures import exact, filesize, year_of_study
from partnerships.common.templatetags.ui import chip

register = template.Library()


@register.simple_tag
def candidate_facts(application: Any, places: Any, skills: Any) -> SafeString:
    """Choices with their lines, what is not met, papers; `places` as `deciding.facts_of` has them."""
    return SafeString("\n".join(_facts(application, places, skills)))


@register.simple_tag
def candidate_studies(application: Any) -> SafeString:
    """Where and what the candidate studies."""
    university, study = application.university, application.study
    name = university.display_name if university else "–"
    if application.unit_id != application.university_id:
        name = f"{name}, {application.unit.display_name}"
    found = [_fact(_("University"), name)]
    if study:
        year = _("year %(year)s") % {"year": year_of_study(study.year)}
        words = (str(study.specialty or "–"), study.get_degree_display(), year, study.get_mode_display())
        found.append(_fact(_("Specialty"), ", ".join(words)))
        gpa = "–" if study.gpa is None else exact(study.gpa)
        found.append(markup('<dt>{}</dt><dd class="num">{}</dd>', _("GPA"), gpa))
    return SafeString("\n".join(found))


def _fact(label: str, value: Any) -> SafeString:
    return markup("<dt>{}</dt><dd>{}</dd>", label, value)


def _facts(application: Any, places: Any, skills: Any) -> Iterator[SafeString]:
    yield _fact(_("Choices"), _joined(_choice(place) for place in places))
    failed = _joined(_failed(place, check) for place in places for check in place["failed"])
    yield _fact(_("Requirements"), failed or chip(_("Meets all of them"), "good"))
    if skills:
        yield _fact(_("Skills"), _joined(markup('<span class="tag">{}</span> ', one) for one in skills))
    papers = SafeString(" · ".join(_paper(one) for one in application.documents.all()))
    yield _fact(_("Documents"), papers or "–")
    if application.order:
        yield _fact(_("Nominated by"), application.order)
    if application.supervisor:
        yield _fact(_("University supervisor"), application.supervisor.name)


def _joined(pieces: Any) -> SafeString:
    return SafeString("".join(pieces))


def _choice(place: Any) -> SafeString:
    """A place with its free seats; who waits for it, or how many before this candidate."""
    waits = ""
    if place["in_line"]:
        waits = _("waiting list: %(place)s") % {"place": place["in_line"]}
    elif place["line"]:
        words = ngettext("%(counter)s waits", "%(counter)s wait", place["line"])
        waits = words % {"counter": place["line"]}
    line = markup(' · <span class="nowrap">{}</span>', waits) if waits else ""
    return markup("<div>{}{}</div>", place["label"], line)


def _failed(place: Any, check: Any) -> SafeString:
    title = place["choice"].vacancy.position.title
    return markup('<div>{} <span class="small muted">{}</span></div>', chip(check.text, "bad"), title)


def _paper(document: Any) -> SafeString:
    return markup(
        '<a href="{}">{}</a> <span class="small muted num">{}</span>',
        document.get_absolute_url(),
        document.get_kind_display(),
        filesize(document.size),
    )
