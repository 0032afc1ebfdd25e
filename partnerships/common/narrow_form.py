"""Forms that narrow a list, drawn in Python: Django draws a field by three templates and a drop-down by a
dictionary for each of its options, which for two hundred universities costs more than the list below them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from partnerships.common.markup import markup, text

Option = tuple[str, str]  # value, words


@lru_cache(maxsize=512)
def options(offered: tuple[Option, ...]) -> SafeString:
    """The options of a drop-down, none of them chosen. Kept by what they say, so none is ever out of date."""
    return SafeString("".join(markup('\n  <option value="{}">{}</option>', *one) for one in offered))


def options_chosen(offered: Iterable[Option], value: str) -> SafeString:
    """The same with the one chosen that has this value, where there is one."""
    html = options(tuple(offered))
    mark = f'value="{text(value)}"'  # words are escaped: no quotation mark stands in them
    return SafeString(html.replace(mark, f"{mark} selected", 1))


def searched(label: Any, hint: Any) -> forms.CharField:
    """The field `q`; `hint` stands in it while it is empty."""
    widget = forms.TextInput({"placeholder": hint})
    return forms.CharField(label=label, required=False, max_length=100, widget=widget)


class _Fields(dict[str, Any]):
    """The fields of a class: each form has its own, but not widgets of its own, which draw nothing here."""

    def __deepcopy__(self, _memo: Any) -> dict[str, Any]:
        return {name: _own(field) for name, field in self.items()}


def _own(field: Any) -> Any:
    copied = object.__new__(type(field))
    copied.__dict__.update(field.__dict__)
    return copied


class NarrowForm(forms.Form):
    """A field `q` to search by, drop-downs, ticks. What is not in the address narrows nothing, nor does a
    value that is not offered: addresses outlive options.

    A template draws `search`, `drop_downs` and `ticks`, each where it wants it.
    """

    def __init__(self, data: Any = None, **given: Any) -> None:
        if type(self.base_fields) is not _Fields:
            type(self).base_fields = _Fields(self.base_fields)
        super().__init__(data, **given)

    def offer(
        self, name: str, offered: Iterable[tuple[Any, Any]], *, least: int = 2, empty: bool = True
    ) -> None:
        """What the drop-down offers, after its own name for all of them; with fewer than `least` it goes, for
        one option narrows nothing."""
        field, pairs = self.fields[name], [(value, str(words)) for value, words in offered]
        if len(pairs) < least:
            del self.fields[name]
            return
        if empty:
            pairs.insert(0, ("", str(field.label)))
        # Django would look through each pair for groups and lazy words; these have neither.
        field._choices = pairs  # type: ignore[attr-defined]  # noqa: SLF001

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name, "") if name in self.fields else ""

    @property
    def narrows(self) -> bool:
        return any(self.value(name) for name in self.fields if name != "sort")

    # As the page draws it -------------------------------------------------------------------------------
    def _attributes(self, name: str, field: Any, *, label: bool = True) -> SafeString:
        aloud = markup(' aria-label="{}"', field.label) if label else ""
        wrong = SafeString(' aria-invalid="true"') if name in self.errors else ""
        return markup(' name="{}"{} id="filter-{}"{}', name, aloud, name, wrong)

    @property
    def search(self) -> SafeString:
        field = self.fields["q"]
        return markup(
            '<input type="search"{} value="{}" maxlength="{}" placeholder="{}">',
            self._attributes("q", field),
            self.data.get("q", ""),
            field.max_length,  # type: ignore[attr-defined]
            field.widget.attrs["placeholder"],
        )

    @property
    def drop_downs(self) -> SafeString:
        found = []
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField):
                offered: Any = field.choices  # as `offer` left them
                inside = options_chosen(offered, self.data.get(name, ""))
                found.append(markup("<select{}>{}\n</select>", self._attributes(name, field), inside))
        return SafeString("\n".join(found))

    @property
    def ticks(self) -> SafeString:
        found = []
        for name, field in self.fields.items():
            if isinstance(field, forms.BooleanField):
                on = SafeString(" checked") if self.value(name) else ""
                box = markup('<input type="checkbox"{}{}>', self._attributes(name, field, label=False), on)
                found.append(markup('<label class="pick-pill">{} {}</label>', box, field.label))
        return SafeString("\n".join(found))
