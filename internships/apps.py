from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InternshipsConfig(AppConfig):
    name = "internships"
    verbose_name = _("Practice and internship")

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from internships.models import Assessment, Period, Position, Programme

        # What moves by a workflow has its history in Change; these are edited.
        for model in (Programme, Period, Position, Assessment):
            auditlog.register(model, exclude_fields=["version", "created", "updated", "state_since"])
