from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "partnerships.notifications"
    label = "notifications"

    def ready(self) -> None:
        from partnerships.common import mail
        from partnerships.notifications import checks, outbox  # noqa: F401  (checks registers itself)

        mail.deliver_through(outbox.post)
