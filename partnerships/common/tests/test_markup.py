"""Markup that is drawn once for many pages: what differs from page to page is put in, escaped."""

import pytest
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from partnerships.common.markup import OPEN, kept_markup, markup


def test_what_pages_draw_alike_is_drawn_once_for_each_language() -> None:
    drawn = []

    @kept_markup
    def way(css: str) -> SafeString:
        drawn.append(css)
        return markup('<a class="{}" href="{}">{} <b>{}</b></a>', css, OPEN, _("Next"), OPEN)

    with translation.override("az"):
        assert way("on")("/?a=1&b", "{}") == '<a class="on" href="/?a=1&amp;b">Növbəti <b>{}</b></a>'
        assert way("on")("/", "<i>") == '<a class="on" href="/">Növbəti <b>&lt;i&gt;</b></a>'
    with translation.override("en"):
        assert way("on")("/", SafeString("<i>")) == '<a class="on" href="/">Next <b><i></b></a>'
        assert way("off")("/", 1) == '<a class="off" href="/">Next <b>1</b></a>'
    assert drawn == ["on", "on", "off"]


def test_a_value_too_few_or_too_many_is_an_error() -> None:
    @kept_markup
    def line() -> SafeString:
        return markup("<p>{}</p>", OPEN)

    for values in ((), ("a", "b")):
        with pytest.raises(ValueError, match="zip"):
            line()(*values)
