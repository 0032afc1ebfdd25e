"""Finding what must be translated, keeping the catalogue, compiling it: gettext's work without gettext.

Python is read through its syntax tree, so that aliases (`gettext as _`) and joined literals are
understood and an f-string inside gettext() is an error instead of a message nobody can translate.
Templates go through Django's own `templatize` and Babel's extractor.
"""

import ast
import io
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

# The languages whose words are the msgids themselves: no catalogue.
SOURCE_LANGUAGES = {"en"}
DOMAIN = "django"
HEADER = """\
# The words of the partnership portal. An empty msgstr waits for its translation;
# `manage.py check_translations --write` adds what is new and removes what is gone.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
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
TEMPLATE_KEYWORDS: dict[str, Any] = dict.fromkeys(("_", "gettext", "ngettext", "pgettext", "npgettext"))
TEMPLATE_CALL = re.compile(r"\b(?:n?p?gettext|_)\(")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+#0]*\d*(?:\.\d+)?[diouxXeEfFgGcrs%]|\{\w*(?:[!:][^{}]*)?\}")
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>")
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
        known = self.messages.setdefault(found.key, found)
        known.places |= found.places
        if found.plural and not known.plural:
            known.plural = found.plural
        known.comments += [c for c in found.comments if c not in known.comments]


# Extraction ---------------------------------------------------------------------------------------
def from_python(source: str, place: str) -> Harvest:
    """The messages of a Python file."""
    harvest = Harvest()
    tree = ast.parse(source, place)
    names = {name: name for name in FUNCTIONS}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {a.asname: a.name for a in node.names if a.asname and a.name in FUNCTIONS}
    lines = source.splitlines()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
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
        if "gettext" not in text and "trans" not in text and "_(" not in text:
            continue
        place = path.relative_to(base).as_posix()
        one = from_python(text, place) if path.suffix == ".py" else from_template(text, place)
        for found in one.messages.values():
            harvest.add(found)
        harvest.mistakes += one.mistakes
    return harvest


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


# The catalogue ------------------------------------------------------------------------------------
def languages() -> list[str]:
    """The languages that need a catalogue."""
    return [code for code, _name in settings.LANGUAGES if code not in SOURCE_LANGUAGES]


def po_path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def load(path: Path, language: str) -> Catalog:
    """The catalogue in `path`; an empty one when there is no file. Raises PoFileError for a broken one."""
    if not path.is_file():
        return Catalog(locale=language, domain=DOMAIN)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


def entries(catalog: Catalog) -> dict[Key, Message]:
    return {(m.context, m.id if isinstance(m.id, str) else m.id[0]): m for m in catalog if m.id}


def update(old: Catalog, wanted: Harvest, language: str) -> tuple[Catalog, list[Key], list[Key]]:
    """A catalogue of exactly what is wanted with the translations of `old`; what was added; what was removed.

    A msgid that became plural, or ceased to be, keeps its words as far as they fit.
    """
    known = entries(old)
    new = Catalog(locale=language, domain=DOMAIN)
    for found in sorted(wanted.messages.values(), key=lambda f: (min(f.places), f.msgid, f.context or "")):
        before = known.get(found.key)
        string: str | tuple[str, ...] = ("", "") if found.plural else ""
        flags: set[str] = set()
        if before is not None:
            texts = texts_of(before)
            string = (*texts, "", "")[:2] if found.plural else texts[0]
            flags = {flag for flag in before.flags if flag == "fuzzy"}
        new.add(
            (found.msgid, found.plural) if found.plural else found.msgid,
            string,
            locations=[(place, 0) for place in sorted(found.places)],
            auto_comments=found.comments,
            user_comments=before.user_comments if before is not None else (),
            flags=flags,
            context=found.context,
        )
    added = [key for key in wanted.messages if key not in known]
    removed = [key for key in known if key not in wanted.messages]
    return new, added, removed


def save(catalog: Catalog, path: Path, language: str) -> None:
    """Write the catalogue; the same content gives the same bytes."""
    out = io.BytesIO()
    write_po(out, catalog, width=110, omit_header=True, include_lineno=False, include_previous=False)
    _replace(path, HEADER.format(language=language).encode() + out.getvalue())


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(path)


# Checks -------------------------------------------------------------------------------------------
def texts_of(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def placeholder_mistake(message: Message) -> str:
    """Why the translation could not be filled in as the original is; empty when it can."""
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    allowed = [Counter(PLACEHOLDER.findall(text)) for text in originals]
    for number, text in enumerate(texts_of(message)):
        has = Counter(PLACEHOLDER.findall(text))
        # One form of a plural may say "one" where the other says %(count)s; elsewhere all must be there.
        if all(set(has) != set(want) for want in allowed) or (
            len(allowed) == 1 and _unnamed(has) != _unnamed(allowed[0])
        ):
            wanted = ", ".join(sorted(set().union(*allowed))) or "none"
            return f"placeholders of form {number}: {', '.join(sorted(has)) or 'none'}; wanted: {wanted}"
        if all(Counter(TAG.findall(text)) != Counter(TAG.findall(original)) for original in originals):
            return f"tags of form {number} differ from the original's"
        if any(text[:1].isspace() != original[:1].isspace() for original in originals[:1]):
            return f"form {number} and the original do not both start with a space or a new line"
    return ""


def _unnamed(found: Counter[str]) -> dict[str, int]:
    """Placeholders filled by order, which must also come the same number of times."""
    return {
        text: count for text, count in found.items() if "(" not in text and text != "%%" and text[0] == "%"
    }


def problems(catalog: Catalog, wanted: Harvest) -> list[str]:
    """Everything that keeps the catalogue from being complete and right, one line each."""
    known = entries(catalog)
    lines = list(wanted.mistakes)
    for key, found in sorted(wanted.messages.items(), key=lambda item: (min(item[1].places), item[0][1])):
        where = min(found.places)
        name = f"{found.msgid!r}" + (f" (context {found.context!r})" if found.context else "")
        message = known.get(key)
        if message is None:
            lines.append(f"{where}: not in the catalogue: {name}")
        elif message.fuzzy:
            lines.append(f"{where}: fuzzy: {name}")
        elif bool(found.plural) != (not isinstance(message.id, str)):
            lines.append(f"{where}: plural in one place and not in the other: {name}")
        elif not all(texts_of(message)):
            lines.append(f"{where}: not translated: {name}")
        elif mistake := placeholder_mistake(message):
            lines.append(f"{where}: {mistake}: {name}")
    lines += [f"obsolete: {key[1]!r}" for key in known if key not in wanted.messages]
    return lines


# Compiling ----------------------------------------------------------------------------------------
def compile_catalogues(force: bool = False) -> list[Path]:
    """Write the .mo beside every .po that is newer than it; answers with the ones written."""
    written = []
    for po in sorted(
        path for root in settings.LOCALE_PATHS for path in Path(root).glob("*/LC_MESSAGES/*.po")
    ):
        mo = po.with_suffix(".mo")
        if not force and not stale(po):
            continue
        catalog = load(po, po.parts[-3])
        out = io.BytesIO()
        write_mo(out, catalog)
        _replace(mo, out.getvalue())
        written.append(mo)
    return written


def stale(po: Path) -> bool:
    """Whether the compiled file is missing or older than its source."""
    mo = po.with_suffix(".mo")
    return not mo.is_file() or mo.stat().st_mtime < po.stat().st_mtime
