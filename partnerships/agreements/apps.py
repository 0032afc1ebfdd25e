from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgreementsConfig(AppConfig):
    name = "partnerships.agreements"
    label = "agreements"
    verbose_name = _("Agreements")

    def ready(self) -> None:
        from auditlog.registry import auditlog

        from partnerships.agreements.models import Agreement, AgreementType, Obligation, Party

        auditlog.register(
            Agreement,
            exclude_fields=[
                "folded",
                "version",
                "created",
                "updated",
                "state_since",
                "turn_since",
                "notice_at",
            ],
        )
        auditlog.register(Party)
        auditlog.register(AgreementType)
        auditlog.register(Obligation, exclude_fields=["version", "created", "updated"])
