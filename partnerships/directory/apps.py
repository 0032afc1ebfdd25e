from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "partnerships.directory"
    label = "directory"
