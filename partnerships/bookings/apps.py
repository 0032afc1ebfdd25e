from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BookingsConfig(AppConfig):
    name = "partnerships.bookings"
    label = "bookings"
    verbose_name = _("Rooms and equipment")
