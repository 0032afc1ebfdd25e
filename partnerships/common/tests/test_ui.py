"""Dates, numbers and components as people read them."""

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from partnerships.common.clock import BAKU, end_of_day
from partnerships.common.templatetags import figures, ui

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=BAKU)


@pytest.fixture(autouse=True)
def in_english_on_a_november_morning():
    with time_machine.travel(NOW, tick=False), translation.override("en"):
        yield


def draw(source, **context):
    return Template(source).render(Context(context))


def test_a_deadline_is_told_with_its_hour_in_baku():
    assert figures.baku(end_of_day(date(2026, 11, 28))) == "28 November, 23:59 (Baku)"
    assert figures.baku(datetime(2026, 11, 28, 20, 30, tzinfo=UTC)) == "29 November, 00:30 (Baku)"


def test_azerbaijani_months_are_written_small():
    with translation.override("az"):
        assert figures.baku_date(date(2026, 11, 28)) == "28 noyabr"
        assert figures.baku_date(date(2026, 4, 3)) == "3 aprel"


@time_machine.travel("2026-11-28T10:00:00Z", tick=False)
@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 28), date(2026, 11, 28), "28 noyabr"),
        (date(2027, 2, 15), date(2027, 5, 21), "15 fevral – 21 may 2027"),
        (date(2026, 11, 11), date(2027, 1, 5), "11 noyabr – 5 yanvar 2027"),
    ],
)
def test_days_from_one_to_another_say_nothing_twice(first, last, said):
    with translation.override("az"):
        assert figures.days_to(first, last) == said


def test_the_year_is_told_only_when_it_is_another():
    assert figures.baku_date(date(2026, 1, 2)) == "2 January"
    assert figures.baku_date(date(2027, 1, 2)) == "2 January 2027"
    # Still the old year in Greenwich, already the new one in Baku.
    assert figures.baku_date(datetime(2026, 12, 31, 21, 0, tzinfo=UTC)) == "1 January 2027"


def test_a_span_names_its_day_once_and_both_days_where_there_are_two():
    starts = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
    assert figures.baku_span(starts, starts + timedelta(minutes=90)) == "28 November, 10:00–11:30 (Baku)"
    assert (
        figures.baku_span(starts, starts + timedelta(hours=20))
        == "28 November, 10:00 (Baku) – 29 November, 06:00 (Baku)"
    )
    assert figures.baku_span(starts, None) == ""


def test_what_begins_with_its_day_has_no_hour():
    day = datetime(2026, 11, 28, 0, 0, tzinfo=BAKU)
    assert (figures.baku_when(day), figures.baku_hour(day)) == ("28 November", "")
    later = day + timedelta(hours=10)
    assert (figures.baku_when(later), figures.baku_hour(later)) == ("28 November, 10:00 (Baku)", "10:00")


def test_an_empty_choice_is_a_word_and_not_dashes():
    drawn = forms.Select(choices=[("", "---------"), ("1", "One")]).render("which", None)
    assert re.findall(r">(.+?)</option>", drawn) == ["Choose", "One"]


def test_a_date_that_is_missing_leaves_nothing():
    assert [
        f(None)
        for f in (
            figures.baku,
            figures.baku_short,
            figures.baku_time,
            figures.baku_date,
            figures.until,
            figures.due_kind,
        )
    ] == [""] * 6


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW + timedelta(seconds=20), "in 1 minute"),
        (NOW + timedelta(minutes=45), "in 45 minutes"),
        (NOW + timedelta(hours=1), "in 1 hour"),
        (NOW + timedelta(hours=3, minutes=30), "in 3 hours"),
        (NOW + timedelta(hours=6), "today"),
        (end_of_day(date(2026, 11, 24)), "today"),
        (end_of_day(date(2026, 11, 25)), "1 day left"),
        (datetime(2026, 11, 26, 0, 1, tzinfo=BAKU), "2 days left"),
        (NOW - timedelta(minutes=5), "just past"),
        (NOW - timedelta(hours=2), "2 hours late"),
        (NOW - timedelta(hours=23, minutes=59), "23 hours late"),
        (NOW - timedelta(days=1), "1 day late"),
        (NOW - timedelta(days=40), "40 days late"),
        (date(2026, 11, 24), "today"),
        (date(2026, 11, 26), "2 days left"),
        (date(2026, 11, 23), "1 day late"),
    ],
)
def test_how_long_from_now_is_told_in_words(moment, words):
    assert figures.until(moment) == words


@pytest.mark.parametrize(
    ("moment", "kind"),
    [
        (NOW - timedelta(seconds=1), "bad"),
        (NOW, "move"),
        (NOW + timedelta(days=3), "move"),
        (NOW + timedelta(days=3, seconds=1), ""),
        (date(2026, 11, 24), "move"),
        (date(2026, 11, 23), "bad"),
        (date(2026, 11, 30), ""),
    ],
)
def test_a_date_is_marked_when_it_is_near_and_when_it_has_passed(moment, kind):
    assert figures.due_kind(moment) == kind


