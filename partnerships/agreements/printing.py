"""An agreement on paper: the frozen text, the parties, what was signed in the portal."""

from collections.abc import Callable
from io import BytesIO
from itertools import chain
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override
from pypdf import PdfReader

from partnerships.agreements import texts
from partnerships.agreements.given import Given, given_by
from partnerships.agreements.history import in_whose_place
from partnerships.agreements.kinds import kind_of
from partnerships.agreements.models import Agreement, Party
from partnerships.agreements.moves import state_shown
from partnerships.common.clock import baku_date
from partnerships.documents.printing import print_pdf
from partnerships.workflow.timeline import changes_of

Block = dict[str, str]
MOST = 10  # lines of each part on the one sheet
# So many lines of so many letters: each is tried until what is printed is one sheet.
ROOM = ((MOST, 400), (MOST, 110), (7, 90), (5, 70), (3, 60), (2, 45))


def agreement_pdf(agreement: Agreement) -> bytes:
    """The present text as a PDF; in two columns where both languages are signed.

    What is signed in Azerbaijani alone is printed so for every reader: a contract is one paper. Raises
    ValueError for one that was never sent: a draft has no text yet.
    """
    if agreement.text is None:
        raise ValueError("a draft has no text to print")
    with override("az"):
        return print_pdf("agreements/agreement", _data(agreement), language="az")


def given_pdf(agreement: Agreement, language: str) -> bytes:
    """What the agreement gave, on one A4: for the leadership of both sides. Where there is more than a sheet
    has room for, texts are cut first, then lines left out, and it says how many."""
    found = given_by(agreement)
    with override(language):
        for lines, letters in ROOM:
            pdf = print_pdf("agreements/given", _given(agreement, found, lines, letters), language=language)
            if len(PdfReader(BytesIO(pdf)).pages) == 1:
                break
        return pdf


def _given(agreement: Agreement, found: Given, lines: int, letters: int) -> dict[str, Any]:
    def cut(words: Any) -> str:
        return Truncator(str(words)).chars(letters)

    parties = [cut(party.name) for party in agreement.in_order]
    return {
        "number": agreement.number,
        "date": found.day,
        "title": cut(agreement.title),
        "type": agreement.type_name,
        "parties": parties[:lines],
        "term": agreement.term,
        "state": state_shown(agreement)[0],
        "fulfilled": found.fulfilled,
        "of": found.of,
        "late_count": len(found.late),
        "rows": [
            {
                "label": cut(row.label),
                "promised": row.promised_in_words,
                "done": row.done_in_words,
                "share": row.share,
                "late": row.late,
            }
            for row in found.rows[:lines]
        ],
        "trends": [
            {
                "label": cut(trend.label),
                "years": [{"year": str(y.year), "value": y.words, "share": y.share} for y in trend.years],
            }
            for trend in found.trends[: 6 if lines == MOST and len(found.rows) <= MOST // 2 else 3]
        ],
        "others": [{"what": cut(one.obligation.what), "done": one.finished} for one in found.others[:lines]],
        "late": [
            {
                "what": cut(one.obligation.what),
                "party": cut(one.obligation.party.name),
                "due": one.obligation.due,
                "done": one.done_in_words,
                "whole": one.obligation.amount_in_words,
            }
            for one in found.late[:lines]
        ],
        "more": {
            name: max(len(listed) - lines, 0)
            for name, listed in (
                ("parties", parties),
                ("rows", found.rows),
                ("others", found.others),
                ("late", found.late),
            )
        },
    }


def _data(agreement: Agreement) -> dict[str, Any]:
    text = agreement.text
    assert text is not None
    two, holders = bool(text.body_en), in_whose_place(changes_of(agreement))
    languages = texts.LANGUAGES if two else ("az",)
    return {
        "number": text.heading,
        "date": " / ".join(texts.day_in_text(baku_date(text.made_at), code) for code in languages),
        "title": text.title_az,
        "subtitle": text.title_en if two else "",
        "two": two,
        "sections": _sections(text.body_az, text.body_en),
        "parties": [_party(agreement, party, two) for party in agreement.in_order],
        "signed": [_signed(signature, holders, two) for signature in agreement.signatures_now],
        "sha256": text.sha256,
    }


def _sections(body_az: str, body_en: str) -> list[dict[str, list[Block]]]:
    """Section beside section, cut at the headings; whole beside whole where they are cut differently."""
    az, en = _cut(body_az), _cut(body_en)
    if not body_en:
        return [{"az": section, "en": []} for section in az]
    if len(az) != len(en):
        return [{"az": list(chain(*az)), "en": list(chain(*en))}]
    return [{"az": one, "en": other} for one, other in zip(az, en, strict=True)]


def _cut(body: str) -> list[list[Block]]:
    sections: list[list[Block]] = []
    for kind, words in texts.tokens(body):
        if kind.startswith("h") or not sections:
            sections.append([])
        sections[-1].append({"kind": kind, "words": words})
    return sections


def _party(agreement: Agreement, party: Party, two: bool) -> dict[str, Any]:
    """One side of the block of signatures: who signed already, or a line to sign on."""
    signature = agreement.signed_by(party)
    called = kind_of((agreement.root or agreement).text_kind).called
    name = signature.legal_name if signature else party.signatory.full_name if party.signatory else ""
    if party.person is not None:
        name = name or party.name_az  # as the text names them, whatever they are called by now
    names = [party.name_az, party.name_en if two and party.name_en != party.name_az else ""]
    if name == names[0]:
        names = []  # a person signs for themselves: the name stands under the signature
    signed = {"how": _both(signature.get_method_display, two), "at": signature.at} if signature else None
    return {
        "heading": _both(lambda: called.get(party.role) or party.get_role_display(), two),
        "lines": [line for line in names if line],
        "position": signature.position if signature else party.position,
        "name": name,
        "signed": signed,
        "alone": party.person is not None,
    }


def _both(words: Callable[[], Any], two: bool) -> str:
    """In the language of the paper; of a paper in two languages in both."""
    if not two:
        return str(words())
    found = []
    for language in ("az", "en"):
        with override(language):
            found.append(str(words()))
    return " / ".join(found)


def _signed(signature: Any, holders: dict[int, str], two: bool) -> dict[str, Any]:
    holder = holders.get(signature.party_id, "")
    return {
        "party": signature.on_behalf_of,
        "name": signature.legal_name,
        "holder": _both(lambda: _("in place of: %(name)s") % {"name": holder}, two) if holder else "",
        "at": signature.at,
        "how": _both(signature.get_method_display, two),
    }
