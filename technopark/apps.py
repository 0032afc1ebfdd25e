from django.apps import AppConfig


class TechnoparkConfig(AppConfig):
    name = "technopark"
