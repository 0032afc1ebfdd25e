"""Finding what must be translated: gettext's extraction without gettext.

Python is read through its syntax tree, so that aliases (`gettext as _`) and joined literals are
understood and an f-string inside gettext() is an error instead of a message nobody can translate.
Templates go through Django's own `templatize` and Babel's extractor.
"""

import ast
import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

DOMAIN = "django"
SKIPPED_FOLDERS = {"tests", "testing", "migrations", "node_modules", "locale", "static"}
TEMPLATE_SUFFIXES = {".html", ".txt", ".eml", ".xml", ".typ", ".svg", ".ics"}
# function -> positions of context, singular, plural among its arguments
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
SIGNS = ("gettext",)  # every function has it in its name, whatever a file calls it
TEMPLATE_SIGNS = ("gettext", "trans", "_(")  # without any of them a file says nothing that is translated
TEMPLATE_KEYWORDS: dict[str, Any] = dict.fromkeys(("_", "gettext", "ngettext", "pgettext", "npgettext"))
TEMPLATE_CALL = re.compile(r"\b(?:n?p?gettext|_)\(")
# The parts of Django outside its apps whose words reach people.
DJANGO_SHOWN = (
    "forms",
    "core/validators.py",
    "db/models",
    "utils",
    "views/csrf.py",
    "views/generic",
    "views/static.py",
)
# What only programmers read; it may stay English.
FOREIGN_FOLDERS_NOT_SHOWN = {
    "management",
    "gis",
    "flatpages",
    "redirects",
    "sites",
    "admindocs",
    "syndication",
}

Key = tuple[str | None, str]


@dataclass
class Found:
    """One message of the source, with where it stands."""

    msgid: str
    plural: str | None = None
    context: str | None = None
    places: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        return (self.context, self.msgid)


@dataclass
class Harvest:
    """Everything found, and every call that cannot be translated as it is written."""

    messages: dict[Key, Found] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)

    def add(self, found: Found) -> None:
        known = self.messages.get(found.key)
        if known is None:
            self.messages[found.key] = replace(found, places={*found.places}, comments=[*found.comments])
            return
        known.places |= found.places
        if found.plural and not known.plural:
            known.plural = found.plural
        known.comments += [c for c in found.comments if c not in known.comments]


