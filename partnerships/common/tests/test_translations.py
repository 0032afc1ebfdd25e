"""Extraction, the catalogue and its compilation, on files of the test's own."""

import gettext
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from django.core.management import CommandError, call_command
from django.utils import translation

from partnerships.common import extraction, translations
from partnerships.common.extraction import Found, Harvest

PYTHON = """
from django.utils.translation import gettext as _, ngettext_lazy, pgettext_lazy as _p
from django.utils import translation

# Translators: the button
# that sends.
a = _("Send")
b = _("One "
      "sentence")
c = ngettext_lazy("%(n)d place", "%(n)d places", "n")
d = _p("book", "diary")
e = translation.gettext("by module")
f = _(f"never {a}")
g = _(a)
h = print("not a message")
"""
TEMPLATE = """{% load i18n %}
<title>{% translate "Title" %}</title>
  {% translate "diary" context "book" %}
{% blocktranslate trimmed with name=person.name %}
    Decide:
    {{ name }}
{% endblocktranslate %}
{% blocktranslate count n=n %}{{ n }} of 100%{% plural %}all {{ n }}{% endblocktranslate %}
{% include "x.html" with title=_("Given to a part") %}{{ word|default:_("no word") }}
{# translate "a comment" #}
"""


def messages(harvest: Harvest) -> set[tuple[str | None, str, str | None]]:
    return {(m.context, m.msgid, m.plural) for m in harvest.messages.values()}


def test_python_messages_are_found_under_their_aliases() -> None:
    harvest = extraction.from_python(PYTHON, "app/views.py")
    assert messages(harvest) == {
        (None, "Send", None),
        (None, "One sentence", None),
        (None, "%(n)d place", "%(n)d places"),
        ("book", "diary", None),
        (None, "by module", None),
    }
    assert harvest.messages[None, "Send"].comments == ["Translators: the button that sends."]


def test_a_computed_message_is_a_mistake_that_names_its_line() -> None:
    assert extraction.from_python(PYTHON, "app/views.py").mistakes == [
        "app/views.py:13: gettext() of a computed string cannot be translated"
    ]


def test_template_messages_are_found_with_context_plural_and_in_arguments() -> None:
    assert messages(extraction.from_template(TEMPLATE, "page.html")) == {
        (None, "Title", None),
        ("book", "diary", None),
        (None, "Decide: %(name)s", None),
        (None, "%(n)s of 100%%", "all %(n)s"),
        (None, "Given to a part", None),
        (None, "no word", None),
    }


def test_a_tag_inside_a_translated_block_is_a_mistake() -> None:
    harvest = extraction.from_template(
        "{% blocktranslate %}a{% if b %}c{% endif %}{% endblocktranslate %}", "p.html"
    )
    assert len(harvest.mistakes) == 1
    assert harvest.mistakes[0].startswith("p.html: Translation blocks must not include")


@pytest.mark.parametrize(
    ("original", "translation", "fits"),
    [
        ("Decide: %(name)s", "Qərar verin: %(name)s", True),
        ("Decide: %(name)s", "Qərar verin: %(ad)s", False),
        ("Decide: %(name)s", "Qərar verin", False),
        ("%s of %s", "%s / %s", True),
        ("%s of %s", "%s", False),
        ("{name}, {date:d.m}", "{date:d.m} {name}", True),
        ("{name}", "{nam}", False),
        ("<a>Read</a> it", "Onu <a>oxuyun</a>", True),
        ("<a>Read</a> it", "Onu <a>oxuyun", False),
        ("100% certain", "100% dəqiq", True),
        (" space", "boşluq", False),
        (("%(n)d place", "%(n)d places"), ("%(n)d yer", "%(n)d yer"), True),
        (("one place", "%(n)d places"), ("bir yer", "%(n)d yer"), True),
        (("%(n)d place", "%(n)d places"), ("yer", "%(n)d yer"), False),
    ],
)
def test_a_translation_fits_when_it_can_be_filled_in_as_the_original(
    original: Any, translation: Any, fits: bool
) -> None:
    assert (translations.placeholder_mistake(Message(original, translation)) == "") is fits


def test_updating_keeps_words_adds_and_removes_and_is_stable(tmp_path: Path) -> None:
    path = tmp_path / "az" / "LC_MESSAGES" / "django.po"
    first = Harvest()
    for found in (
        Found("Send", places={"a.py"}),
        Found("Gone", places={"a.py"}),
        Found("place", places={"b.py"}),
    ):
        first.add(found)
    catalog, added, removed = translations.update(translations.load(path, "az"), first, "az")
    assert (sorted(added), removed) == ([(None, "Gone"), (None, "Send"), (None, "place")], [])
    for message in catalog:
        message.string = {"Send": "Göndər", "Gone": "Yoxdur", "place": "yer"}.get(message.id, "")
    translations.save(catalog, path, "az")

    second = Harvest()
    for found in (
        Found("Send", places={"z.py"}),
        Found("place", "places", places={"b.py"}),
        Found("Send", context="mail", places={"m.py"}),
    ):
        second.add(found)
    catalog, added, removed = translations.update(translations.load(path, "az"), second, "az")
    translations.save(catalog, path, "az")
    known = extraction.entries(translations.load(path, "az"))
    assert (added, removed) == ([("mail", "Send")], [(None, "Gone")])
    assert {key: translations.texts_of(m) for key, m in known.items()} == {
        (None, "Send"): ["Göndər"],
        (None, "place"): ["yer", ""],
        ("mail", "Send"): [""],
    }
    before = path.read_bytes()
    catalog, added, removed = translations.update(translations.load(path, "az"), second, "az")
    translations.save(catalog, path, "az")
    assert (path.read_bytes(), added, removed) == (before, [], [])


