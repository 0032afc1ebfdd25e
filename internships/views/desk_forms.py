"""The fields of the decision desk. Into most of them nothing has been typed: what does not hang on the
candidate is drawn once in each language."""

from collections.abc import Callable, Iterable
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_field, as_crispy_form
from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from internships.forms.deciding import AssessForm, OfferForm, RefuseForm
from internships.models import Application, Assessment
from partnerships.common.templatetags.fields import drawn_field

_drawn: dict[tuple[str, str | None], SafeString] = {}  # by name and language


def _once(name: str, draw: Callable[[], Any]) -> SafeString:
    key = name, get_language()
    if key not in _drawn:
        _drawn[key] = SafeString(draw())
    return _drawn[key]


def named(form: forms.Form, verb: str) -> forms.Form:
    """Several forms stand on the desk, so the ids of their fields differ."""
    form.auto_id = f"{verb}-%s"
    return form


def _fields(form: forms.Form, *names: str) -> SafeString:
    return SafeString("".join(as_crispy_field(form[name]) for name in names))


def offer_fields(application: Application, refused: forms.Form | None = None) -> SafeString:
    """The places to choose from and a note; `refused` has what was typed and why it was not taken."""
    if refused is not None:
        return _fields(refused, "vacancy", "note")
    form = named(OfferForm(application=application), "offer")
    return SafeString(drawn_field(form["vacancy"]) + _once("offer", lambda: drawn_field(form["note"])))


def refuse_fields(refused: forms.Form | None = None) -> SafeString:
    """The reason of a refusal and what the student reads."""
    if refused is not None:
        return _fields(refused, "code", "note")
    return _once("refuse", lambda: _fields(named(RefuseForm(), "refuse"), "code", "note"))


def own_of(assessments: Iterable[Assessment], user: Any) -> Assessment | None:
    """The one that this colleague has given."""
    return next((one for one in assessments if one.user_id == user.pk), None)


def assess_fields(own: Assessment | None, refused: forms.BaseForm | None = None) -> SafeString:
    """One's own score and note, as they were kept."""
    if refused is not None:
        return SafeString(as_crispy_form(refused))
    if own is not None:
        return SafeString(as_crispy_form(AssessForm(instance=own, prefix="assess")))
    return _once("assess", lambda: as_crispy_form(AssessForm(prefix="assess")))
