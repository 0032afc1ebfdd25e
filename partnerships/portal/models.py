"""What the portal itself keeps: which calendar addresses of a person still open, which lists they saved."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.encoding import escape_uri_path
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from partnerships.common.fields import UidField


class CalendarKey(models.Model):
    """The number that a person's calendar address must carry. Renewing it closes every older address.

    There is no row until the address is renewed for the first time; the number is then 0.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_key", verbose_name=_("user")
    )
    number = models.PositiveIntegerField(_("number"), default=0)
    renewed = models.DateTimeField(_("renewed"), auto_now=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.number}"


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """One's own: what somebody looks for in a list is nobody else's business."""
        account = getattr(user, "pk", None)
        return self.filter(user_id=account) if account else self.none()


class SavedView(models.Model):
    """A list as somebody wants to find it again: its filters, search and order under a name.

    It holds an address and no right: what it leads to is the list as its reader may see it that day.
    """

    uid = UidField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=60)
    path = models.CharField(_("list"), max_length=300, editable=False)
    # Pairs, as a person reads them: a percent-encoded name would be overlooked when somebody is erased.
    query = models.JSONField(_("filters"), default=list, editable=False)
    saved = models.DateTimeField(_("saved"), auto_now_add=True)
    replaced = False  # an earlier one of its name, by the save that has just been made

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["user", "path", "name"], name="saved_view_once")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """The list with its filters; whoever is given it sees of it what they may."""
        return escape_uri_path(self.path) + (f"?{urlencode(self.query)}" if self.query else "")
