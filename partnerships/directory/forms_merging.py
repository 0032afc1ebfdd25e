"""Forms in which two records of one person or organisation become one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.directory.models import Organization, Person


class _MergeForm(forms.Form):
    """Which of two records stays, and why they are one."""

    kept = forms.ChoiceField(label=_("Which record stays"), widget=forms.RadioSelect)
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the history of the record."),
    )
    why: Any  # the label of the reason

    def __init__(self, *args: Any, first: Any, second: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = {str(one.uid): one for one in (first, second)}
        kept: Any = self.fields["kept"]
        kept.choices = [(uid, self.named(one)) for uid, one in self.sides.items()]
        self.fields["reason"].label = self.why
        better = self.known(second) and not self.known(first)
        self.initial["kept"] = str((second if better else first).uid)

    def named(self, one: Any) -> str:
        """What tells the record from the other."""
        return str(one)

    def known(self, one: Any) -> bool:
        """Whether people know this record already: then it stays unless the other is chosen."""
        return False

    def ordered(self) -> tuple[Any, Any]:
        """The one that stays and the one that goes."""
        kept = self.sides[self.cleaned_data["kept"]]
        return kept, next(one for one in self.sides.values() if one != kept)


class PersonMergeForm(_MergeForm):
    why = _("How you know that they are one person")

    def named(self, one: Person) -> str:
        return f"{one.full_name} · {one.email or '–'}"

    def known(self, one: Person) -> bool:
        """The record with an account is the one that its owner knows."""
        return one.user_id is not None


class OrganizationMergeForm(_MergeForm):
    why = _("How you know that they are one organisation")

    def named(self, one: Organization) -> str:
        return f"{one.display_name} · {one.slug}"

    def known(self, one: Organization) -> bool:
        return one.is_partner
