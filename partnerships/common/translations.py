"""Keeping the catalogue of translations, checking and compiling it: gettext's work without gettext.

What must be in it is found by extraction.py.
"""

import io
import os
import re
import tempfile
from collections import Counter
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation.reloader import translation_file_changed

from partnerships.common.extraction import DOMAIN, Harvest, Key, entries

# The languages whose words are the msgids themselves: no catalogue of ours, but for what packages say in a
# style that is not the portal's.
SOURCE_LANGUAGES = {"en"}
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
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-+#0]*\d*(?:\.\d+)?[diouxXeEfFgGcrs%]|\{\w*(?:[!:][^{}]*)?\}")
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)\b[^>]*>")


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
    known, names = entries(catalog), names_of_models()
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
        elif texts_of(message)[0].startswith("i") and str(catalog.locale) == "az" and key in names:
            lines.append(f"{where}: the name of a model or field begins with İ, not i: {name}")
    lines += [f"obsolete: {key[1]!r}" for key in known if key not in wanted.messages]
    return lines


def names_of_models() -> set[Key]:
    """The names of models and fields in English, which Django capitalises with Python's I of i."""
    with translation.override(None):
        return {
            (None, str(name))
            for model in apps.get_models()
            for name in (
                model._meta.verbose_name,
                model._meta.verbose_name_plural,
                *(getattr(field, "verbose_name", "") for field in model._meta.get_fields()),
            )
            if isinstance(name, Promise)  # what has no words of its own is not translated
        }


def shared(catalog: Catalog, wanted: Harvest, app: str) -> list[str]:
    """The words of an app that others had translated before, one line each: "Held" of a letter is not
    "Held" of a lecture, and nothing but a reader can tell."""
    known, lines = entries(catalog), []
    for key, found in sorted(wanted.messages.items(), key=lambda item: item[0][1]):
        elsewhere = sorted(place for place in found.places if not place.startswith(f"{app}/"))
        if elsewhere and len(elsewhere) < len(found.places) and key in known:
            lines.append(f"{found.msgid!r} is {texts_of(known[key])[0]!r}, as in {elsewhere[0]}")
    return lines


# Compiling ----------------------------------------------------------------------------------------
def compile_catalogues(force: bool = False) -> list[Path]:
    """Write the .mo beside every .po that is newer than it; answers with the ones written.

    This process says the new words from now on: what it had looked up before, it looks up again. Else who
    compiles and then prepares a database (the first start) would write English into it.
    """
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
        said_in = translation.get_language()
        translation_file_changed(None, mo)
        if said_in is not None:
            translation.activate(said_in)
    return written


def stale(po: Path) -> bool:
    """Whether the compiled file is missing or older than its source."""
    mo = po.with_suffix(".mo")
    return not mo.is_file() or mo.stat().st_mtime < po.stat().st_mtime
