from django.apps import AppConfig


class SeatsConfig(AppConfig):
    name = "partnerships.seats"
    label = "seats"
