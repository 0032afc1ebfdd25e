"""What a student writes: the draft with its choices and documents."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from internships.actions.drafts import too_many_choices
from internships.models import Programme, Vacancy
from partnerships.calls.counting import settled
from partnerships.documents.enums import DocumentKind
from partnerships.documents.forms import DocumentField, MultipleDocumentField

MOTIVATION = 2000  # characters


class LongText(forms.CharField):
    """Text of several lines, counted as the browser counts it: see partnerships.calls.counting."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "rows": 6,
            "dir": "auto",
            "data-count": str(kwargs.get("max_length") or ""),
            "class": "form-control",
        }
        kwargs.setdefault("widget", forms.Textarea(attrs))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return settled(super().to_python(value))


class DraftForm(forms.Form):
    """Motivation and documents; the choices come as repeated `choices` in the order of preference."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    motivation = LongText(
        label=_("Why this place"),
        required=False,
        max_length=MOTIVATION,
        help_text=_(
            "A few sentences: what you have learned so far and what you would like to see and do there."
        ),
    )
    cv = DocumentField(kind=DocumentKind.CV, label=_("CV"), required=False)
    transcript = MultipleDocumentField(kind=DocumentKind.TRANSCRIPT, label=_("Transcript"), required=False)

    DOCUMENTS = ("cv", "transcript")

    def __init__(self, *args: Any, programme: Programme, places: Sequence[Vacancy], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.places = {str(place.uid): place for place in places}
        for name, required in (("cv", programme.cv_required), ("transcript", programme.transcript_required)):
            # Nothing is demanded of a draft; whether a document may be left out stands at the field.
            self.fields[name].widget.is_required = False
            self.fields[name].required = False
            self.fields[name].demanded = required  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["choices"] = self._chosen()
        return cleaned

    def _chosen(self) -> list[Vacancy]:
        """The places in order, as the pressed button leaves them."""
        posted = self.data.getlist("choices") if hasattr(self.data, "getlist") else []
        chosen = [self.places[uid] for uid in dict.fromkeys(posted) if uid in self.places]
        if len(chosen) < len(set(posted)):
            self.add_error(None, _("A place that you had chosen is no longer offered."))
        if len(chosen) > self.programme.max_choices:
            self.add_error(None, too_many_choices(self.programme.max_choices))
            chosen = chosen[: self.programme.max_choices]
        verb, _colon, uid = str(self.data.get("do", "")).partition(":")
        if verb == "add":
            chosen = self._added(chosen)
        at = next((index for index, place in enumerate(chosen) if str(place.uid) == uid), None)
        if at is None:
            return chosen
        if verb == "remove":
            del chosen[at]
        elif verb == "up" and at > 0:
            chosen[at - 1], chosen[at] = chosen[at], chosen[at - 1]
        elif verb == "down" and at + 1 < len(chosen):
            chosen[at], chosen[at + 1] = chosen[at + 1], chosen[at]
        return chosen

    def _added(self, chosen: list[Vacancy]) -> list[Vacancy]:
        wanted = self.places.get(str(self.data.get("add", "")))
        if wanted is None:
            self.add_error(None, _("Choose a place from the list first."))
        elif wanted not in chosen and len(chosen) >= self.programme.max_choices:
            self.add_error(None, too_many_choices(self.programme.max_choices))
        elif wanted not in chosen:
            return [*chosen, wanted]
        return chosen

    def uploads(self) -> dict[str, Any]:
        """The documents that came with this post and can be kept, by kind."""
        return {name: self.cleaned_data[name] for name in self.DOCUMENTS if self.cleaned_data.get(name)}
