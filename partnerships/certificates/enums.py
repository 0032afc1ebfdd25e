"""States of a certificate and fates of what stands in a batch."""

from django.db import models
from django.utils.translation import pgettext_lazy


class CertificateState(models.TextChoices):
    ISSUED = "issued", pgettext_lazy("certificate", "Valid")
    REVOKED = "revoked", pgettext_lazy("certificate", "Revoked")
    REPLACED = "replaced", pgettext_lazy("certificate", "Replaced by another")


class ItemState(models.TextChoices):
    """What became of one line of a batch."""

    WAITING = "waiting", pgettext_lazy("batch", "Waiting")
    ISSUED = "issued", pgettext_lazy("batch", "Issued")
    ALREADY = "already", pgettext_lazy("batch", "Had one already")
    REFUSED = "refused", pgettext_lazy("batch", "Not issued")
