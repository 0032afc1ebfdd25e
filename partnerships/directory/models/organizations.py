"""Organisations and their units in one tree, with their names, domains and identifiers."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partnerships.common.fields import FoldedField, SortKeyField, UidField
from partnerships.directory import enums, validators
from partnerships.directory.access import access_of
from partnerships.directory.cities import city_in_words
from partnerships.directory.enums import Kind


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def roots(self) -> "OrganizationQuerySet":
        return self.filter(parent=None)

    def below(self, node: "Organization") -> "OrganizationQuerySet":
        """The node and everything below it."""
        return self.filter(path__startswith=node.path)

    def partners(self) -> "OrganizationQuerySet":
        return self.filter(parent=None, is_partner=True, is_active=True)

    def visible_to(self, user: Any) -> "OrganizationQuerySet":
        """Organisations are public knowledge, so everybody sees the active ones."""
        return self if access_of(user).operates else self.filter(is_active=True)


class RootManager(models.Manager["Organization"]):
    kind: str | None = None

    def get_queryset(self) -> OrganizationQuerySet:
        queryset = OrganizationQuerySet(self.model, using=self._db)
        return queryset.filter(kind=self.kind) if self.kind else queryset.exclude(parent=None)


class Organization(models.Model):
    """A node of the tree whose roots are the organisations; units are the nodes below.

    `path` holds the keys from the root down, each closed by a dot ("12.345."), so that "and everything
    below" is a prefix. `root` is the organisation itself for a root. Names are rows (OrganizationName);
    `name`, `name_en` and `acronym` are their display copies, written by actions.set_names.
    """

    SHOWN = ("name", "name_en", "acronym", "path")  # its names and its place in the tree, for `only`

    uid = UidField()
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    root = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    path = models.CharField(max_length=200, editable=False, db_index=True, default="")
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    name = models.CharField(_("name in Azerbaijani"), max_length=255)
    name_en = models.CharField(_("name in English"), max_length=255, blank=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    folded = FoldedField(sources=["name", "name_en", "acronym"], max_length=600)
    sort_key = SortKeyField(sources=["name"])
    ownership = models.CharField(_("ownership"), max_length=8, choices=enums.Ownership, blank=True)
    country = models.CharField(
        _("country"), max_length=2, default="AZ", help_text=_("Two letters, ISO 3166-1.")
    )
    city = models.CharField(_("city"), max_length=120, blank=True)
    website = models.URLField(_("website"), blank=True)
    is_partner = models.BooleanField(_("partner of the portal"), default=False)
    is_operator = models.BooleanField(_("runs the portal"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    source = models.CharField(_("source"), max_length=40, blank=True, editable=False)
    edited_by_person = models.BooleanField(default=False, editable=False)
    checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(auto_now=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation or unit")
        verbose_name_plural = _("organisations and units")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_operator"], condition=Q(is_operator=True), name="one_operator"
            ),
            models.CheckConstraint(
                condition=Q(parent=None, kind__in=enums.ROOT_KINDS)
                | (~Q(parent=None) & ~Q(kind__in=enums.ROOT_KINDS)),
                name="organization_kind_fits_place",
                violation_error_message=_("Organisations stand at the root of the tree, units below them."),
            ),
        ]
        indexes = [models.Index(fields=["sort_key", "id"], name="organization_sorted")]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        """The page of the partner; a unit stands on that of its organisation."""
        return reverse("partner_detail", args=[self.slug if self.root_id == self.pk else self.root.slug])

    @property
    def has_page(self) -> bool:
        """Partners alone have one."""
        root = self if self.root_id == self.pk else self.root
        return root.is_partner and root.is_active

    @property
    def display_name(self) -> str:
        """The name in the reader's language, where there is one."""
        if (get_language() or "az").startswith("en") and self.name_en:
            return self.name_en
        return self.name

    @property
    def city_name(self) -> str:
        """The city in the reader's language."""
        return city_in_words(self.city)

    @property
    def short_name(self) -> str:
        return self.acronym or self.display_name

    @property
    def is_root(self) -> bool:
        return self.parent_id is None


class University(Organization):
    """A higher education institution: a root of the tree."""

    class Manager(RootManager):
        kind = Kind.UNIVERSITY

    objects = Manager()  # type: ignore[assignment]

    class Meta:
        proxy = True
        verbose_name = _("university")
        verbose_name_plural = _("universities")


class Company(Organization):
    """A company that takes students, states needs or hosts startups: a root of the tree."""

    class Manager(RootManager):
        kind = Kind.COMPANY

    objects = Manager()  # type: ignore[assignment]

    class Meta:
        proxy = True
        verbose_name = _("company")
        verbose_name_plural = _("companies")


class Unit(Organization):
    """A faculty, department or laboratory; an enterprise, network unit, substation or centre."""

    class Manager(RootManager):
        kind = None

    objects = Manager()  # type: ignore[assignment]

    class Meta:
        proxy = True
        verbose_name = _("unit")
        verbose_name_plural = _("units")


class OrganizationName(models.Model):
    """One name of an organisation in one language."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="names")
    language = models.CharField(_("language"), max_length=3, help_text=_("az, en, ru, tr …"))
    kind = models.CharField(_("kind"), max_length=8, choices=enums.NameKind, default=enums.NameKind.LABEL)
    text = models.CharField(_("name"), max_length=255)
    folded = FoldedField(sources=["text"], max_length=300, db_index=True)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "language"],
                condition=Q(kind="label"),
                name="one_label_per_language",
                violation_error_message=_("There is already a name in this language."),
            )
        ]

    def __str__(self) -> str:
        return self.text


class Domain(models.Model):
    """A mail or web domain of an organisation. Some are shared by two, so a domain only suggests."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="domains")
    domain = models.CharField(
        _("domain"), max_length=120, db_index=True, validators=[validators.validate_domain]
    )

    class Meta:
        verbose_name = _("domain")
        verbose_name_plural = _("domains")
        constraints = [models.UniqueConstraint(fields=["organization", "domain"], name="domain_once")]

    def __str__(self) -> str:
        return self.domain


class ExternalId(models.Model):
    """What a registry calls the organisation."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="external_ids")
    scheme = models.CharField(_("registry"), max_length=10, choices=enums.Scheme)
    value = models.CharField(_("identifier"), max_length=80)

    class Meta:
        verbose_name = _("external identifier")
        verbose_name_plural = _("external identifiers")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="external_id_once",
                violation_error_message=_("Another organisation has this identifier."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self) -> None:
        self.value = validators.clean_external_id(self.scheme, self.value)
