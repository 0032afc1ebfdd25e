"""What the portal itself keeps: which calendar addresses of a person still open."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


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
