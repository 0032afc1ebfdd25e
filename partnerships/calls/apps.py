from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "partnerships.calls"
    label = "calls"