def test_problems_name_what_is_missing_empty_fuzzy_and_obsolete(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    path.write_text(
        translations.HEADER.format(language="az")
        + 'msgid "Send"\nmsgstr "Göndər"\n\nmsgid "Empty"\nmsgstr ""\n\n'
        + '#, fuzzy\nmsgid "Fuzzy"\nmsgstr "Bəlkə"\n\n'
        + 'msgid "Old"\nmsgstr "Köhnə"\n',
        encoding="utf-8",
    )
    wanted = Harvest()
    for name in ("Send", "Empty", "Fuzzy", "Missing"):
        wanted.add(Found(name, places={"a.py"}))
    assert translations.problems(translations.load(path, "az"), wanted) == [
        "a.py: not translated: 'Empty'",
        "a.py: fuzzy: 'Fuzzy'",
        "a.py: not in the catalogue: 'Missing'",
        "obsolete: 'Old'",
    ]


def test_the_name_of_a_model_or_field_that_would_lose_its_dot_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    words = 'msgid "university"\nmsgstr "institut"\n\nmsgid "Send"\nmsgstr "indi göndər"\n'
    path.write_text(translations.HEADER.format(language="az") + words, encoding="utf-8")
    wanted = Harvest()
    wanted.add(Found("university", places={"a.py"}))
    wanted.add(Found("Send", places={"a.py"}))
    assert translations.problems(translations.load(path, "az"), wanted) == [
        "a.py: the name of a model or field begins with İ, not i: 'university'"
    ]


def test_words_that_an_app_shares_are_shown_as_they_read(tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    words = 'msgid "Held"\nmsgstr "Keçirilib"\n\nmsgid "Lent"\nmsgstr "Verilib"\n'
    path.write_text(translations.HEADER.format(language="az") + words, encoding="utf-8")
    wanted = Harvest()
    wanted.add(Found("Held", places={"library/views.py", "internships/enums.py"}))
    wanted.add(Found("Lent", places={"library/views.py", "library/workflow.py"}))
    catalog = translations.load(path, "az")
    assert translations.shared(catalog, wanted, "library") == [
        "'Held' is 'Keçirilib', as in internships/enums.py"
    ]
    assert translations.shared(catalog, wanted, "training") == []


def test_what_django_translates_itself_is_not_asked_again() -> None:
    foreign = set(extraction.foreign_messages("az").messages)
    assert (None, "This field is required.") not in foreign
    assert (None, "Not a valid string.") in foreign


@pytest.fixture
def locale(tmp_path: Path, settings: Any) -> Path:
    settings.LOCALE_PATHS = [tmp_path]
    po = tmp_path / "az" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(
        translations.HEADER.format(language="az")
        + 'msgid "Send"\nmsgstr "Göndər"\n\nmsgctxt "book"\nmsgid "diary"\nmsgstr "gündəlik"\n\n'
        + 'msgid "%(n)d place"\nmsgid_plural "%(n)d places"\n'
        + 'msgstr[0] "%(n)d yer"\nmsgstr[1] "%(n)d yerlər"\n',
        encoding="utf-8",
    )
    return po


def test_compiling_writes_once_and_the_result_is_what_gettext_reads(locale: Path) -> None:
    out = StringIO()
    call_command("compile_messages", stdout=out)
    assert out.getvalue() == f"compiled {locale.with_suffix('.mo')}\n"
    again = StringIO()
    call_command("compile_messages", stdout=again)
    assert again.getvalue() == ""
    with locale.with_suffix(".mo").open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Send") == "Göndər"
    assert words.pgettext("book", "diary") == "gündəlik"
    assert words.ngettext("%(n)d place", "%(n)d places", 2) == "%(n)d yerlər"


@pytest.mark.usefixtures("locale")
def test_words_that_are_compiled_are_said_at_once_by_who_had_looked_them_up() -> None:
    with translation.override("az"):
        assert translation.pgettext("book", "diary") == "diary"
        translations.compile_catalogues()
        assert translation.get_language() == "az"
        assert translation.pgettext("book", "diary") == "gündəlik"


def test_checking_refuses_what_is_not_compiled_and_what_is_fuzzy(locale: Path) -> None:
    with pytest.raises(CommandError, match=r"^az: not compiled since it changed"):
        call_command("compile_messages", "--check")
    call_command("compile_messages", verbosity=0)
    call_command("compile_messages", "--check", stdout=StringIO())
    locale.write_text(
        locale.read_text("utf-8") + '\n#, fuzzy\nmsgid "Maybe"\nmsgstr "Bəlkə"\n', encoding="utf-8"
    )
    call_command("compile_messages", "--force", verbosity=0)
    with pytest.raises(CommandError, match=r"^az: fuzzy: 'Maybe'$"):
        call_command("compile_messages", "--check")


def test_write_then_check_counts_what_still_waits_for_a_translator(locale: Path) -> None:
    before = set(extraction.entries(translations.load(locale, "az")))
    wanted = set(extraction.everything("az").messages)
    out = StringIO()
    call_command("check_translations", "--write", "--limit=0", stdout=out)
    assert set(extraction.entries(translations.load(locale, "az"))) == wanted
    assert out.getvalue().startswith(f"az: {len(wanted - before)} added, {len(before - wanted)} removed\n")
    with pytest.raises(CommandError, match="problems in the translations"):
        call_command("check_translations", stdout=StringIO())


def test_english_needs_no_catalogue() -> None:
    out = StringIO()
    call_command("check_translations", "en", stdout=out)
    assert out.getvalue() == "en: the msgids themselves, nothing to keep\n"
