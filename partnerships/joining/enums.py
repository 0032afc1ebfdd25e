"""States of a request to join, and what asks."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.directory.enums import Role


class JoinState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("joining", "Being looked at")
    ASKED = "asked", pgettext_lazy("joining", "Question asked")
    INVITED = "invited", pgettext_lazy("joining", "Invited")
    OFFERED = "offered", pgettext_lazy("joining", "Agreement offered")
    JOINED = "joined", pgettext_lazy("joining", "Partner")
    DECLINED = "declined", pgettext_lazy("joining", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("joining", "Withdrawn")


OPEN_STATES = frozenset({JoinState.RECEIVED, JoinState.ASKED, JoinState.INVITED, JoinState.OFFERED})


class Asker(models.TextChoices):
    UNIVERSITY = "university", _("University")
    COMPANY = "company", _("Company")


# Who comes first: the coordinator of a university, the human resources of a company.
FIRST = {Asker.UNIVERSITY: Role.COORDINATOR, Asker.COMPANY: Role.HR}
