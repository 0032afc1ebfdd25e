"""What narrows a list is drawn in Python: the same fields and options as Django draws, all of it escaped."""

from html.parser import HTMLParser

import pytest
from django import forms
from django.http import QueryDict
from django.utils.translation import override

from partnerships.common.narrow_form import NarrowForm, searched
from partnerships.common.wording import in_language

UNITS = [("3.1.", 'Bakı "Mərkəz" <RETSİ>'), ("3.2.", "Gəncə & Şəki"), ("3.", "Azərişıq")]


class Units(NarrowForm):
    q = searched("Student", "Name or number")
    unit = forms.ChoiceField(label="Unit", required=False)
    year = forms.ChoiceField(label="Year", required=False)
    sort = forms.ChoiceField(label="Order", required=False)
    late = forms.BooleanField(label="Late only", required=False)

    def __init__(self, query):
        super().__init__(QueryDict(query))
        self.offer("unit", UNITS)
        self.offer("year", [("1", "Year 1")])
        self.offer("sort", [("new", "Newest first")], least=1, empty=False)
        self.is_valid()


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))

    def handle_data(self, data):
        if data.strip():
            self.words.append(data.strip())


def _by_django(form):
    """The same fields as Django draws them, with the same attributes."""
    for name, field in form.fields.items():
        field.widget.attrs["id"] = f"filter-{name}"
        if not isinstance(field, forms.BooleanField):
            field.widget.attrs["aria-label"] = field.label
        if isinstance(field, forms.ChoiceField):
            field.choices = field.choices
    form.fields["q"].widget.input_type = "search"
    return "".join(str(form[name]) for name in ("q", *(n for n in form.fields if n != "q")))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "unit=3.2.&sort=new",
        "unit=3.&late=on&q=%22%3E%3Cb%3E",
        "unit=gone&year=1",
        "late=&unit=%22+selected",
    ],
)
def test_a_form_is_drawn_as_django_draws_it(query):
    form = Units(query)
    ours = Tags(form.search + form.drop_downs + form.ticks)
    theirs = Tags(_by_django(form))
    fields = [
        (tag, {**given, "value": given.get("value", "")} if given.get("type") == "search" else given)
        for tag, given in theirs.tags
    ]
    # Nothing chosen is the empty option, said or not; what is wrong is described by nothing on these pages.
    bare = [one for one in ours.tags if one[0] != "label"]
    for tags in (bare, fields):
        for _tag, given in tags:
            given.pop("aria-describedby", None)
            if given.get("value") == "":
                given.pop("selected", None)
    assert bare == fields
    assert ours.words == [*theirs.words, "Late only"]


def test_a_drop_down_with_one_option_goes_and_what_is_not_offered_narrows_nothing():
    form = Units("unit=gone&year=1&sort=new")
    assert list(form.fields) == ["q", "unit", "sort", "late"]
    assert (form.value("unit"), form.value("year"), form.value("sort"), form.narrows) == (
        "",
        "",
        "new",
        False,
    )
    assert [Units(query).narrows for query in ("unit=3.", "q=a", "late=on", "sort=new")] == [
        *(True, True, True),
        False,
    ]


class Row:
    title_az, title_en = "Yay", ""


def test_a_text_is_in_the_language_of_the_page_or_in_azerbaijani():
    row = Row()
    found = []
    for language in ("az", "en"):
        with override(language):
            found.append(in_language("title")(row))
    row.title_en = "Summer"
    with override("en"):
        found.append(in_language("title")(row))
    assert found == ["Yay", "Yay", "Summer"]
