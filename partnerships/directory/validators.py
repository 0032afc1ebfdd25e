"""Checks shared by models, forms and serializers: identifiers with check digits, phones, domains."""

import re
from decimal import Decimal

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _
from stdnum.az import voen as voen_number
from stdnum.exceptions import ValidationError as NumberError
from stdnum.iso7064 import mod_11_2

from partnerships.common.text import in_quotes

GPA = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
_DOMAIN = re.compile(r"(?=.{4,120}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}")
_ROR = re.compile(r"0[a-hj-km-np-tv-z0-9]{6}[0-9]{2}")
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_FIN = re.compile(r"[0-9A-HJ-NP-Z]{7}")


def validate_domain(value: str) -> None:
    if not _DOMAIN.fullmatch(value):
        raise ValidationError(
            _("“%(value)s” is not a domain such as aztu.edu.az."), params={"value": in_quotes(value)}
        )


def validate_orcid(value: str) -> None:
    """An ORCID with its ISO 7064 mod 11-2 check digit."""
    if not _ORCID.fullmatch(value) or not mod_11_2.is_valid(value.replace("-", "")):
        raise ValidationError(_("This is not an ORCID: the check digit does not fit."))


def validate_fin(value: str) -> None:
    if not _FIN.fullmatch(value):
        raise ValidationError(_("The personal code (FIN) has seven letters and digits, without I and O."))


def validate_phone(value: str) -> None:
    """A number that can be called from abroad; national Azerbaijani numbers are understood too."""
    clean_phone(value)


def clean_phone(value: str) -> str:
    """E.164 ("+994501234567") from what a person typed; ValidationError when it is no number."""
    try:
        number = phonenumbers.parse(value, "AZ")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(
            _("This is not a phone number. Write it with its country code: +994 50 123 45 67.")
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_external_id(scheme: str, value: str) -> str:
    """The identifier in its canonical form; ValidationError when its check digit or form is wrong."""
    value = value.strip()
    if scheme == "voen":
        try:
            return voen_number.validate(value)
        except NumberError as error:
            raise ValidationError(_("This is not a VÖEN: ten digits with a check digit.")) from error
    if scheme == "ror":
        short = value.rsplit("/", 1)[-1].lower()
        if not _ROR.fullmatch(short) or not _ror_checks(short):
            raise ValidationError(_("This is not a ROR identifier such as https://ror.org/05wpdy090."))
        return f"https://ror.org/{short}"
    return value


def _ror_checks(short: str) -> bool:
    """Crockford base32 over the first seven characters, checked by ISO/IEC 7064 mod 97-10 (ROR's rule)."""
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"
    number = 0
    for letter in short[:7]:
        number = number * 32 + alphabet.index(letter)
    return 98 - (number * 100) % 97 == int(short[7:])
