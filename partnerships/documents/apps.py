from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "partnerships.documents"
    label = "documents"
