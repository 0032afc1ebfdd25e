"""Fields that are drawn in Python are what the template of the pack draws."""

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import SimpleTestCase


class Everything(forms.Form):
    name = forms.CharField(max_length=20, help_text="Pasportdakı <b>kimi</b>.")
    note = forms.CharField(
        label="Qeyd & izah", required=False, widget=forms.Textarea({"rows": 2, "class": "wide"})
    )
    score = forms.IntegerField(required=False, min_value=0)
    day = forms.DateField(widget=forms.DateInput({"type": "date", "autofocus": True, "readonly": False}))
    kind = forms.ChoiceField(choices=[("", "–"), ("a", "Ə & b"), ("Qrup", [("c", "C")])])
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
    secret = forms.CharField(widget=forms.PasswordInput, label="")
    agreed = forms.BooleanField()
    one = forms.ChoiceField(choices=[("a", "A & b"), ("b", "B")], widget=forms.RadioSelect)
    maybe = forms.ChoiceField(
        choices=[("", "–"), ("Qrup", [("a", "A")])],
        widget=forms.RadioSelect,
        required=False,
        help_text="<b>B</b>",
    )
    several = forms.MultipleChoiceField(
        choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, required=False, initial=["b"]
    )
    file = forms.FileField(required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)


GIVEN = {
    "name": "<i>Əli</i>",
    "score": "-1",
    "kind": "a",
    "many": ["b"],
    "one": "b",
    "several": ["a"],
    "note": "x" * 3,
}


@pytest.mark.parametrize("data", [None, GIVEN, {}])
@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_a_field_is_what_the_template_draws(data, name):
    asked = {"form_show_labels": True, "form_show_errors": True}
    # A class of the layout that is but a space has the template draw all of it.
    drawn, template = (
        render_to_string("bootstrap5/field.html", {"field": Everything(data)[name], **asked, **more})
        for more in ({}, {"wrapper_class": " "})
    )
    SimpleTestCase().assertHTMLEqual(drawn, template)


def test_plain_fields_are_drawn_in_python():
    context = {"form_show_labels": True, "form_show_errors": True, "field": Everything()["name"]}
    assert render_to_string("bootstrap5/field.html", context).strip() == (
        '<div id="div_id_name" class="mb-3">'
        '<label for="id_name" class="form-label requiredField">Name</label>'
        '<input type="text" name="name" maxlength="20" class="textinput form-control" required '
        'aria-describedby="id_name_helptext" id="id_name">'
        '<div id="id_name_helptext" class="form-text">Pasportdakı <b>kimi</b>.</div></div>'
    )
