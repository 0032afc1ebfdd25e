from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "partnerships.notifications"
    label = "notifications"
