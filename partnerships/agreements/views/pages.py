"""An agreement's page and its texts."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from partnerships.agreements import reports, rules
from partnerships.agreements.actions.freezing import preview
from partnerships.agreements.brought import obligation_lines
from partnerships.agreements.enums import (
    LIVE_STATES,
    REVIEW_STATES,
    SIGNING_STATES,
    AgreementKind,
    AgreementState,
)
from partnerships.agreements.history import history_of, in_whose_place, sent_texts
from partnerships.agreements.models import Agreement, AgreementText
from partnerships.agreements.moves import move_of, state_shown, steps_of
from partnerships.agreements.printing import agreement_pdf
from partnerships.agreements.standing import standing_under
from partnerships.agreements.views.acts import buttons, found
from partnerships.agreements.whole import texts_of
from partnerships.common.direction import directions
from partnerships.common.prose import to_html
from partnerships.common.templatetags.figures import due_kind
from partnerships.documents.printing import pdf_response
from partnerships.workflow.models import Change
from partnerships.workflow.pages import Button
from partnerships.workflow.timeline import changes_of

UNDER = 50
GIVING = (AgreementKind.FRAMEWORK, AgreementKind.GENERAL, AgreementKind.AMENDMENT)


@dataclass(frozen=True)
class Side:
    """A party with its signature under the present text, if any."""

    party: Any
    signature: Any
    now: bool
    named: list[tuple[Any, list[Any]]]  # who is asked to sign now, each with who stands in today
    holder: str  # whom the deputy who signed stood in for


@login_required
@require_GET
def agreement(request: HttpRequest, uid: str) -> HttpResponse:
    user = request.user
    shown = found(request, uid)
    move, changes = move_of(shown, user), changes_of(shown)
    state, kind = state_shown(shown)
    texts, present = _texts(shown, user, changes), rules.text_for(user, shown)
    chain: list[Agreement] = []
    if shown.has_chain and (shown.root_id or shown.state != AgreementState.DRAFT):  # type: ignore[attr-defined]
        chain = [one for one in reports.chain_of(shown) if one.pk != shown.pk]
    under: Any = ()
    if shown.has_under and shown.kind != AgreementKind.PLACEMENT:  # type: ignore[attr-defined]
        rows = reports.under(shown).visible_to(user)  # type: ignore[attr-defined]
        under = rows.select_related("root")[:UNDER]
    seen = _seen([*chain, shown.parent, shown.renews, shown.live_renewal], user)
    newer = [one for one in (*chain, shown.live_renewal) if one is not None and one.pk in seen]
    context = {
        "agreement": shown,
        "move": move,
        "since_kind": due_kind(shown.turn_since) if move.mine else "",
        "state": state,
        "state_kind": "move" if move.mine else kind,
        "steps": steps_of(shown),
        "buttons": [*buttons(shown, user), *_to_the_newer(shown, newer)],
        "sides": _sides(shown, changes),
        "present_text": present,
        "prepared": present is None and shown.state in (*REVIEW_STATES, AgreementState.PROPOSED),
        "earlier_texts": texts if len(texts) > 1 or present is None else [],
        "draft_text": _draft_text(shown) if rules.manages(user, shown) else None,
        "chain": [one for one in chain if one.pk in seen],
        "under": [(one, *state_shown(one)) for one in under],
        "history": history_of(shown, changes, inside=rules.reads_inside(user, shown)),
        "documents": _documents(shown),
        "subject_url": _subject_url(shown, user),
        "parent_seen": shown.parent_id in seen,
        "renews_seen": shown.renews_id in seen,
        "renewal": shown.live_renewal
        if shown.live_renewal is not None and shown.live_renewal.pk in seen
        else None,
        "covered": [one.short_name for one in directions() if one.key in shown.directions],
        "obligations": obligation_lines(shown, user) if shown.has_obligations else [],  # type: ignore[attr-defined]
        "standing": standing_under(shown, user) if shown.kind != AgreementKind.PLACEMENT else [],
        "gives": shown.kind in GIVING and shown.in_force_since is not None,
        "keeps": rules.manages(user, shown)
        and shown.state in LIVE_STATES
        and shown.state != AgreementState.PROPOSED,
        "signing": shown.state in SIGNING_STATES,
        "manages": rules.manages(user, shown),
    }
    return render(request, "agreements/agreement.html", context)


def _texts(shown: Agreement, user: Any, changes: list[Change]) -> list[AgreementText]:
    """The texts that this reader may open, newest first."""
    texts = texts_of(shown)
    return texts if rules.reads_inside(user, shown) else sent_texts(texts, changes)


def _to_the_newer(shown: Agreement, newer: list[Agreement]) -> list[Button]:
    """From one that was replaced to the one that holds, for who may open it."""
    if shown.state != AgreementState.SUPERSEDED:
        return []
    holds = [one for one in newer if one.state == AgreementState.IN_FORCE]
    label = _("To the one that holds")
    return [Button("newer", label, one.get_absolute_url(), "btn-quiet") for one in holds[-1:]]


def _seen(others: list[Agreement | None], user: Any) -> set[int]:
    """Which of these its reader may open."""
    keys = {one.pk for one in others if one is not None}
    if not keys:
        return set()
    return set(Agreement.objects.visible_to(user).filter(pk__in=keys).order_by().values_list("pk", flat=True))


def _sides(shown: Agreement, changes: list[Change]) -> list[Side]:
    holders, sides = in_whose_place(changes), []
    for party in shown.in_order:
        signature = shown.signed_by(party) if shown.state != AgreementState.DRAFT else None
        now = shown.state in SIGNING_STATES and shown.awaiting_id == party.pk
        holder = holders.get(party.pk, "") if signature else ""
        sides.append(Side(party, signature, now, _named(shown, party) if now else [], holder))
    return sides


def _named(shown: Agreement, party: Any) -> list[tuple[Any, list[Any]]]:
    standing = reports.standing_in_for(party, shown)
    return [(person, standing.get(person.pk, [])) for person in reports.signers_of(party)]


def _draft_text(shown: Agreement) -> Any:
    """The text as it would be sent now; only while it is a draft."""
    if shown.state != AgreementState.DRAFT:
        return None
    az = preview(shown, "az")
    en = preview(shown, "en") if shown.bilingual else ("", "")
    return {"title_az": az[0], "html_az": to_html(az[1]), "title_en": en[0], "html_en": to_html(en[1])}


def _documents(shown: Agreement) -> list[Any]:
    """Each scan once, though it may stand for several signatures."""
    scans = {one.document_id: one.document for one in shown.signatures.all() if one.document_id}
    return list(scans.values())


def _subject_url(shown: Agreement, user: Any) -> str:
    """The page of what it stands for, to who may open it."""
    subject: Any = shown.subject if shown.content_type_id else None
    if not hasattr(subject, "get_absolute_url"):
        return ""
    seen = type(subject)._default_manager.visible_to(user).filter(pk=subject.pk).exists()
    return subject.get_absolute_url() if seen else ""


@login_required
@require_GET
def text(request: HttpRequest, uid: str, number: int) -> HttpResponse:
    """One version of the text, also one that was returned."""
    shown = found(request, uid)
    texts = _texts(shown, request.user, changes_of(shown))
    one = next((one for one in texts if one.number == number), None)
    if one is None:
        raise Http404
    signed = [signature for signature in shown.signatures.all() if signature.text_id == one.pk]
    context = {"agreement": shown, "text": one, "signed": signed, "current": one.pk == shown.text_id}
    return render(request, "agreements/text.html", context)


@login_required
@require_GET
def pdf(request: HttpRequest, uid: str) -> HttpResponseBase:
    """The present text on paper, with place for signatures and what was signed in the portal."""
    shown = found(request, uid)
    if rules.text_for(request.user, shown) is None:
        raise Http404
    return pdf_response(agreement_pdf(shown), shown.number.replace("/", "-"), inline=True)
