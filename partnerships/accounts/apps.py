from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# What the packages of signing in are called in the administration: one of them calls itself as we do.
SECTIONS = {
    "account": pgettext_lazy("administration", "Sign-in addresses"),
    "mfa": pgettext_lazy("administration", "Second factors"),
    "usersessions": pgettext_lazy("administration", "Sign-ins"),
}
MODELS: dict[tuple[str, str], tuple[Any, Any]] = {
    ("mfa", "authenticator"): (
        pgettext_lazy("administration", "second factor"),
        pgettext_lazy("administration", "second factors"),
    ),
    ("usersessions", "usersession"): (
        pgettext_lazy("administration", "sign-in"),
        pgettext_lazy("administration", "sign-ins"),
    ),
}


class AccountsConfig(AppConfig):
    name = "partnerships.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        for label, words in SECTIONS.items():
            self.apps.get_app_config(label).verbose_name = words
        for (label, name), (one, many) in MODELS.items():
            meta = self.apps.get_model(label, name)._meta
            meta.verbose_name, meta.verbose_name_plural = one, many
