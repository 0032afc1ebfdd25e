from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "partnerships.notifications"
    label = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from partnerships.common import mail
        from partnerships.notifications import checks, outbox  # noqa: F401  (checks registers itself)

        mail.deliver_through(outbox.post)
