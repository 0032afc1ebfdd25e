from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "partnerships.workflow"
    label = "workflow"
