"""The fields of forms, drawn in Python: for each of them crispy's template takes some two thousand steps."""

from typing import Any

from django import forms, template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.markup import markup, text

register = template.Library()

NOTHING = SafeString("")
# What the surrounding layout may ask for, and what is then left to the template.
LAID_OUT = (
    "label_class",
    "field_class",
    "wrapper_class",
    "form_class",
    "help_text_inline",
    "error_text_inline",
)
OTHERS = (forms.CheckboxInput, forms.FileInput, forms.MultiWidget)
INLINE = ("inline_class", "flat_attrs")  # what a layout may ask for of buttons


@register.simple_tag
def attributes(attrs: dict[str, Any]) -> SafeString:
    """Attributes as Django writes them: no value for True, none at all for False."""
    return SafeString("".join(_attribute(name, value) for name, value in attrs.items() if value is not False))


def _attribute(name: str, value: Any) -> str:
    return f" {text(name)}" if value is True else f' {text(name)}="{text(str(value))}"'


@register.simple_tag(takes_context=True)
def plain_field(context: template.Context, field: Any) -> SafeString:
    """Label, control, errors and help of a field under each other; nothing where it is laid out otherwise or
    is no plain control (a tick, a file, buttons that were refused), which the template draws."""
    widget = field.field.widget
    buttons = isinstance(widget, forms.RadioSelect)  # choices of several are a kind of these
    if field.is_hidden or isinstance(widget, OTHERS):
        return NOTHING
    if buttons and (field.errors or not field.label or any(context.get(name) for name in INLINE)):
        return NOTHING
    if field.use_fieldset and not buttons:
        return NOTHING
    if (
        not (context.get("form_show_labels") and context.get("form_show_errors"))
        or context.get("tag", "div") != "div"
    ):
        return NOTHING
    if any(context.get(name) for name in LAID_OUT):
        return NOTHING
    return drawn_field(field)


def drawn_field(field: Any) -> SafeString:
    """A field as `|as_crispy_field` draws it, outside of a template; of the kinds that `plain_field`
    draws."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect):
        return _buttons(field)
    control = "form-select" if isinstance(widget, forms.Select) else "form-control"
    _dress(widget, f"{control} is-invalid" if field.errors else control)
    return markup(
        '<div id="div_{}" class="{}">{}{}{}{}</div>',
        field.auto_id,
        f"mb-3 {field.css_classes()}".strip(),
        _label(field) if field.label else NOTHING,
        field.as_widget(),
        _errors(field) if field.errors else NOTHING,
        _help(field) if field.help_text else NOTHING,
    )


def _buttons(field: Any) -> SafeString:
    """Choices each of which has a button of its own, in a frame with the label on it."""
    widget, described = field.field.widget, field.aria_describedby
    attrs = field.build_widget_attrs({"id": field.auto_id} if field.auto_id else {})
    lines = []
    for group, options, _n in widget.optgroups(field.html_name, widget.format_value(field.value()), attrs):
        if group:
            lines.append(markup("<strong>{}</strong>", group))
        lines += [_button(field.html_name, one) for one in options]
    return markup(
        '<div id="div_{}" class="{}"><fieldset{}>{}<div>{}</div>{}</fieldset></div>',
        field.auto_id,
        f"mb-3 {field.css_classes()}".strip(),
        markup(' aria-describedby="{}"', described) if described else NOTHING,
        _label(field, "legend", " fs-6"),
        SafeString("".join(lines)),
        _help(field) if field.help_text else NOTHING,
    )


def _button(name: str, option: dict[str, Any]) -> SafeString:
    return markup(
        '<div class="form-check"><input type="{}" class="form-check-input" name="{}" value="{}"{}>'
        '<label for="{}" class="form-check-label">{}</label></div>',
        *(option["type"], name, option["value"], attributes(option["attrs"])),
        *(option["attrs"].get("id", ""), option["label"]),
    )


def _dress(widget: forms.Widget, classes: str) -> None:
    """The classes that crispy gives: its own name for the widget, then those of the control."""
    own, name = widget.attrs.get("class", ""), type(widget).__name__.lower()
    given = own.split() if name in own else [*own.split(), name]
    widget.attrs["class"] = " ".join([*given, *(one for one in classes.split() if one not in given)])


@register.filter
def may_stay_empty(field: Any) -> bool:
    """Whether "(optional)" stands beside its label: not where another field asks for it, nor where one of
    its buttons is pressed from the beginning, so that a choice is always made."""
    if field.field.required or getattr(field.field, "asked_by_another", False):
        return False
    widget = field.field.widget
    if not isinstance(widget, forms.RadioSelect):
        return True
    pressed = widget.format_value(field.initial)
    return not any(
        row["selected"] for _name, rows, _n in widget.optgroups(field.name, pressed) for row in rows
    )


def _label(field: Any, tag: str = "label", more: str = "") -> SafeString:
    required = field.field.required
    optional = NOTHING
    if may_stay_empty(field):
        optional = markup(' <span class="optional">{}</span>', _("(optional)"))
    return markup(
        '<{}{} class="form-label{}{}">{}{}</{}>',
        tag,
        markup(' for="{}"', field.id_for_label) if field.id_for_label else NOTHING,
        " requiredField" if required else "",
        more,
        field.label,
        optional,
        tag,
    )


def _errors(field: Any) -> SafeString:
    lines = [
        markup('<p id="error_{}_{}"><strong>{}</strong></p>', number, field.auto_id, error)
        for number, error in enumerate(field.errors, start=1)
    ]
    return markup(
        '<div id="{}_error" class="invalid-feedback">{}</div>',
        field.errors.field_id,
        SafeString("".join(lines)),
    )


def _help(field: Any) -> SafeString:
    words = SafeString(
        str(field.help_text)
    )  # as Django holds it: whoever puts a person's words there escapes them
    return markup('<div id="{}_helptext" class="form-text">{}</div>', field.auto_id, words)
