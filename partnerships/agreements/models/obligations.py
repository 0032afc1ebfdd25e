"""What a party owes under an agreement, and what it has done of it."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.agreements import texts
from partnerships.agreements.enums import AgreementState
from partnerships.agreements.models.parties import Party
from partnerships.common.clock import today
from partnerships.common.models import Personal
from partnerships.common.templatetags.figures import grouped


def number_in_words(number: Decimal) -> str:
    """20, not 20,00; 2,5."""
    return grouped(int(number)) if number == number.to_integral_value() else grouped(number.normalize())


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, user: Any) -> "ObligationQuerySet":
        """Whoever sees the agreement sees what is owed under it."""
        from partnerships.agreements.models.agreements import Agreement

        return self.filter(agreement__in=Agreement.objects.visible_to(user))

    def in_force(self) -> "ObligationQuerySet":
        """Under agreements that hold today; what was owed before an amendment is owed after it, too."""
        from partnerships.agreements.models.agreements import Agreement

        live = Agreement.objects.in_force()
        first = live.exclude(root=None).values("root")
        amended = Q(agreement__in=first) | Q(agreement__root__in=first)
        replaced = Q(agreement__state=AgreementState.SUPERSEDED)
        return self.filter(Q(agreement__in=live) | amended & replaced)

    def by_hand(self) -> "ObligationQuerySet":
        """With `whole`, how much is owed, and `hand`, how much of it was entered: as `done_by_hand`."""
        whole = Coalesce("amount", Value(Decimal(1)))
        part = Coalesce("amount", OuterRef("whole"))
        parts = Fulfilment.objects.filter(obligation=OuterRef("pk")).order_by().values("obligation")
        done = parts.annotate(sum=Sum(part)).values("sum")
        return self.annotate(whole=whole).annotate(hand=Coalesce(Subquery(done), Value(Decimal(0))))

    def undone(self) -> "ObligationQuerySet":
        """Less was entered than is owed; of what the directions count they may have counted the rest."""
        return self.by_hand().filter(hand__lt=F("whole"))

    def overdue(self) -> "ObligationQuerySet":
        """Undone, and its day is past."""
        return self.undone().filter(due__lt=today())

    def with_rows(self) -> "ObligationQuerySet":
        return self.select_related("agreement__owner", "party__unit__root").prefetch_related(
            "fulfilments__document", "fulfilments__by"
        )


class Obligation(Personal):
    """Who owes what, how much, by when. `figure` names what the directions count towards it by themselves."""

    agreement = models.ForeignKey(
        "agreements.Agreement", models.CASCADE, related_name="obligations", verbose_name=_("agreement")
    )
    party = models.ForeignKey(
        Party, models.PROTECT, related_name="obligations", verbose_name=_("who owes it")
    )
    what_az = models.CharField(_("what, in Azerbaijani"), max_length=300)
    what_en = models.CharField(_("what, in English"), max_length=300, blank=True)
    figure = models.CharField(_("counted by the portal"), max_length=60, blank=True)
    amount = models.DecimalField(
        _("how much"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    unit_az = models.CharField(_("of what, in Azerbaijani"), max_length=40, blank=True)
    unit_en = models.CharField(_("of what, in English"), max_length=40, blank=True)
    due = models.DateField(_("by when"), null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        ordering = ["due", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0), name="obligation_amount_is_more_than_none"
            )
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def what(self) -> str:
        return texts.in_language(self.what_az, self.what_en)

    @property
    def unit(self) -> str:
        return texts.in_language(self.unit_az, self.unit_en)

    @property
    def amount_in_words(self) -> str:
        return f"{number_in_words(self.amount)} {self.unit}".strip() if self.amount is not None else ""

    def get_absolute_url(self) -> str:
        return self.agreement.get_absolute_url()

    @property
    def done_by_hand(self) -> Decimal:
        """What was entered; a fulfilment without a number of what has none counts as the whole."""
        rows = list(self.fulfilments.all())
        if self.amount is None:
            return Decimal(1) if rows else Decimal(0)
        return sum((row.amount if row.amount is not None else self.amount for row in rows), Decimal(0))

    def is_done(self, counted: Decimal | None = None) -> bool:
        """With what the directions have counted, where they count it."""
        return (counted or Decimal(0)) + self.done_by_hand >= (self.amount or Decimal(1))

    def is_late(self, counted: Decimal | None = None) -> bool:
        return self.due is not None and self.due < today() and not self.is_done(counted)


class Fulfilment(models.Model):
    """One part of an obligation that was done: when, how much, with a note and evidence. Never edited."""

    obligation = models.ForeignKey(
        Obligation, models.CASCADE, related_name="fulfilments", verbose_name=_("obligation")
    )
    done_on = models.DateField(_("date"))
    amount = models.DecimalField(_("how much"), max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("note"), max_length=600, blank=True)
    document = models.ForeignKey(
        "documents.Document", models.PROTECT, null=True, related_name="+", verbose_name=_("evidence")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    at = models.DateTimeField(_("entered"), default=timezone.now)

    class Meta:
        verbose_name = _("fulfilment")
        verbose_name_plural = _("fulfilments")
        ordering = ["done_on", "pk"]

    def __str__(self) -> str:
        return f"{self.obligation}, {self.done_on}"
