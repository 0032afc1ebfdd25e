"""An agreement: its term, its chain of amendments, whose turn it is, who sees it."""

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.agreements.enums import (
    LIVE_STATES,
    OPEN_STATES,
    AgreementKind,
    AgreementState,
    Decision,
    TermKind,
)
from partnerships.agreements.models.agreement_rows import SOON, AgreementQuerySet
from partnerships.agreements.models.parties import AgreementText, Party, Signature
from partnerships.agreements.models.types import AgreementType
from partnerships.agreements.texts import day_in_text, in_language
from partnerships.common.clock import start_of_day, today
from partnerships.common.fields import FoldedField
from partnerships.directory.models import Organization, Person
from partnerships.workflow.models import Stateful


class Agreement(Stateful):
    """One agreement, contract or amendment. What is renewed or amended is a new row that names the old."""

    holds_documents = True

    kind = models.CharField(_("kind"), max_length=12, choices=AgreementKind)
    # Null in rows older than the types, until `load_reference` has run.
    type = models.ForeignKey(
        AgreementType, models.PROTECT, null=True, related_name="+", verbose_name=_("type of agreement")
    )
    text_kind = models.CharField(_("kind of text"), max_length=60)
    state = models.CharField(_("state"), max_length=24, choices=AgreementState, default=AgreementState.DRAFT)
    number = models.CharField(_("number"), max_length=40, blank=True)
    title_az = models.CharField(_("title in Azerbaijani"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    # The names of the parties, for the search.
    names = models.CharField(max_length=600, blank=True, editable=False)
    term_kind = models.CharField(_("term"), max_length=8, choices=TermKind, default=TermKind.FIXED)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"), null=True, blank=True)
    # The last moment of the last day: what reminders and the calendar count from.
    expires = models.DateTimeField(_("ends at"), null=True, editable=False)
    # Where it renews by itself: by how many months, and the last day of the present period; there `ends` is
    # empty until it is decided to let it end.
    renew_months = models.PositiveSmallIntegerField(_("renews by so many months"), null=True, blank=True)
    period_ends = models.DateField(_("end of the present term"), null=True, editable=False)
    notice_days = models.PositiveSmallIntegerField(_("notice period in days"), default=0)
    # By when it is decided what comes afterwards; of one without an end, by when it is looked at again.
    notice_by = models.DateField(_("notice by"), null=True, editable=False)
    notice_at = models.DateTimeField(null=True, editable=False)
    decision = models.CharField(
        _("decided"), max_length=8, choices=Decision, blank=True, default="", editable=False
    )
    postponed_until = models.DateField(_("decision postponed until"), null=True, editable=False)
    # The one after whose term it holds.
    renews = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="renewals", verbose_name=_("renews")
    )
    directions = models.JSONField(_("directions covered"), default=list, blank=True)
    keeper = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who answers for it")
    )
    deputy = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("deputy")
    )
    proposed_by = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("asked for by"),
    )
    # The agreement that it amends, or under which it stands; root is the first of a chain of amendments.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("stands under")
    )
    root = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    # What it stands for: a tripartite contract its placement.
    content_type = models.ForeignKey(ContentType, models.PROTECT, null=True, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    subject = GenericForeignKey()
    owner = models.ForeignKey(
        Organization, models.PROTECT, related_name="+", verbose_name=_("kept by"), help_text=_("Prepares it.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    bilingual = models.BooleanField(_("in Azerbaijani and English, side by side"), default=False)
    values = models.JSONField(default=dict, editable=False)
    changes = models.JSONField(default=list, editable=False)
    terms_az = models.TextField(_("special terms in Azerbaijani"), blank=True)
    terms_en = models.TextField(_("special terms in English"), blank=True)
    text = models.ForeignKey(
        AgreementText, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("text")
    )
    # Whose turn it is to sign, and since when.
    awaiting = models.ForeignKey(
        Party, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("signs next")
    )
    turn_since = models.DateTimeField(_("turn since"), null=True, editable=False)
    sent_at = models.DateTimeField(_("sent for signing"), null=True, editable=False)
    in_force_since = models.DateTimeField(_("all have signed"), null=True, editable=False)
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    # Signed on paper before the portal: neither its text nor its signatures are here.
    brought = models.BooleanField(_("from before the portal"), default=False, editable=False)
    folded = FoldedField(sources=["number", "title_az", "title_en", "names"], max_length=1400)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="agreement_number_once"),
            models.UniqueConstraint(
                fields=["parent"],
                condition=Q(kind="amendment", state__in=[state.value for state in OPEN_STATES]),
                name="one_open_amendment",
                violation_error_message=_("An amendment is being prepared or signed already."),
            ),
            models.UniqueConstraint(
                fields=["content_type", "object_id", "text_kind"],
                condition=~Q(kind="amendment") & Q(state__in=[state.value for state in LIVE_STATES]),
                name="one_live_agreement_for_subject",
            ),
            models.CheckConstraint(
                condition=Q(term_kind="open", ends=None)
                | Q(term_kind="fixed", ends__isnull=False)
                | Q(term_kind="auto", period_ends__isnull=False, renew_months__gte=1),
                name="agreement_term_has_its_end",
                violation_error_message=_("Give the last day, or say that there is none."),
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")),
                name="agreement_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="agreement_of_object"),
            models.Index(fields=["state", "ends"], name="agreement_state_ends"),
            models.Index(fields=["state", "notice_by"], name="agreement_state_notice"),
        ]

    def __str__(self) -> str:
        return self.number or self.title

    def get_absolute_url(self) -> str:
        return reverse("agreements:agreement", args=[self.uid])

    @property
    def title(self) -> str:
        """In the reader's language, where there is one."""
        return in_language(self.title_az, self.title_en)

    @property
    def term(self) -> str:
        """15 yanvar 2026 – 31 dekabr 2028: with both years, since a contract is read for years."""
        language = (get_language() or "az")[:2]
        return f"{day_in_text(self.starts, language)} – {self.end_in_words(language)}"

    def end_in_words(self, language: str) -> str:
        """The last day; that there is none; or the period's, with by how much it renews."""
        if self.ends is not None:
            return day_in_text(self.ends, language)
        if self.term_kind != TermKind.AUTO or self.period_ends is None:
            return _t("without an end")
        words = ngettext(
            "%(day)s, then renewed each time by %(months)s month",
            "%(day)s, then renewed each time by %(months)s months",
            self.renew_months or 0,
        )
        return words % {"day": day_in_text(self.period_ends, language), "months": self.renew_months}

    @property
    def type_name(self) -> str:
        """What it is called: an amendment as such, the rest by its type."""
        if self.kind == AgreementKind.AMENDMENT or self.type is None:
            return str(self.get_kind_display())
        return self.type.name

    @property
    def is_for_one_practice(self) -> bool:
        return AgreementKind.PLACEMENT in (self.kind, self.root.kind if self.root else "")

    def covers(self, direction: str) -> bool:
        """Whether this direction may stand under it; where none is named, all do."""
        return not self.directions or direction in self.directions

    @property
    def asked_again_at(self) -> datetime | None:
        """When a decision that was put off is asked for again."""
        return start_of_day(self.postponed_until) if self.postponed_until else None

    @property
    def needs_decision(self) -> bool:
        """Its notice day is near or past and nobody has said what comes afterwards."""
        return (
            self.state == AgreementState.IN_FORCE
            and self.notice_by is not None
            and not self.decision
            and self.notice_by <= today() + SOON
            and (self.postponed_until is None or self.postponed_until <= today())
        )

    @property
    def keeps_documents(self) -> bool:
        """A signed paper stays with what it signs."""
        return self.sent_at is not None

    @property
    def is_expired(self) -> bool:
        return self.state == AgreementState.IN_FORCE and self.ends is not None and self.ends < today()

    @property
    def is_expiring(self) -> bool:
        return (
            self.state == AgreementState.IN_FORCE
            and self.ends is not None
            and today() <= self.ends <= today() + SOON
            and not self.is_for_one_practice
        )

    @property
    def first_id(self) -> int:
        """The key of the first agreement of the chain of amendments."""
        return self.root_id or self.pk

    @property
    def in_order(self) -> list["Party"]:
        """The parties in their order of signing."""
        return sorted(self.parties.all(), key=lambda party: party.order)

    @property
    def signatures_now(self) -> list["Signature"]:
        """Those under the present text."""
        return [signature for signature in self.signatures.all() if signature.text_id == self.text_id]

    def signed_by(self, party: "Party") -> "Signature | None":
        return next((found for found in self.signatures_now if found.party_id == party.pk), None)

    @cached_property
    def open_amendment(self) -> "Agreement | None":
        loaded = self.__dict__.get("open_amendments")
        if loaded is not None:
            return loaded[0] if loaded else None
        return self.children.filter(kind=AgreementKind.AMENDMENT, state__in=OPEN_STATES).first()

    @cached_property
    def live_renewal(self) -> "Agreement | None":
        """The one that renews it: being prepared, signed, or in force."""
        loaded = self.__dict__.get("live_renewals")
        if loaded is not None:
            return loaded[0] if loaded else None
        return self.renewals.filter(state__in=LIVE_STATES).order_by("-pk").first()
