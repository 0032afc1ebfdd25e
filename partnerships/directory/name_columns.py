"""The columns in which tables name people, and how their cells are read: one for all imports of people."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from partnerships.common.importer import Column
from partnerships.directory.validators import clean_phone

NAME_LENGTH = 100
# Besides letters, what names are written with.
_NAME_MARKS = set(" -'’ʼ`.·")


def clean_name(text: str) -> str:
    """A name of letters. Formulas, mark-up and emoji are no names, whoever put them there."""
    if len(text) > NAME_LENGTH:
        raise ValidationError(_("A name has at most %(most)d characters.") % {"most": NAME_LENGTH})
    letters = [c for c in text if unicodedata.category(c)[0] == "L"]
    odd = [c for c in text if c not in _NAME_MARKS and unicodedata.category(c)[0] not in "LM"]
    if odd or not letters:
        raise ValidationError(_("A name is written with letters, spaces, hyphens and apostrophes only."))
    return text


def clean_email(text: str) -> str:
    address = text.removeprefix("mailto:").strip("<> ").lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError(_("This is not an e-mail address.")) from error
    return address


NAME_COLUMNS = (
    Column(
        "family_name",
        lazy("Family name"),
        ("Soyad", "Soyadı", "Familiya", "Familiyası", "Surname", "Last name"),
        required=True,
        example="Məmmədova",
        clean=clean_name,
    ),
    Column(
        "given_name",
        lazy("Given name"),
        ("Ad", "Adı", "First name"),
        required=True,
        example="Nigar",
        clean=clean_name,
    ),
    Column(
        "patronymic",
        lazy("Patronymic"),
        ("Ata adı", "Atasının adı"),
        example="Elçin qızı",
        clean=clean_name,
        help=lazy("Not asked of foreigners."),
    ),
)
PHONE_COLUMN = Column(
    "phone",
    lazy("Phone"),
    ("Telefon", "Mobil", "Telefon nömrəsi", "Mobil nömrə", "Əlaqə nömrəsi", "Phone number"),
    example="+994 50 123 45 67",
    clean=clean_phone,
)


def whole_name(text: str) -> dict[str, str]:
    """“Məmmədova Nigar Elçin qızı”, as official lists write it."""
    family, _space, rest = text.partition(" ")
    given, _space, patronymic = rest.partition(" ")
    return {"family_name": family, "given_name": given, "patronymic": patronymic}


def name_then_family(text: str) -> dict[str, str]:
    """“Nigar Məmmədova”; the family name is the last word."""
    given, _space, family = text.rpartition(" ")
    return {"given_name": given, "family_name": family}


# One column that stands for several.
JOINED_NAMES = (
    Column(
        "whole_name",
        lazy("Family name, given name, patronymic"),
        (
            "Soyad, ad, ata adı",
            "Soyadı, adı, atasının adı",
            "Soyad, ad",
            "Soyadı, adı",
            "S.A.A.",
            "SAA",
            "Tələbənin S.A.A.",
            "Əməkdaşın S.A.A.",
            "Tələbənin soyadı, adı, atasının adı",
        ),
        parts=whole_name,
        gives=("family_name", "given_name", "patronymic"),
    ),
    Column(
        "name_then_family",
        lazy("Given name and family name"),
        ("Ad, soyad", "Adı, soyadı", "Full name", "Tələbənin adı, soyadı"),
        parts=name_then_family,
        gives=("family_name", "given_name"),
    ),
)
