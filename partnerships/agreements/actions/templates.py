"""Texts of templates: a change is a new version, what was used stays as it was."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from partnerships.agreements import texts
from partnerships.agreements.kinds import kind_of, kinds
from partnerships.agreements.models import AgreementTemplate, TemplateVersion
from partnerships.common.text import at_most, clean_line
from partnerships.workflow.actors import SYSTEM, as_actor

WORDS = ("title_az", "title_en", "body_az", "body_en")


def check_words(key: str, values: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong with the words of a template, by field: places that no text of this kind has."""
    known = kind_of(key).known_places
    problems: dict[str, list[str]] = {}
    for name in WORDS:
        if wrong := texts.wrong_places(values.get(name, ""), known):
            problems[name] = [
                _("Unknown place: %(place)s. Known are: %(known)s.")
                % {"place": place, "known": ", ".join(f"{{{one}}}" for one in sorted(known))}
                for place in wrong
            ]
    for name in ("title_az", "body_az"):
        if not values.get(name, "").strip():
            problems.setdefault(name, []).append(_("This field is required."))
    if bool(values.get("body_en", "").strip()) != bool(values.get("title_en", "").strip()):
        problems.setdefault("body_en", []).append(_("English needs both the title and the text."))
    return problems


@transaction.atomic
def write_version(
    template: AgreementTemplate,
    *,
    actor: Any,
    title_az: str,
    body_az: str,
    title_en: str = "",
    body_en: str = "",
    note: str = "",
) -> TemplateVersion:
    """The next version of a template; words that are the same as the present ones write nothing.

    Raises ValidationError by field for a place that this kind of text does not have.
    """
    values = {
        "title_az": clean_line(title_az),
        "title_en": clean_line(title_en),
        "body_az": body_az.strip(),
        "body_en": body_en.strip(),
    }
    if problems := check_words(template.kind_key, values):
        raise ValidationError(problems)
    AgreementTemplate.objects.select_for_update().get(pk=template.pk)
    current = template.current
    if current is not None and all(getattr(current, name) == values[name] for name in WORDS):
        return current
    by = as_actor(actor)
    return TemplateVersion.objects.create(
        template=template,
        number=(current.number if current else 0) + 1,
        made_by=by.user,
        note=at_most("note", clean_line(note), 300),
        **values,
    )


def template_of(key: str) -> AgreementTemplate:
    """The template of a kind of text, with the version it starts with where it has none."""
    template, _created = AgreementTemplate.objects.get_or_create(key=key)
    if template.current is None:
        write_version(template, actor=SYSTEM, **vars(kind_of(key).first()))
    return template


def load_templates() -> int:
    """Give every kind of text its first version; answers how many were made. Safe at every start."""
    before = AgreementTemplate.objects.count()
    for key in kinds():
        template_of(key)
    return AgreementTemplate.objects.count() - before
