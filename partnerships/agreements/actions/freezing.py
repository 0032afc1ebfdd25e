"""The text of an agreement: what stands in each place, and its freezing when it is sent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from partnerships.agreements import texts
from partnerships.agreements.actions.templates import template_of
from partnerships.agreements.enums import AgreementKind
from partnerships.agreements.kinds import kind_of
from partnerships.agreements.models import Agreement, AgreementText, Obligation, Party, TemplateVersion
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, Refusal
from partnerships.directory.models import Organization, Person

Words = dict[str, str]  # language -> text
BLANK = "________________"  # to be filled in by hand


@dataclass(frozen=True)
class Given:
    """A party as it is handed in: an organisation (with the unit concerned) or a person."""

    role: str
    organization: Organization | None = None
    unit: Organization | None = None
    person: Person | None = None
    signatory: Person | None = None
    position: str = ""


def names_of(given: Given) -> Words:
    if given.person is not None:
        return {"az": given.person.full_name, "en": given.person.full_name}
    assert given.organization is not None
    return {"az": given.organization.name, "en": given.organization.name_en or given.organization.name}


def freeze_names(agreement: Agreement) -> None:
    """Parties are named in the text as they are called on the day it is made."""
    for party in agreement.in_order:
        names = names_of(Given(party.role, party.organization, person=party.person))
        if (party.name_az, party.name_en) != (names["az"], names["en"]):
            party.name_az, party.name_en = names["az"], names["en"]
            party.save(update_fields=["name_az", "name_en"])


def freeze_text(agreement: Agreement, number: str) -> AgreementText:
    version = _template(agreement)
    last = agreement.texts.order_by("-number").first()
    filled = {language: _filled(agreement, version, number, language) for language in texts.LANGUAGES}
    english = filled["en"] if agreement.bilingual else ("", "")
    return AgreementText.objects.create(
        agreement=agreement,
        number=(last.number if last else 0) + 1,
        template_version=version,
        heading=number,
        title_az=filled["az"][0],
        body_az=filled["az"][1],
        title_en=filled["en"][0],
        body_en=english[1],
    )


def _template(agreement: Agreement) -> TemplateVersion:
    own = agreement.type.template if agreement.type and agreement.kind != AgreementKind.AMENDMENT else None
    version = (own and own.current) or template_of(agreement.text_kind).current
    assert version is not None
    if agreement.bilingual and not version.body_en:
        raise Blocked(
            Refusal(
                _("The text has no English version, and this agreement is in both languages."),
                code="no_english",
            ),
            agreement,
        )
    return version


def _filled(agreement: Agreement, version: TemplateVersion, number: str, language: str) -> tuple[str, str]:
    title = getattr(version, f"title_{language}") or version.title_az
    body = getattr(version, f"body_{language}")
    if agreement.parent is None:
        body = texts.without_sentences(body, ("parent", "parent_day"))
    values = place_values(agreement, number, language)
    return texts.plain(texts.fill(title, values))[:300], texts.fill(body, values) if body else ""


def preview(agreement: Agreement, language: str = "az") -> tuple[str, str]:
    """Title and text as they would be sent now; nothing is written."""
    return _filled(agreement, _template(agreement), agreement.number or "…", language)


def place_values(agreement: Agreement, number: str, language: str) -> dict[str, str]:
    """What stands in each place of the text."""
    kind = kind_of(agreement.text_kind)
    with override(language):
        none = _("none")
        ends = agreement.end_in_words(language)
    terms = agreement.terms_en or agreement.terms_az if language == "en" else agreement.terms_az
    found: dict[str, str] = {
        "number": number,
        "day": texts.day_in_text(today(), language),
        "starts": texts.day_in_text(agreement.starts, language),
        "ends": ends,
        "parties": ", ".join(_party_name(party, language) for party in agreement.in_order),
        "terms": terms or none,
        "notice_days": str(agreement.notice_days),
        "obligations": texts.Marked(_obligations_list(agreement, language)),
        "signatories": texts.Marked(
            "\n".join(
                f"- {texts.escape(_party_name(party, language))}: "
                f"{texts.escape(joined_signatory(party, language))}"
                for party in agreement.in_order
            )
        ),
        "parent": agreement.parent.number if agreement.parent else BLANK,
        "parent_day": texts.day_in_text(agreement.parent.starts, language) if agreement.parent else BLANK,
        "changes": texts.Marked(_changes_list(agreement, language, none)),
    }
    for party in agreement.in_order:
        found[party.role] = _party_name(party, language)
        found[f"{party.role}_signatory"] = joined_signatory(party, language)
    for name in kind.places:
        found[name] = agreement.values.get(name, {}).get(language) or BLANK
    return found


def _party_name(party: Party, language: str) -> str:
    return party.name_en if language == "en" and party.name_en else party.name_az


def joined_signatory(party: Party, language: str) -> str:
    """Əliyev Vilayət, Rektor; where nobody is named, that somebody with the power to does."""
    if party.signatory is None:
        with override(language):
            return _("an authorised person")
    return ", ".join(part for part in (party.signatory.full_name, party.position) if part)


def _changes_list(agreement: Agreement, language: str, none: str) -> str:
    lines = [
        f"- **{texts.escape(change['label'][language])}**: "
        f"{texts.escape(_one_line(change['old'][language]) or none)} → "
        f"{texts.escape(_one_line(change['new'][language]) or none)}"
        for change in agreement.changes
    ]
    if not lines and agreement.terms_az:
        with override(language):
            return _("the special terms below are added")
    return "\n".join(lines) or none


def _obligations_list(agreement: Agreement, language: str) -> str:
    lines = []
    if agreement.pk is not None:
        rows = agreement.obligations.select_related("party").order_by("party__order", "due", "pk")
        lines = [_obligation_line(one, language) for one in rows]
    if not lines:
        with override(language):
            return _("No obligation is set down here: the parties agree on their joint work as it comes.")
    return "\n".join(lines)


def _obligation_line(one: Obligation, language: str) -> str:
    what = one.what_en if language == "en" and one.what_en else one.what_az
    with override(language):
        many = f": {one.amount_in_words}" if one.amount is not None else ""
        by = _("by %(day)s") % {"day": texts.day_in_text(one.due, language)} if one.due else ""
    words = ", ".join(part for part in (f"{what}{many}", by) if part)
    return f"- **{texts.escape(_party_name(one.party, language))}**: {texts.escape(words)}"


def _one_line(text: str) -> str:
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def changes_between(old: Agreement, new: Agreement) -> list[dict[str, Words]]:
    """What an amendment changes: its term and the values of its places, each before and after."""
    kind = kind_of(new.text_kind)
    found = []
    for name, label in (
        ("starts", gettext_lazy("Effective date")),
        ("period_ends", gettext_lazy("Expiry date")),
    ):
        if getattr(old, name) != getattr(new, name):
            found.append(_change(label, *(_days(getattr(one, name)) for one in (old, new))))
    if old.term_kind != new.term_kind or old.renew_months != new.renew_months:
        found.append(_change(gettext_lazy("Term"), *(_term_words(one) for one in (old, new))))
    if old.notice_days != new.notice_days:
        words = [{language: str(one.notice_days) for language in texts.LANGUAGES} for one in (old, new)]
        found.append(_change(gettext_lazy("Notice period in days"), *words))
    for name, label in kind.places.items():
        before, after = (one.values.get(name, {"az": "", "en": ""}) for one in (old, new))
        if before != after:
            found.append(_change(label, before, after))
    return found


def _days(day: date | None) -> Words:
    words = {}
    for language in texts.LANGUAGES:
        with override(language):
            words[language] = texts.day_in_text(day, language) if day else _("without an end")
    return words


def _term_words(agreement: Agreement) -> Words:
    words = {}
    for language in texts.LANGUAGES:
        with override(language):
            words[language] = str(agreement.get_term_kind_display())
    return words


def _change(label: Any, before: Words, after: Words) -> dict[str, Words]:
    named = {}
    for language in texts.LANGUAGES:
        with override(language):
            named[language] = str(label)
    return {"label": named, "old": before, "new": after}
