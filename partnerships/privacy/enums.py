"""States of an erasure."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ErasureState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("erasure", "Asked for")
    CANCELLED = "cancelled", pgettext_lazy("erasure", "Called off")
    ERASED = "erased", pgettext_lazy("erasure", "Erased")
