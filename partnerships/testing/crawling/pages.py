"""What a page holds: its links, its forms as a person would send them, its htmx addresses, its words."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

HTMX = ("hx-get", "hx-post", "hx-put", "hx-patch", "hx-delete")
_SILENT = {"script", "style", "template", "title", "kbd"}
_EMPTY = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
}  # fmt: skip
_INLINE = {"a", "b", "strong", "em", "i", "span", "abbr", "time", "svg", "use", "path"}
_TYPED = {
    "email": "kimse@else.example",
    "number": "1",
    "date": "2027-03-01",
    "time": "10:00",
    "datetime-local": "2027-03-01T10:00",
    "url": "https://else.example/",
    "password": "Sınaq-parolu-2027",
    "tel": "+994501234567",
}
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_FOREIGN = re.compile(r"^(?:[a-z]+:|//)", re.IGNORECASE)


@dataclass
class Form:
    """One way to send a form: its fields as they stand, empty ones filled in, and the button pressed."""

    method: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, formaction
    guarded: bool = False  # carries the CSRF token

    def ways(self) -> list[tuple[str, dict[str, list[str]]]]:
        """(address, what is sent) for each of its buttons."""
        if not self.buttons:
            return [(self.action, self.fields)]
        return [
            (action or self.action, {**self.fields, **({name: [value]} if name else {})})
            for name, value, action in self.buttons
        ]


@dataclass
class Page:
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    htmx: list[tuple[str, str]] = field(default_factory=list)  # method, address
    texts: list[str] = field(default_factory=list)  # what is read, block by block, and what is read aloud
    guarded: bool = False  # htmx sends the CSRF token from here


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.by_id: dict[str, Form] = {}
        self.stack: list[Form] = []
        self.later: list[tuple[str, str, dict[str, str]]] = []  # form's id, tag, attributes
        self.silent = 0
        self.foreign: list[str] = []  # open elements in a language of their own
        self.area: tuple[Form, str, str] | None = None
        self.choice: tuple[Form | None, str, list[tuple[str, bool]], bool] | None = None
        self.block: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.words(tag, given)
        if "X-CSRFToken" in given.get("hx-headers", ""):
            self.page.guarded = True
        for name in HTMX:
            if given.get(name):
                self.page.htmx.append((name.removeprefix("hx-"), given[name]))
        if tag == "a" and given.get("href"):
            self.page.links.append(given["href"])
        elif tag == "form":
            form = Form(given.get("method", "get").lower() or "get", given.get("action", ""))
            self.page.forms.append(form)
            self.stack.append(form)
            if given.get("id"):
                self.by_id[given["id"]] = form
        elif tag in ("input", "textarea", "select", "button", "option"):
            self.control(tag, given)

    def words(self, tag: str, given: dict[str, str]) -> None:
        """Where a text ends, what is not read, and what only a screen reader reads."""
        if tag in _SILENT:
            self.silent += 1
        abroad = bool(self.foreign) or (given.get("lang", "az") != "az" and tag != "html")
        if abroad and tag not in _EMPTY:
            self.foreign.append(tag)
        if tag not in _INLINE:
            self.flush()
        if not abroad:
            aloud = (given.get(name) for name in ("aria-label", "title", "placeholder", "alt"))
            self.page.texts += [" ".join(text.split()) for text in aloud if text]

    def control(self, tag: str, given: dict[str, str]) -> None:
        form = self.stack[-1] if self.stack else None
        if given.get("form"):
            self.later.append((given["form"], tag, given))
            form = None
        if tag == "option" and self.choice:
            disabled = "disabled" in given
            if not disabled:
                self.choice[2].append((given.get("value", ""), "selected" in given))
        elif tag == "select":
            self.choice = (form, given.get("name", ""), [], "multiple" in given)
        elif tag == "textarea" and form and "disabled" not in given:
            self.area = (form, given.get("name", ""), "")
        elif form is not None:
            put(form, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self.silent:
            self.silent -= 1
        if self.foreign and tag == self.foreign[-1]:
            self.foreign.pop()
        if tag == "form" and self.stack:
            self.stack.pop()
        elif tag == "textarea" and self.area:
            form, name, text = self.area
            form.fields[name] = [text.strip() or "Sınaq üçün yazılan səbəb"]
            self.area = None
        elif tag == "select" and self.choice:
            form, name, options, multiple = self.choice
            if form is not None and name and options:
                chosen = [value for value, selected in options if selected and value]
                first = next((value for value, _selected in options if value), "")
                form.fields[name] = (chosen if multiple else chosen[-1:]) or [first]
            self.choice = None
        if tag not in _INLINE:
            self.flush()

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area = (self.area[0], self.area[1], self.area[2] + data)
        elif not self.silent and not self.foreign:
            self.block.append(data)

    def flush(self) -> None:
        text = " ".join("".join(self.block).split())
        if text:
            self.page.texts.append(text)
        self.block = []


def put(form: Form, tag: str, given: dict[str, str]) -> None:
    """One control of a form, as a person who fills in everything would leave it."""
    kind, name, value = given.get("type", ""), given.get("name", ""), given.get("value", "")
    if name == "csrfmiddlewaretoken":
        form.guarded = True
        return
    if "disabled" in given:
        return
    if tag == "button" or kind in ("submit", "image"):
        if kind in ("", "submit", "image"):
            form.buttons.append((name, value, given.get("formaction", "")))
    elif not name or kind in ("file", "button", "reset"):
        return
    elif kind == "checkbox":
        form.fields.setdefault(name, []).append(value or "on")
    elif kind == "radio":
        if "checked" in given or name not in form.fields:
            form.fields[name] = [value]
    else:
        typed = value or ("" if kind in ("hidden", "search") else _TYPED.get(kind, "x"))
        form.fields.setdefault(name, []).append(typed)


def read(html: str) -> Page:
    """The page behind this HTML, whole or a fragment."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    for form_id, tag, given in reader.later:
        if form_id in reader.by_id:
            put(reader.by_id[form_id], tag, given)
    return reader.page


def ours(address: str) -> bool:
    """Whether it leads to a page of the portal: no other host, no mail, no place on the same page."""
    return bool(address) and not _FOREIGN.match(address) and not address.startswith("#")


def in_json(body: Any) -> list[str]:
    """Every text in a JSON answer."""
    if isinstance(body, dict):
        return [text for value in body.values() for text in in_json(value)]
    if isinstance(body, list):
        return [text for value in body for text in in_json(value)]
    return [body] if isinstance(body, str) else []
