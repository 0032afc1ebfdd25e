"""The sides of an agreement, its frozen texts, and the signatures under them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.agreements import texts
from partnerships.agreements.enums import Method, PartyRole
from partnerships.agreements.models.templates import TemplateVersion
from partnerships.common.fields import UidField
from partnerships.common.prose import to_html
from partnerships.directory.models import Organization, Person


class Party(models.Model):
    """One side of an agreement: an organisation, with the unit concerned, or a person."""

    agreement = models.ForeignKey(
        "agreements.Agreement", models.CASCADE, related_name="parties", verbose_name=_("agreement")
    )
    order = models.PositiveSmallIntegerField(_("order of signing"))
    role = models.CharField(_("as what"), max_length=12, choices=PartyRole)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    # Whose people see and sign it: the faculty of the student, the organisation itself by default.
    unit = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    signatory = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who signs")
    )
    position = models.CharField(pgettext_lazy("at work", "position"), max_length=200, blank=True)
    # As the text names it: later changes of a name change nothing.
    name_az = models.CharField(_("name"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "order"], name="party_order_once"),
            models.UniqueConstraint(
                fields=["agreement", "organization"],
                condition=Q(organization__isnull=False),
                name="party_organization_once",
            ),
            models.CheckConstraint(
                condition=Q(organization=None, unit=None, person__isnull=False)
                | Q(organization__isnull=False, unit__isnull=False, person=None),
                name="party_is_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return texts.in_language(self.name_az, self.name_en)


class AgreementText(models.Model):
    """The whole text as it was sent for signing. Rows are never edited."""

    uid = UidField()
    agreement = models.ForeignKey(
        "agreements.Agreement", models.CASCADE, related_name="texts", verbose_name=_("agreement")
    )
    number = models.PositiveSmallIntegerField(_("version of the text"))
    template_version = models.ForeignKey(
        TemplateVersion, models.PROTECT, related_name="texts", verbose_name=_("version of the template")
    )
    heading = models.CharField(max_length=60)
    title_az = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300, blank=True)
    body_az = models.TextField(_("text in Azerbaijani"))
    body_en = models.TextField(_("text in English"), blank=True)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("text of an agreement")
        verbose_name_plural = _("texts of agreements")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="agreement_text_once")]

    def __str__(self) -> str:
        return f"{self.heading}, {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a text that was sent for signing is never edited")
        self.sha256 = self.computed
        super().save(*args, **kwargs)

    @property
    def computed(self) -> str:
        return texts.digest(self.heading, self.title_az, self.body_az, self.title_en, self.body_en)

    @property
    def is_intact(self) -> bool:
        """Whether the words are still those that the fingerprint was taken of."""
        return self.computed == self.sha256

    @property
    def html_az(self) -> Any:
        return to_html(self.body_az)

    @property
    def html_en(self) -> Any:
        return to_html(self.body_en)


class Signature(models.Model):
    """That somebody signed a text for a party: evidence of agreement, not a qualified electronic signature.

    Another way to sign (SİMA, ASAN İmza) would be another `method` whose proof stands in `proof`.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", models.CASCADE, related_name="signatures", verbose_name=_("agreement")
    )
    text = models.ForeignKey(AgreementText, models.PROTECT, related_name="signatures", verbose_name=_("text"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="signatures", verbose_name=_("party"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who signed")
    )
    legal_name = models.CharField(_("name as it was typed"), max_length=200)
    on_behalf_of = models.CharField(_("on behalf of"), max_length=300)
    position = models.CharField(pgettext_lazy("at work", "position"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    signed_on = models.DateField(_("date on the paper"), null=True, blank=True)
    ip = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    sha256 = models.CharField(_("fingerprint of the text"), max_length=64)
    method = models.CharField(_("how"), max_length=8, choices=Method, default=Method.CLICK)
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scan")
    )
    # Who entered it where that is not the one who signed: human resources with the paper in hand.
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    proof = models.JSONField(_("proof"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["text", "party"], name="signature_once"),
            models.CheckConstraint(
                condition=~Q(method="scan") | Q(document__isnull=False), name="signature_scan_is_there"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.legal_name}, {self.on_behalf_of}"