def from_python(source: str, place: str) -> Harvest:
    """The messages of a Python file."""
    harvest = Harvest()
    names = {name: name for name in FUNCTIONS}
    calls = []
    for node in ast.walk(ast.parse(source, place)):
        if isinstance(node, ast.Call):
            calls.append(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {a.asname: a.name for a in node.names if a.asname and a.name in FUNCTIONS}
    lines = source.splitlines()
    for node in calls:
        called = node.func
        if isinstance(called, ast.Name):
            function = names.get(called.id)
        elif isinstance(called, ast.Attribute):  # translation.gettext(...)
            function = called.attr if called.attr in FUNCTIONS else None
        else:
            function = None
        if function is None:
            continue
        context_at, singular_at, plural_at = FUNCTIONS[function]
        wanted = [i for i in (context_at, singular_at, plural_at) if i is not None]
        if len(node.args) <= max(wanted):
            continue
        texts = {i: node.args[i] for i in wanted}
        if any(isinstance(text, ast.JoinedStr | ast.BinOp) for text in texts.values()):
            harvest.mistakes.append(
                f"{place}:{node.lineno}: {function}() of a computed string cannot be translated"
            )
            continue
        values = {
            i: t.value for i, t in texts.items() if isinstance(t, ast.Constant) and isinstance(t.value, str)
        }
        if len(values) != len(wanted) or not values[singular_at]:
            continue  # a variable: its literal stands elsewhere, in a gettext_noop or gettext_lazy
        harvest.add(
            Found(
                values[singular_at],
                values[plural_at] if plural_at is not None else None,
                values[context_at] if context_at is not None else None,
                {place},
                _comments_above(lines, node.lineno),
            )
        )
    return harvest


def _comments_above(lines: list[str], lineno: int) -> list[str]:
    """The "# Translators:" block that ends on the line above."""
    block: list[str] = []
    for line in reversed(lines[: lineno - 1]):
        bare = line.strip()
        if not bare.startswith("#"):
            break
        block.insert(0, bare.lstrip("# "))
        if bare.lstrip("# ").startswith("Translators"):
            return [" ".join(block)]
    return []


def from_template(source: str, place: str) -> Harvest:
    """The messages of a Django template."""
    harvest = Harvest()
    try:
        python = templatize(source, origin=place)
    except SyntaxError as error:
        harvest.mistakes.append(f"{place}: {error}")
        return harvest
    for line in python.splitlines():
        if not TEMPLATE_CALL.search(line):
            continue
        code = io.BytesIO(line.strip().encode())
        for _lineno, function, texts, _comments in extract_python(
            code,
            TEMPLATE_KEYWORDS,
            [],
            {"encoding": "utf-8"},
        ):
            given: Any = texts if isinstance(texts, tuple | list) else (texts,)
            strings: list[str] = [text for text in given if isinstance(text, str)]
            context = strings.pop(0) if function in ("pgettext", "npgettext") else None
            if not strings or not strings[0]:
                continue
            plural = strings[1] if function in ("ngettext", "npgettext") and len(strings) > 1 else None
            harvest.add(Found(strings[0], plural, context, {place}))
    return harvest


def _files(root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS and not f.startswith("."))
        for name in sorted(names):
            if Path(name).suffix in TEMPLATE_SUFFIXES | {".py"}:
                yield Path(folder) / name


def _harvest(paths: Iterable[Path], base: Path) -> Harvest:
    harvest = Harvest()
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if not any(sign in text for sign in (SIGNS if path.suffix == ".py" else TEMPLATE_SIGNS)):
            continue
        place = path.relative_to(base).as_posix()
        one = _read(text, place)
        for found in one.messages.values():
            harvest.add(found)
        harvest.mistakes += one.mistakes
    return harvest


@cache  # one command asks for everything several times
def _read(text: str, place: str) -> Harvest:
    return from_python(text, place) if place.endswith(".py") else from_template(text, place)


def own_messages() -> Harvest:
    """What the portal's own Python and templates say."""
    base = Path(settings.BASE_DIR)
    roots = [base / "partnerships", *(base / name for name in settings.DIRECTIONS), base / "templates"]
    return _harvest((path for root in roots if root.is_dir() for path in _files(root)), base)


def foreign_messages(language: str) -> Harvest:
    """What Django and the packages in INSTALLED_APPS say and none of their catalogues translates."""
    harvest = Harvest()
    translated = _translated(Path(django.__file__).parent / "conf" / "locale", language)
    packages = [config for config in apps.get_app_configs() if not _is_ours(Path(config.path))]
    for config in packages:
        translated |= _translated(Path(config.path) / "locale", language)
    installed = {Path(config.path) for config in packages}
    roots = [(Path(django.__file__).parent / part, 1) for part in DJANGO_SHOWN]
    # A package's file is named from its import name, so that the catalogue is the same on every machine.
    roots += [
        (Path(config.path), config.name.count("."))
        for config in packages
        if not _is_hidden(config.name.split("."))
    ]
    for root, depth in roots:
        optional = {p.parent for p in root.glob("*/apps.py")} | {root / "idp", root / "headless"}
        elsewhere = {path for path in optional if path not in installed}
        paths = (
            path
            for path in ([root] if root.is_file() else _files(root))
            if not _is_hidden(path.relative_to(root).parts) and not elsewhere & set(path.parents)
        )
        for found in _harvest(paths, root.parents[depth]).messages.values():
            if found.key not in translated:
                harvest.add(found)
    return harvest


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(settings.BASE_DIR) and "site-packages" not in path.parts


def _is_hidden(parts: Iterable[str]) -> bool:
    return bool(set(parts) & FOREIGN_FOLDERS_NOT_SHOWN)


def _translated(locale: Path, language: str) -> set[Key]:
    mo = locale / language / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if not mo.is_file():
        return set()
    with mo.open("rb") as file:
        # Babel leaves the contexts of a compiled catalogue as bytes.
        return {
            (context.decode() if isinstance(context, bytes) else context, msgid)
            for context, msgid in entries(read_mo(file))
        }


def everything(language: str) -> Harvest:
    """All that the catalogue of `language` must hold."""
    harvest = own_messages()
    for found in foreign_messages(language).messages.values():
        if found.key not in harvest.messages:
            harvest.add(found)
    return harvest


def entries(catalog: Catalog) -> dict[Key, Message]:
    return {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in catalog if m.id}
