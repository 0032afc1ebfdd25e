"""States of a reported value, how sure it is, who reads indicators and who answers for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.directory.enums import Role


class ValueState(models.TextChoices):
    REPORTED = "reported", pgettext_lazy("value", "Waits for confirmation")
    RETURNED = "returned", pgettext_lazy("value", "Returned for changes")
    CONFIRMED = "confirmed", pgettext_lazy("value", "Confirmed")
    WITHDRAWN = "withdrawn", pgettext_lazy("value", "Withdrawn")


class Grade(models.TextChoices):
    """How sure a reported number is; the three are shown apart."""

    MEASURED = "measured", _("Measured on site")
    CALCULATED = "calculated", _("Calculated")
    ESTIMATED = "estimated", _("Estimated")


# Who reads the numbers of their organisation, holding the role at the organisation itself.
READERS = (Role.LEADERSHIP, Role.PARTNERSHIPS, Role.HR, Role.COORDINATOR)
# Who confirms what was reported for it, and sets its targets.
ANSWERABLE = (Role.LEADERSHIP, Role.PARTNERSHIPS)
