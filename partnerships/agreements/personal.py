"""What agreements keep about people, and how long what was signed has to be kept."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.agreements.enums import LIVE_STATES
from partnerships.agreements.models import Agreement, Party, Signature
from partnerships.common.clock import day_in_words, today
from partnerships.common.held import Basis, Block, Held


def _parties(person: Any) -> Any:
    rows = Party.objects.filter(Q(person=person) | Q(signatory=person))
    return rows.select_related("agreement", "organization")


def _blocks(person: Any) -> list[Block]:
    """An agreement that lives, and a signed one as long as the law has it kept."""
    named = Q(parties__person=person) | Q(parties__signatory=person) | Q(signatures__person=person)
    kept = Q(keeper=person) | Q(deputy=person)
    rows = Agreement.objects.filter(named | Q(kept, state__in=LIVE_STATES)).distinct().order_by("pk")
    return [block for agreement in rows if (block := _block(agreement)) is not None]


def _block(agreement: Agreement) -> Block | None:
    what = agreement.number or agreement.title_az
    if agreement.state in LIVE_STATES and (agreement.ends is None or agreement.ends >= today()):
        return Block(
            _t("You are named in an agreement that is under way: %(what)s") % {"what": what},
            _t("It has to end first, or somebody else has to be named in your place."),
            agreement.get_absolute_url(),
        )
    over = agreement.ends or agreement.state_since.date()
    until = over + timedelta(days=365 * settings.AGREEMENT_YEARS)
    if until >= today() and agreement.signatures.exists():
        return Block(
            _t("The law has a signed agreement kept with its names: %(what)s") % {"what": what},
            _t("Ask again after this day: %(day)s") % {"day": day_in_words(until, year=True)},
            agreement.get_absolute_url(),
        )
    return None


HELD = (
    Held(
        key="agreements.parties",
        label=_("Agreements and contracts"),
        model="agreements.Party",
        rows=_parties,
        columns=("agreement.number", "agreement", "organization", "position", "agreement.state"),
        what=_("Your name and position in agreements and contracts, and what was signed when"),
        purpose=_("The contract itself"),
        basis=Basis.LAW,
        seen_by=_("The people of the parties"),
        until=_("Five years after it ended, as the law has contracts kept"),
        linked=(
            "agreements.Party.person",
            "agreements.Party.signatory",
            "agreements.Agreement.keeper",
            "agreements.Agreement.deputy",
            "agreements.Agreement.made_by",
        ),
        blank={"position": ""},
        history=False,
        blocks=_blocks,
    ),
    Held(
        key="agreements.signatures",
        label=_("Signatures"),
        model="agreements.Signature",
        rows=lambda person: Signature.objects.filter(person=person).select_related("agreement"),
        columns=("agreement.number", "legal_name", "position", "on_behalf_of", "at", "ip"),
        linked=("agreements.Signature.person", "agreements.Signature.entered_by"),
        blank={"ip": None},
        history=False,
        public=False,
    ),
    Held(
        key="agreements.fulfilments",
        label=_("What you reported of agreements"),
        model="agreements.Fulfilment",
        columns=("obligation", "note"),
        linked=("agreements.Fulfilment.by",),
        history=False,
        public=False,
    ),
    Held(
        key="agreements.templates",
        label=_("Forms of agreements that you wrote"),
        model="agreements.TemplateVersion",
        columns=("title_az", "note"),
        linked=("agreements.TemplateVersion.made_by",),
        history=False,
        public=False,
    ),
)
