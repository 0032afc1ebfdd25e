"""What packages say to people is said in Azerbaijani, and where theirs is unnatural ours wins."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation

from partnerships.common import extraction
from partnerships.common.package_words import SAID_BETTER

# Words that are the same in both languages, and patterns that hold no word.
SAME = {"MFA", "ID", "Token", "WebAuthn", "%(class_name)s %(instance)s", "API"}
PACKAGES = ("rest_framework", "django_filters", "auditlog", "knox", "allauth.mfa", "allauth.usersessions")


def said_by(package: str) -> list[extraction.Found]:
    root = Path(str(import_module(package).__file__)).parent
    files = [
        path
        for path in extraction._files(root)
        if "management" not in path.parts and "authtoken" not in path.parts
    ]
    return list(extraction._harvest(files, root.parent).messages.values())


def in_azerbaijani(found: extraction.Found) -> str:
    with translation.override("az"):
        if found.plural:
            return translation.ngettext(found.msgid, found.plural, 3)
        if found.context:
            return translation.pgettext(found.context, found.msgid)
        return translation.gettext(found.msgid)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_message_of_a_package_is_said_in_azerbaijani(package: str) -> None:
    english = [
        found.msgid
        for found in said_by(package)
        if found.msgid not in SAME and in_azerbaijani(found) in (found.msgid, found.plural)
    ]
    assert english == []


def test_the_packages_have_messages_to_be_said() -> None:
    assert [package for package in PACKAGES if not said_by(package)] == []


def test_our_words_win_over_those_of_a_package() -> None:
    with translation.override("az"):
        assert translation.gettext("Forgot your password?") == "Şifrəni unutmusunuz?"
        assert translation.gettext("This field is required.") == "Bu sahəni doldurun."
        assert translation.pgettext("alt. month", "November") == "noyabr"


def test_what_is_said_better_is_said_at_all() -> None:
    words = [word for word in SAID_BETTER if isinstance(word, str)]
    with translation.override("az"):
        assert [word for word in words if translation.gettext(word) == word] == []


def test_a_message_that_a_package_translates_under_a_context_is_not_asked_of_us() -> None:
    assert ("naturaltime-past", "%(num)d day") not in extraction.foreign_messages("az").messages


def test_a_name_that_django_capitalises_keeps_its_dot() -> None:
    """Python makes I of i, so such names begin with İ in the catalogue already."""
    with translation.override("az"):
        names = {
            str(name)
            for model in apps.get_models()
            for name in (
                model._meta.verbose_name,
                model._meta.verbose_name_plural,
                *(getattr(field, "verbose_name", "") for field in model._meta.get_fields()),
            )
        }
    assert sorted(name for name in names if name.startswith("i") and name not in ("id", "ip")) == []
