"""Components that pages repeat line by line, drawn in Python: a template works each piece of a line out anew,
which for a history costs more than reading it. The tags stand in templatetags/ui.py."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.markup import markup, text

EMPTY = SafeString("")


def steps(shown: Iterable[Any]) -> SafeString:
    """The way so far and ahead, a list that scrolls on a phone."""
    lines = []
    for step in shown:
        done = EMPTY
        if step.state == "done":
            done = markup('<span class="visually-hidden">{}</span>', _("(done)"))
        css = markup(' class="{}"', step.state) if step.state else EMPTY
        now = SafeString(' aria-current="step"') if step.state == "now" else EMPTY
        lines.append(markup("<li{}{}>{}{}</li>", css, now, step.label, done))
    return markup(
        '<ol class="steps" aria-label="{}" tabindex="0">{}</ol>',
        _("The way so far and ahead"),
        SafeString("\n".join(lines)),
    )


def timeline(entries: Iterable[Any], short: Any) -> SafeString:
    """A history; `short` writes a moment."""
    lines = SafeString("\n".join(_entry(one, short) for one in entries))
    return markup('<ol class="timeline">{}</ol>', lines)


def _entry(entry: Any, short: Any) -> SafeString:
    # Some are dictionaries, and what an entry lacks it does not name.
    told = entry.get if isinstance(entry, dict) else lambda name: getattr(entry, name, None)
    at, who, note, detail = told("at"), told("who") or "", told("note"), told("detail")
    when: list[str] = []
    if at:
        moment = timezone.localtime(at).isoformat()
        when.append(markup('<time datetime="{}">{}</time>', moment, short(at)))
    if who:
        when.append(text(who))
    return markup(
        "<li{}>{}{}{}{}</li>",
        SafeString(' class="now"') if told("now") else EMPTY,
        markup("<b>{}</b>" if told("now") else "{}", told("label")),
        markup(": <b>{}</b>", detail) if detail else EMPTY,
        markup(' <span class="when">{}</span>', SafeString(" · ".join(when))) if when else EMPTY,
        markup(" <blockquote>{}</blockquote>", note) if note else EMPTY,
    )
