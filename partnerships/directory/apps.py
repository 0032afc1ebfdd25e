from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "partnerships.directory"
    label = "directory"
    verbose_name = _("Directory")

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from partnerships.directory.access import stand_ins
        from partnerships.directory.models import Affiliation, Organization, Person, Study
        from partnerships.workflow.actors import deputies_through

        deputies_through(stand_ins)
        derived = ["folded", "sort_key", "version", "created", "updated"]
        auditlog.register(
            Person,
            exclude_fields=derived,
            mask_fields=["fin"],
            mask_callable="partnerships.directory.audit.hide",
        )
        auditlog.register(Affiliation, exclude_fields=["version", "created", "updated", "state_since"])
        auditlog.register(Study)
        auditlog.register(Organization, exclude_fields=[*derived, "path"])
