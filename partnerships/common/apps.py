from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "partnerships.common"
    label = "common"
