"""Every list can be taken away: one that cannot is named in docs/exports.md with its reason."""

import re
from pathlib import Path

from django.urls import get_resolver

from partnerships.common import listing
from partnerships.common.lists import ListPage
from partnerships.portal.admin_lists import KIND as ADMINISTRATION

ROOT = Path(__file__).parents[3]
EXPORTS = ROOT / "docs" / "exports.md"
# Above each list of the administration: portal/tests/test_admin_lists_everywhere.py finds it there.
ADMIN_TOOLS = ROOT / "templates" / "admin" / "change_list_object_tools.html"
WITHOUT = "## Lists that have no file, and why"
# What rows are drawn with: a table, lines that lead on, a ranked list; or what a view has drawn of them.
ROWS = re.compile(
    r"""<table\b|class="(?:todo|ranked|spans|month-list|slots-list)\b"""
    r"""|\{\{ (?:rows|cards|groups|lanes|drawn\.todos) \}\}"""
)
COMMENTS = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)
INCLUDED = re.compile(r'\{% include "([\w/]+\.html)"')
DOWNLOAD = re.compile(r'\{% download (?:"([\w.]+)"|listing\.download)')
# The administration, letters, printed papers, elements of packages, and what two editors wrote differently.
NO_PAGES = (
    "templates/admin/",
    "/mail",
    "/print/",
    "allauth/elements/",
    "templates/django/",
    "bootstrap5/",
    "/tests/",
    "common/differences.html",
)


def templates() -> dict[str, str]:
    """Name -> text of every template, without its comments."""
    found = {}
    for path in sorted(ROOT.rglob("templates/**/*.html")):
        place = path.relative_to(ROOT).as_posix()
        if not place.startswith((".", "var/")) and not any(part in f"/{place}" for part in NO_PAGES):
            found[place.partition("templates/")[2]] = COMMENTS.sub("", path.read_text())
    return found


def pages() -> dict[str, str]:
    """Name -> text of every page, with that of its parts."""
    known = templates()

    def whole(name: str, above: tuple[str, ...] = ()) -> str:
        text = known.get(name, "")
        parts = (one for one in INCLUDED.findall(text) if one not in above)
        return "\n".join([text, *(whole(one, (*above, name)) for one in parts)])

    return {name: whole(name) for name in known if not name.rpartition("/")[2].startswith("_")}


def reasons() -> dict[str, str]:
    """Template -> why its rows are no file, as docs/exports.md says it."""
    _before, _heading, rest = EXPORTS.read_text().partition(WITHOUT)
    table = re.findall(r"^\| (.+?) \| (.+?) \|$", rest.partition("\n## ")[0], re.MULTILINE)
    return {name: why for pages, why in table for name in re.findall(r"`([\w/]+\.html)`", pages)}


def test_every_page_with_rows_has_a_file_or_a_reason():
    known, said = pages(), reasons()
    lists = {name for name, text in known.items() if ROWS.search(text)}
    assert len(lists) > 50  # they are found at all
    given = {name for name in lists if DOWNLOAD.search(known[name])}
    assert sorted(lists - given - set(said)) == []
    assert sorted(set(said) - lists) == []  # no reason for what is no list, or is none any more
    assert sorted(set(said) & given) == []
    assert all(len(why.split()) > 3 for why in said.values())


def test_every_ready_list_has_a_file():
    def lists(patterns):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from lists(one.url_patterns)
            else:
                found = one.default_args.get("page")
                if isinstance(found, ListPage):
                    yield found

    ready = list(lists(get_resolver().url_patterns))
    assert len(ready) >= 5
    assert [str(page.title) for page in ready if page.download not in listing.listings()] == []


def test_every_file_is_offered_by_a_page_and_stands_in_the_docs():
    declared, docs = listing.listings(), EXPORTS.read_text()
    asked = {kind for text in templates().values() for kind in DOWNLOAD.findall(text) if kind}
    assert sorted(asked - set(declared)) == []
    code = "\n".join(
        path.read_text() for path in ROOT.rglob("*.py") if not {"tests", ".venv", "var"} & set(path.parts)
    )
    by_code = {kind for kind in declared if f'download="{kind}"' in code}
    by_code |= {ADMINISTRATION} if "{% files_of_list" in ADMIN_TOOLS.read_text() else set()
    assert sorted(set(declared) - asked - by_code) == []
    app, named = "", set()
    for word in re.findall(r"`([\w.]+)`", docs):
        app = word.partition(".")[0] or app
        named.add(f"{app}{word}" if word.startswith(".") else word)
    assert sorted(set(declared) - named) == []
