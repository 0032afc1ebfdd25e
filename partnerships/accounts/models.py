"""Accounts: an e-mail address, a language, and what the person agreed to."""

from typing import Any

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.common.paging import SIZES
from partnerships.common.prepared import Prepared


class Language(models.TextChoices):
    AZ = "az", "Azərbaycanca"
    EN = "en", "English"


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """Addresses are compared in small letters throughout (ASCII, so lower() is right here)."""
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":
        return self.create_user(email, password, **{**extra, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Who the person is stands in directory.Person, what they may do in their affiliations."""

    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("This address is taken.")}
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.AZ)
    page_size = models.PositiveSmallIntegerField(
        _("rows a page"), choices=[(size, str(size)) for size in SIZES], default=SIZES[0], db_default=SIZES[0]
    )
    # Whether there are any, so that lists ask for saved views only of people who have some.
    keeps_views = models.BooleanField(_("has saved views"), default=False, db_default=False, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the administration"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.email

    @property
    def person_id(self) -> int | None:
        """The key of the person this account belongs to; read once per instance."""
        if "_person_id" not in self.__dict__:
            if "person" not in self._state.fields_cache:
                self._read_person()
            person = getattr(self, "person", None)
            self.__dict__["_person_id"] = person.pk if person else None
        return self.__dict__["_person_id"]

    def _read_person(self) -> None:
        """As `person` reads it, in words that are made once: each request begins with it."""
        person = _PERSON.one(self.pk) if self.pk else None
        self._state.fields_cache["person"] = person
        if person is not None:
            person._state.fields_cache["user"] = self

    @property
    def display_name(self) -> str:
        person = getattr(self, "person", None)
        return person.name if person else self.email

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name


# The person stands in directory, above this app.
_PERSON: Prepared[Any] = Prepared(
    lambda key: apps.get_model("directory", "Person")._base_manager.filter(user_id=key)
)


class ConsentText(models.Model):
    """One version of the text on personal data; never edited once somebody has agreed to it."""

    number = models.PositiveSmallIntegerField(_("version"), unique=True)
    body_az = models.TextField(_("text in Azerbaijani"))
    body_en = models.TextField(_("text in English"))
    published = models.DateTimeField(_("published"), default=timezone.now)

    class Meta:
        verbose_name = _("personal-data text")
        verbose_name_plural = _("personal-data texts")
        ordering = ["-number"]
        get_latest_by = "number"

    def __str__(self) -> str:
        return f"№ {self.number}"


class Consent(models.Model):
    """That a person agreed to a version, and when; withdrawn, it stays as proof of the time before."""

    user = models.ForeignKey(User, models.CASCADE, related_name="consents", verbose_name=_("user"))
    text = models.ForeignKey(ConsentText, models.PROTECT, related_name="consents", verbose_name=_("version"))
    at = models.DateTimeField(_("when"), default=timezone.now)
    ip = models.GenericIPAddressField(_("address"), null=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [models.UniqueConstraint(fields=["user", "text"], name="consent_once")]

    def __str__(self) -> str:
        return str(self.text)
