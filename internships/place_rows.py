"""The rows of a list of places, as pages draw them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from internships.enums import ProgrammeKind
from partnerships.common.addresses import addresses
from partnerships.common.markup import markup
from partnerships.common.sharing import sharing
from partnerships.common.tables import Column, alike, drawn, page_column
from partnerships.common.templatetags.figures import baku, days_to, until
from partnerships.common.templatetags.ui import chip

_SHOWN = (
    *("uid", "pool__capacity", "pool__taken", "period__starts", "period__ends"),
    *("position__title_az", "position__title_en", "position__programme__title_az"),
    *("position__programme__title_en", "position__programme__kind", "position__programme__paid"),
    *("position__unit__name", "position__unit__name_en", "position__unit__city"),
)


def with_columns(rows: Any) -> Any:
    """What a row of places of several programmes shows, and no more."""
    related = ("pool", "period", "position__unit", "position__programme")
    return sharing(rows).select_related(None).select_related(*related).only(*_SHOWN)


def body(rows: Iterable[Any], title_of: Callable[[Any], SafeString], *, with_programme: bool) -> SafeString:
    """The rows of places; `title_of` marks what is not in the language of the page."""
    columns = [
        page_column(_("Place"), _place(title_of, with_programme=with_programme), bare=True),
        page_column(_("Where"), alike(lambda vacancy: vacancy.position.unit_id, _where)),
        page_column(_("When"), alike(lambda vacancy: vacancy.period_id, _when), "small"),
        page_column(_("Free seats"), _seats(), "right num"),
    ]
    return drawn(rows, [*columns, *([_closes()] if with_programme else [])])


def _place(title_of: Callable[[Any], SafeString], *, with_programme: bool) -> Callable[[Any], SafeString]:
    to, paid = addresses("internships:place"), markup(" · {}", _("paid"))
    kinds = {kind.value: str(kind.label) for kind in ProgrammeKind}

    def draw(vacancy: Any) -> SafeString:
        position, of = vacancy.position, SafeString()
        if with_programme:
            programme = position.programme
            of = markup(
                '<div class="small muted">{} · {}{}</div>',
                kinds[programme.kind],
                title_of(programme),
                paid if programme.paid else "",
            )
        return markup(
            '<div><a class="name" href="{}">{}</a>{}</div>', to(vacancy.uid), title_of(position), of
        )

    return draw


def _where(vacancy: Any) -> SafeString:
    unit = vacancy.position.unit
    city = markup('<span class="small muted">, {}</span>', unit.city_name) if unit.city else ""
    return markup("<span>{}{}</span>", unit, city)


def _when(vacancy: Any) -> SafeString:
    return markup("{}", days_to(vacancy.period.starts, vacancy.period.ends))


def _seats() -> Callable[[Any], SafeString]:
    full = markup('<span class="muted">{}</span>', _("waiting list"))
    return lambda vacancy: markup("{}", vacancy.pool.left) if vacancy.pool.left else full


def _closing(vacancy: Any) -> SafeString:
    return markup('<span title="{}">{}</span>', baku(vacancy.closes), chip(until(vacancy.closes), "on"))


def _closes() -> Column:
    return page_column(
        _("Apply by"),
        alike(lambda vacancy: vacancy.closes, _closing),
    )
