"""What forms share: where a refusal stands, records that two people may edit at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import localize
from django.utils.translation import gettext as _


def take(form: Any, error: ValidationError) -> None:
    """Put what an action refuses on the fields that it names, the rest above the form."""
    by_field = getattr(error, "error_dict", {None: error})
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, ValidationError(errors))


@dataclass(frozen=True)
class Difference:
    """One field on which two editors differ, as each of them would read it."""

    label: str
    theirs: str
    mine: str


class Differing:
    """What a form that two may send at once shows the slower of them; it has a field `version`."""

    secret: tuple[str, ...] = ()  # fields whose values are not shown in the difference
    conflict = False
    differences: Sequence[Difference] = ()
    fields: dict[str, forms.Field]
    _stored_version: int

    def show_conflict(self) -> None:
        """Mark the form as the slower of two."""
        form: Any = self
        self.conflict = True
        self.differences = self._differences()
        data = form.data.copy()
        data[form.add_prefix("version")] = str(self._stored_version)
        form.data = data
        form.add_error(None, self._who_was_quicker())

    def _who_was_quicker(self) -> str:
        if not self.differences:
            return _("Somebody else has saved the same while you were writing. You need not send it again.")
        return _(
            "Somebody else has changed this while you were writing. Compare below; "
            "send again to keep what you wrote."
        )

    def _differences(self) -> list[Difference]:
        form: Any = self
        found = []
        for name, field in self.fields.items():
            if name == "version" or name in self.secret or field.disabled:
                continue
            stored = form.get_initial_for_field(field, name)
            typed = form[name].data
            if field.has_changed(stored, typed):
                label = str(form[name].label)
                found.append(Difference(label, self._read(field, stored), self._read(field, typed)))
        return found

    def _read(self, field: forms.Field, value: Any) -> str:
        """A value as people read it: the words of a choice, yes and no, a dash for nothing."""
        if isinstance(value, bool) or isinstance(field, forms.BooleanField):
            return _("yes") if value and value != "False" else _("no")
        if value in (None, "", []):
            return "—"
        if isinstance(field, forms.ModelChoiceField):
            try:
                return str(field.to_python(getattr(value, "pk", value)))
            except forms.ValidationError:
                return str(value)
        chosen = [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]
        if found := [str(words) for key, words in getattr(field, "choices", ()) if str(key) in chosen]:
            return ", ".join(found)
        value = field.prepare_value(value)
        return str(field.widget.format_value(value) if hasattr(field.widget, "format_value") else value)

    @property
    def status(self) -> int:
        """The HTTP status that a page with this form answers with."""
        if self.conflict:
            return 409
        form: Any = self
        return 422 if form.is_bound and form.errors else 200


class VersionedForm(Differing, forms.ModelForm):  # type: ignore[type-arg]
    """A form over a record with a `version`: the second of two editors is shown the difference.

    The version that was read travels in a hidden field. When the record has moved on, the form is invalid,
    `differences` lists what the other editor wrote beside what was typed, everything typed is kept, and
    sending the form again writes it. Answer with `status`: 409 then, 422 for any other error, else 200.
    The view still hands `cleaned_data["version"]` to the action, which compares under a lock.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self._stored_version = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        read = cleaned.get("version")
        if read is not None and read != self._stored_version:
            self.show_conflict()
        return cleaned

    def meet(self, stored: Any) -> None:
        """The action found out under its lock that the record is `stored` by now."""
        self.initial.update(forms.model_to_dict(stored, self._meta.fields, self._meta.exclude))
        self._stored_version = stored.version
        self.show_conflict()


class EitherDecimalField(forms.DecimalField):
    """A decimal that takes a comma or a point, and blanks between thousands, in either language: people type
    what they are used to, and what the pages show."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(localize=True, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A whole number is shown as one: 4, not 4,00."""
        whole = isinstance(value, Decimal) and value == value.to_integral_value()
        return int(value) if whole else value

    def to_python(self, value: Any) -> Any:
        return super().to_python(
            "".join(value.split()).replace(",", ".") if isinstance(value, str) else value
        )

    def run_validators(self, value: Any) -> None:
        """A bound is told as its reader writes numbers: 0,01."""
        try:
            super().run_validators(value)
        except ValidationError as error:
            for one in error.error_list:
                if one.params and "limit_value" in one.params:
                    one.params["limit_value"] = localize(one.params["limit_value"])
            raise
