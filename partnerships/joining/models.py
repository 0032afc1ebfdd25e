"""That a university or company asks to become a partner."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.agreements.models import Agreement
from partnerships.common import direction
from partnerships.common.fields import FoldedField
from partnerships.directory.access import access_of
from partnerships.directory.models import Invitation, Organization
from partnerships.joining.enums import OPEN_STATES, Asker, JoinState
from partnerships.workflow.models import Stateful


def directions() -> dict[str, Any]:
    """Every direction of the portal by key, in words: a new one is asked for by itself."""
    return {one.key: one.name for one in direction.directions()}


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def visible_to(self, user: Any) -> "JoinRequestQuerySet":
        """Who runs the partnership for the operator sees all, nobody else any; the asker has a link."""
        access = access_of(user)
        return self if access.administers or access.operates else self.none()

    def open(self) -> "JoinRequestQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def with_rows(self) -> "JoinRequestQuerySet":
        return self.select_related("organization", "agreement", "invitation")


class JoinRequest(Stateful):
    """A request to join; the contact has no account, the link to its state is mailed to them."""

    state = models.CharField(_("state"), max_length=10, choices=JoinState, default=JoinState.RECEIVED)
    kind = models.CharField(_("kind"), max_length=10, choices=Asker, default=Asker.UNIVERSITY)
    # What the portal knows of it already; made from the particulars below where it knows nothing.
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name of the organisation"), max_length=200)
    domain = models.CharField(_("web or mail domain"), max_length=120, blank=True)
    contact_name = models.CharField(_("contact"), max_length=160)
    contact_position = models.CharField(_("position of the contact"), max_length=160, blank=True)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    directions = models.JSONField(_("directions wanted"), default=list)
    message = models.TextField(_("what they write"), max_length=2000, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="az")
    invitation = models.ForeignKey(
        Invitation,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("invitation"),
    )
    agreement = models.ForeignKey(Agreement, models.PROTECT, null=True, editable=False, related_name="+")
    folded = FoldedField(sources=["name", "domain", "contact_name", "email"])

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to join")
        verbose_name_plural = _("requests to join")
        ordering = ["-pk"]
        constraints = [
            # Pressed twice, or asked again before an answer: one request.
            models.UniqueConstraint(
                fields=["email", "name"],
                condition=models.Q(state__in=[str(state) for state in sorted(OPEN_STATES)]),
                name="one_open_request_to_join",
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="join_by_state")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("joining:request", args=[self.uid])

    @property
    def wanted(self) -> list[str]:
        """The directions in words."""
        known = directions()
        return [str(known[key]) for key in self.directions if key in known]
