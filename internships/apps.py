from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InternshipsConfig(AppConfig):
    name = "internships"
    verbose_name = _("Practice and internship")

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from internships.models import (
            Assessment,
            Clearance,
            HazardClass,
            MentorLimit,
            OnboardingTask,
            Outcome,
            Period,
            Position,
            Programme,
            UnitHazard,
        )

        # What moves by a workflow has its history in Change; these are edited.
        for model in (Programme, Period, Position, Assessment, Clearance, OnboardingTask, Outcome):
            auditlog.register(model, exclude_fields=["version", "created", "updated", "state_since"])
        for reference in (HazardClass, UnitHazard, MentorLimit):
            auditlog.register(reference)