def test_numbers_have_thin_spaces_and_the_sign_of_the_language():
    assert figures.grouped(1284) == "1\u202f284"
    assert figures.grouped(-1234567) == "\u22121\u202f234\u202f567"
    assert figures.grouped(2.1) == "2.1"
    with translation.override("az"):
        assert figures.grouped(2.1) == "2,1"
        assert figures.grouped(1284.5, 2) == "1\u202f284,50"
        assert figures.grouped(0) == "0"
    assert figures.grouped(None) == ""
    with translation.override("az"):
        kept = ("74.25", "74.20", "80.00", "100.00")
        assert [figures.exact(Decimal(number)) for number in kept] == ["74,25", "74,2", "80", "100"]
    assert figures.exact(None) == ""


def test_sizes_of_files_are_told_shortly():
    sizes = (1, 900, 2048, 4_400_000, 10 * 1024 * 1024, 3 * 1024**3)
    with translation.override("en"):
        told = [figures.filesize(size).replace("\u00a0", " ") for size in sizes]
    assert told == ["1 byte", "900 bytes", "2 kB", "4.2 MB", "10 MB", "3 GB"]


def test_a_device_is_told_by_its_browser_and_system():
    edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19 Safari/604.1"
    assert ui.device(edge) == "Edge · Windows"
    assert ui.device(phone) == "Safari · iPhone"
    assert ui.device("") == "unknown device"


def test_a_name_is_escaped_wherever_it_is_drawn():
    name = '<script>alert("x")</script>'
    drawn = draw(
        "{% person name name %}{% chip name name %}{% face name %}"
        "{% move_strip mine=True text=name detail=name %}"
        "{{ name }}{% endmove_strip %}{% empty_state name name %}{% bar name 1 2 %}"
        "{% timeline entries %}{% steps entries %}",
        name=name,
        entries=[SimpleNamespace(label=name, note=name, who=name, state=name, at=None)],
    )
    assert "<script" not in drawn


def test_initials_obey_the_azerbaijani_alphabet():
    assert ui.face("ilqar ismayılov") == '<span class="face" aria-hidden="true">İİ</span>'


def test_work_that_runs_says_how_far_it_is_where_it_knows():
    drawn = draw(
        "{% working far '/again/' '/page/' %}Reading{% endworking %}"
        "{% working unknown '/again/' '/page/' seconds=2 %}Moving{% endworking %}",
        far=SimpleNamespace(done=3, total=9),
        unknown=SimpleNamespace(done=0, total=0),
    )
    assert 'value="3" max="9"' in drawn
    assert drawn.count("max=") == 1
    assert drawn.count('hx-get="/again/"') == drawn.count('href="/page/"') == 2
    assert 'hx-trigger="every 2s"' in drawn


def test_the_strip_tells_whose_move_it_is():
    mine = draw("{% move_strip mine=True text='Decide' %}<button>Offer</button>{% endmove_strip %}")
    theirs = draw("{% move_strip mine=False text='Waits' %}{% endmove_strip %}")
    assert 'class="move-strip"' in mine
    assert "<button>Offer</button>" in mine
    assert 'class="move-strip theirs"' in theirs
    assert "acts" not in theirs


def test_a_deadline_is_coloured_only_for_whom_it_waits():
    moment = NOW + timedelta(days=2)
    assert "chip" not in draw("{% deadline moment %}", moment=moment)
    assert 'class="chip move"' in draw("{% deadline moment mine=True %}", moment=moment)
    assert draw("{% deadline moment %}", moment=None).strip() == ""


class Sample(forms.Form):
    name = forms.CharField(label="Name")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)

    def clean(self):
        raise forms.ValidationError("The deadline has passed.")


def test_the_summary_leads_to_every_field_with_an_error():
    drawn = draw("{% form_errors form %}", form=Sample({}))
    assert re.findall(r'href="(#[^"]+)"', drawn) == ["#id_name", "#id_kind_0"]
    assert "The deadline has passed." in drawn
    assert "3 things need mending" in drawn
    assert draw("{% form_errors form %}", form=Sample()).strip() == ""


def test_a_refusal_of_no_field_is_not_counted_among_things_to_mend():
    form = forms.Form({})
    form.add_error(None, "Somebody else has changed this.")
    drawn = draw("{% form_errors form %}", form=form)
    assert ("needs mending" in drawn, "Not done, and why" in drawn) == (False, True)


def test_optional_fields_are_marked_and_required_ones_are_not():
    class Two(forms.Form):
        needed = forms.CharField(label="Needed")
        free = forms.CharField(label="Free", required=False)

    drawn = draw("{% load crispy_forms_tags %}{{ form|crispy }}", form=Two())
    assert drawn.count("(optional)") == 1
    assert "asteriskField" not in drawn


