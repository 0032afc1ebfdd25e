"""The lists: one's own certificates, those of others, and what was issued together."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from partnerships.certificates import reports
from partnerships.certificates.codes import normalise
from partnerships.certificates.enums import CertificateState, ItemState
from partnerships.certificates.kinds import types
from partnerships.certificates.models import Batch, BatchItem, Certificate
from partnerships.common.addresses import addresses
from partnerships.common.clock import baku_date
from partnerships.common.listing import Listed
from partnerships.common.lists import Button, Choice, ListPage, Order, Pill, list_page, table_of
from partnerships.common.markup import markup, saying
from partnerships.common.models import WORKING, JobState
from partnerships.common.refusals import Refused
from partnerships.common.sharing import sharing
from partnerships.common.tables import Column, alike, page_column
from partnerships.common.templatetags.figures import baku_short, grouped
from partnerships.common.templatetags.ui import chip
from partnerships.directory.asked import asked

KINDS = {"issued": "good", "expired": "", "revoked": "bad", "replaced": ""}
SHOWN = ("uid", "holder_name", "serial", "snapshot", "state", "valid_to", "issued_at", "holder__sort_key")


@require_safe
@login_required
def certificates(request: HttpRequest) -> HttpResponse:
    """Those of others, for who has some to look at."""
    _others_only(request.user)
    # A code names one: it is not looked for as words are, whose questions are kept.
    code = normalise(request.GET.get("q", ""))
    return list_page(request, replace(CERTIFICATES, keep=None) if code else CERTIFICATES)


def table(user: Any, params: QueryDict) -> Listed:
    """The same to be taken away."""
    _others_only(user)
    return table_of(CERTIFICATES, user, params)


def _others_only(user: Any) -> None:
    if not reports.sees_of_others(user):
        raise Refused(_("Your role does not include certificates of others. Your own are on their page."))


def with_columns(rows: Any) -> Any:
    """What a row shows and is ordered by, and no more."""
    return sharing(rows).select_related("holder").only(*SHOWN)


def _kinds(_user: Any) -> list[tuple[str, Any]]:
    return [(kind.key, kind.title) for kind in types().values()]


def _standing(key: str, label: Any) -> Pill:
    return Pill(key, label, lambda rows, _user: reports.in_standing(rows, key))


STANDINGS = (
    _standing("issued", CertificateState.ISSUED.label),
    _standing("expired", gettext_lazy("Expired")),
    _standing("revoked", CertificateState.REVOKED.label),
    _standing("replaced", CertificateState.REPLACED.label),
)
OF_KIND = Choice(
    "kind",
    gettext_lazy("Kind"),
    gettext_lazy("All kinds"),
    _kinds,
    lambda rows, key, _user: rows.filter(kind=key),
)
NEWEST = Order("new", gettext_lazy("Newest first"), ("-issued_at", "-pk"))
BY_END = Order("end", gettext_lazy("Ending soonest first"), ("valid_to", "-pk"))
BY_NAME = Order("name", gettext_lazy("By name"), ("holder__sort_key", "-pk"))


# Columns ------------------------------------------------------------------------------------------------
def _papers() -> Callable[[Certificate], SafeString]:
    """The paper in both languages."""
    words = {"az": _("PDF in Azerbaijani: %(serial)s"), "en": _("PDF in English: %(serial)s")}
    papers = [
        (language, addresses("certificate_pdf", language), saying(aloud, "serial"))
        for language, aloud in words.items()
    ]

    def draw(row: Certificate) -> SafeString:
        links = (
            markup(
                '<a class="btn btn-quiet btn-sm" href="{}" aria-label="{}">PDF {}</a>',
                to(row.uid),
                aloud(row.serial),
                language,
            )
            for language, to, aloud in papers
        )
        return SafeString(f'<span class="d-flex gap-2">{"".join(links)}</span>')

    return draw


def _valid_to() -> Callable[[Certificate], Any]:
    endless = markup('<span class="muted">{}</span>', _("no end"))
    return lambda row: row.valid_to or endless


def _columns(*first: Column) -> list[Column]:
    """What stands in a row behind what leads to it."""
    return [
        *first,
        Column(
            _("State"),
            lambda row: row.standing_words,
            alike(
                lambda row: row.standing,
                lambda row: chip(row.standing_words, KINDS[row.standing]),
            ),
            width=18,
        ),
        Column(_("Issued"), lambda row: row.issued_at, lambda row: baku_date(row.issued_at), width=18),
        Column(_("Valid to"), lambda row: row.valid_to, _valid_to(), width=14),
        Column(_("Reason"), lambda row: row.reason, width=40, only="table"),
        Column(_("Check code"), lambda row: row.grouped_code, width=18, only="table"),
        page_column("PDF", _papers(), unsaid=True),
    ]


def _number() -> Column:
    return Column(_("Number"), lambda row: row.serial, width=18, only="table")


def columns() -> list[Column]:
    return _columns(
        _number(),
        Column(_("Holder"), lambda row: row.holder_name, width=34),
        Column(_("Certificate"), lambda row: row.title, width=34),
        Column(_("Issued by"), lambda row: row.issuer_name, width=30, only="table"),
    )


def own_columns() -> list[Column]:
    return _columns(
        _number(),
        Column(_("Holder"), lambda row: row.holder_name, width=34, only="table"),
        Column(_("Certificate"), lambda row: row.title, width=34),
        Column(_("Issued by"), lambda row: row.issuer_name, width=30),
    )


def _buttons(user: Any) -> list[Button]:
    """To issue, and to what was issued together."""
    kinds = reports.issuable(user)
    words = _("Issue: %(title)s") if len(kinds) > 1 else _("Issue certificates")
    found = [Button(_("Issued together"), reverse("certificate_batches"))] if reports.oversees(user) else []
    return found + [
        Button(
            words % {"title": kind.title}, reverse("certificate_batch_new", args=[kind.key]), primary=not n
        )
        for n, kind in enumerate(kinds)
    ]


def _list_of_certificates(nothing: Any, **own: Any) -> ListPage:
    """What the lists of certificates share; `nothing` says when there will be some."""
    return ListPage(
        fill=with_columns,
        table=lambda rows: rows.select_related("holder"),
        under=lambda row: row.serial,
        address="certificate",
        counted=lambda n: ngettext("%(count)s certificate", "%(count)s certificates", n),
        empty=(gettext_lazy("No certificates yet"), nothing),
        icon="award",
        pills=STANDINGS,
        show="state",
        choices=(OF_KIND,),
        find=lambda rows, typed: rows.found_by(typed),
        **own,
    )


CERTIFICATES = _list_of_certificates(
    gettext_lazy("They are issued once a practice, a training or an event is completed and assessed."),
    title=gettext_lazy("Certificates"),
    about=gettext_lazy("What your organisation issued, and what belongs to the people whom you look after."),
    rows=reports.of_others,
    keep=asked,
    apart=reports.standing_is,
    columns=columns,
    orders=(NEWEST, BY_NAME, BY_END),
    search=gettext_lazy("Name, number or check code"),
    buttons=_buttons,
    download="certificates.certificates",
)
MINE = _list_of_certificates(
    gettext_lazy(
        "When a practice, a training or an event is completed and its organiser issues a certificate, it "
        "stands here and you get a letter."
    ),
    title=gettext_lazy("My certificates"),
    about=gettext_lazy("Whoever has the check code can see that a certificate is real, without signing in."),
    rows=reports.mine,
    columns=own_columns,
    orders=(NEWEST, BY_END),
    search=gettext_lazy("Number or check code"),
    download="certificates.mine",
)


# Issued together ----------------------------------------------------------------------------------------
AT_WORK = Q(job__state__in=WORKING)
STOPPED = Q(job=None) | Q(job__state=JobState.FAILED)
FATES = {
    "working": (pgettext_lazy("batch", "Being issued"), "on"),
    "stopped": (pgettext_lazy("batch", "Stopped"), "bad"),
    "done": (pgettext_lazy("batch", "Done"), "good"),
}


def _own_batches(user: Any) -> Any:
    if not reports.oversees(user) and not reports.batches(user).exists():
        raise Refused(_("Your role does not include issuing these certificates."))
    return Batch.objects.visible_to(user)


def with_counts(rows: Any) -> Any:
    issued = Count("items", filter=Q(items__state=ItemState.ISSUED))
    return rows.select_related("job", "file").annotate(chosen=Count("items"), issued=issued)


def _holding(rows: Any, typed: str) -> Any:
    """Those in which a certificate answers to what was typed."""
    found = Certificate.objects.found_by(typed).order_by().values("pk")
    return rows.filter(Exists(BatchItem.objects.filter(batch=OuterRef("pk"), certificate__in=found)))


def _title(row: Batch) -> str:
    return str(types()[row.kind].title) if row.kind in types() else row.kind


def _fate(row: Batch) -> tuple[Any, str]:
    if row.is_working:
        return FATES["working"]
    return FATES["stopped" if row.has_stopped else "done"]


def batch_columns() -> list[Column]:
    to, file = addresses("certificate_batch"), _("File to print")

    def paper(row: Batch) -> SafeString:
        if row.file is None:
            return markup('<a class="btn btn-quiet btn-sm" href="{}">{}</a>', to(row.uid), _("View"))
        return markup('<a class="btn btn-quiet btn-sm" href="{}">{}</a>', row.file.get_absolute_url(), file)

    return [
        Column(_("When"), lambda row: row.created, lambda row: baku_short(row.created), width=18),
        Column(_("Certificate"), _title, width=34),
        Column(
            _("Issued"),
            lambda row: row.issued,
            lambda row: f"{grouped(row.issued)} / {grouped(row.chosen)}",
            width=12,
            css="num",
        ),
        Column(_("Chosen"), lambda row: row.chosen, width=12, only="table"),
        Column(_("State"), lambda row: _fate(row)[0], lambda row: chip(*_fate(row)), width=18),
        page_column(file, paper, unsaid=True),
    ]


BATCHES = ListPage(
    title=gettext_lazy("Issued together"),
    about=gettext_lazy("Certificates that you issued many at once, with one file to print."),
    above=((gettext_lazy("Certificates"), "certificates"),),
    rows=_own_batches,
    fill=with_counts,
    order=("-created", "-pk"),
    columns=batch_columns,
    address="certificate_batch",
    counted=lambda n: ngettext("%(count)s batch", "%(count)s batches", n),
    empty=(
        gettext_lazy("Nothing was issued together yet"),
        gettext_lazy("Choose several who are ready: each gets a certificate, and all come in one file."),
    ),
    lead=(gettext_lazy("To the certificates"), "certificates"),
    icon="printer",
    pills=(
        Pill("working", FATES["working"][0], lambda rows, _user: rows.filter(AT_WORK)),
        Pill("stopped", FATES["stopped"][0], lambda rows, _user: rows.filter(STOPPED)),
        Pill("done", FATES["done"][0], lambda rows, _user: rows.filter(job__state=JobState.DONE)),
    ),
    choices=(OF_KIND,),
    search=gettext_lazy("Name, number or check code"),
    find=_holding,
    download="certificates.batches",
)