def test_buttons_of_which_one_is_always_pressed_are_not_optional():
    class Buttons(forms.Form):
        rights = forms.ChoiceField(
            label="Rights", required=False, choices=[("", "R"), ("w", "W")], widget=forms.RadioSelect
        )
        kind = forms.ChoiceField(label="Kind", required=False, choices=[("a", "A")], widget=forms.RadioSelect)

    def marked(form):
        drawn = draw("{% load crispy_forms_tags %}{{ form|crispy }}", form=form)
        return re.findall(r"(\w+)\s*<span class=\"optional\"", drawn)

    assert (marked(Buttons()), marked(Buttons(initial={"kind": "a"}))) == (["Kind"], [])
    assert marked(Buttons({"rights": "w", "kind": ""})) == ["Kind"]


def test_the_present_address_can_lose_a_parameter():
    request = RequestFactory().get("/list/", {"lang": "en", "state": "new"})
    assert draw("{% here without='lang' %}", request=request) == "/list/?state=new"
    assert draw("{% here without='lang state' %}", request=request) == "/list/"


@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_the_page_of_a_failure_needs_neither_request_nor_database(name):
    drawn = get_template(name).template.render(Context())
    assert "{{" not in drawn
    assert drawn.startswith("<!doctype html>")


@pytest.mark.parametrize("name", ["500.html", "503.html"])
@pytest.mark.parametrize(
    ("language", "second", "brand"),
    [
        ("az", "en", ("Əməkdaşlıq portalı", "“Azərişıq” ASC")),
        ("en", "az", ("Partnership portal", "Azərişıq ASC")),
    ],
)
def test_the_page_of_a_failure_speaks_the_language_of_the_reader_first(name, language, second, brand):
    with translation.override(language):
        drawn = get_template(name).template.render(Context())
    marked = re.findall(r'<(html|section) lang="(\w+)"', drawn)
    assert marked == [("html", language), ("section", second)]
    assert (drawn.count("<h1>"), drawn.count("<h2>")) == (1, 1)
    assert re.findall(r"<span>([^<]+)<small>([^<]+)</small>", drawn) == [brand]
    assert f"<title>{name[:3]} · {brand[0]}</title>" in drawn


def test_every_icon_in_use_is_in_the_sprite():
    root = Path(settings.BASE_DIR)
    there = set(re.findall(r'<symbol id="([^"]+)"', (root / "static/vendor/icons.svg").read_text()))
    used = set()
    for page in [*root.glob("templates/**/*.html"), *root.glob("*/**/templates/**/*.html")]:
        used |= set(
            re.findall(r'{% icon "([a-z0-9-]+)"|{% empty_state [^%]*icon="([a-z0-9-]+)"', page.read_text())
        )
    assert {name for pair in used for name in pair if name} - there == set()


# Loaded by one page alone, and not the first one that anybody sees.
ONE_PAGE = {"sortable.min.js"}


def test_the_assets_of_a_first_view_stay_light():
    root = Path(settings.BASE_DIR) / "static"
    packed = {
        path.name: len(path.read_bytes() if path.suffix == ".woff2" else gzip.compress(path.read_bytes()))
        for path in [root / "portal.css", root / "js/portal.js", *root.glob("vendor/*.*")]
        if path.suffix in {".css", ".js", ".svg", ".woff2"} and path.name not in ONE_PAGE
    }
    assert packed["inter.woff2"] <= 60_000
    # 160 kB with the page itself.
    assert sum(packed.values()) <= 150_000


def test_vendored_files_ask_for_no_source_map():
    for path in (Path(settings.BASE_DIR) / "static/vendor").glob("*.*s"):
        assert "sourceMappingURL" not in path.read_text()


def test_a_cell_shows_days_and_numbers_as_people_read_them_and_a_dash_for_nothing():
    shown = [ui.cell(value) for value in (None, "", "<b>", 1284, date(2026, 11, 28), ui.chip("Late", "bad"))]
    assert shown == [
        '<span class="muted">–</span>',
        '<span class="muted">–</span>',
        '<span dir="auto">&lt;b&gt;</span>',
        '<span class="num">1\u202f284</span>',
        '<span class="num nowrap">28 November</span>',
        '<span class="chip bad">Late</span>',
    ]


def test_what_is_kept_is_drawn_once_in_each_language():
    page = Template(
        '{% load i18n %}{% kept %}<b>{% icon "x" %} {% translate "Save" %}</b>{% endkept %}{{ mine }}'
    )
    english = page.render(Context({"mine": "<1>"}))
    assert english.endswith(" Save</b>&lt;1&gt;")
    with translation.override("az"):
        assert page.render(Context({"mine": 2})).endswith(" Yadda saxla</b>2")
    assert page.render(Context({"mine": 3})) == english.replace("&lt;1&gt;", "3")


@pytest.mark.parametrize(
    "inside",
    ["{{ name }}", "{% if name %}x{% endif %}", "{% for one in name %}x{% endfor %}", "{% csrf_token %}"],
)
def test_what_differs_from_page_to_page_is_never_kept(inside):
    with pytest.raises(TemplateSyntaxError, match="nothing in it may differ"):
        Template(f"{{% kept %}}<p>{inside}</p>{{% endkept %}}")
