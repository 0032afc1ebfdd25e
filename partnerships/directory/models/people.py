"""People, what they are where, and what they study and can."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships.common.among import Among
from partnerships.common.fields import FoldedField, SortKeyField
from partnerships.common.lexicon import LexiconIndex
from partnerships.common.models import Personal
from partnerships.directory import enums, validators
from partnerships.directory.access import access_of
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models.organizations import Organization


class Specialty(models.Model):
    """A specialty of higher education, by the code of the classifier."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name in Azerbaijani"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    degree = models.CharField(_("level"), max_length=10, choices=enums.Degree, default=enums.Degree.BACHELOR)
    folded = FoldedField(sources=["code", "name", "name_en"])
    sort_key = SortKeyField(sources=["name"])

    class Meta:
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")
        ordering = ["sort_key", "code"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name_en if (get_language() or "az").startswith("en") and self.name_en else self.name


class Skill(models.Model):
    """A word of the one vocabulary of skills that needs, places and courses share."""

    name = models.CharField(_("name in Azerbaijani"), max_length=100, unique=True)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    folded = FoldedField(sources=["name", "name_en"])
    sort_key = SortKeyField(sources=["name"])

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name_en if (get_language() or "az").startswith("en") and self.name_en else self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Any) -> "PersonQuerySet":
        """Oneself; the people of one's organisation for those who look after it; an administrator all.

        Applicants are seen through their applications, not here.
        """
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        # Asked of each person: those of a large university are twenty thousand, and a name finds a few.
        theirs = Exists(_kept(access).order_by().filter(person_id=OuterRef("pk")))
        return self.filter(Q(pk=access.person_id) | theirs)

    def kept_by(self, user: Any) -> "PersonQuerySet":
        """The same but oneself, found from those who are looked after: they are few beside all people."""
        access = access_of(user)
        if access.administers or access.person_id is None:
            return self.visible_to(user)
        return self.filter(Among("pk", _kept(access).values("person_id")))


def _kept(access: Any) -> "AffiliationQuerySet":
    """The affiliations of those who are looked after, whose people may therefore be seen."""
    kept = Q(organization_id__in=access.nodes(*KEEPERS))
    if access.operates:
        kept |= Q(pk__in=Affiliation.objects.orphaned().order_by().values("pk"))
    return Affiliation.objects.filter(kept).exclude(state=AffiliationState.REFUSED)


# Roles that look after the people of their organisation.
KEEPERS = (Role.COORDINATOR, Role.HR, Role.ADMINISTRATOR)


class Person(Personal):
    """Somebody, with or without an account."""

    SHOWN = ("given_name", "family_name", "patronymic", "erased_at")  # what a name is made of, for `only`

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("account")
    )
    given_name = models.CharField(_("given name"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100)
    patronymic = models.CharField(_("patronymic"), max_length=100, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True, validators=[validators.validate_phone])
    orcid = models.CharField(_("ORCID"), max_length=19, blank=True, validators=[validators.validate_orcid])
    fin = models.CharField(
        _("personal code (FIN)"), max_length=7, blank=True, validators=[validators.validate_fin]
    )
    is_foreigner = models.BooleanField(_("citizen of another country"), default=False)
    skills = models.ManyToManyField(Skill, blank=True, verbose_name=_("skills"), related_name="people")
    folded = FoldedField(
        sources=["given_name", "family_name", "patronymic", "given_name", "email"], max_length=600
    )
    sort_key = SortKeyField(sources=["family_name", "given_name", "patronymic"])
    erased_at = models.DateTimeField(null=True, editable=False)
    # What a mail server answered for good about that address: it counts as long as the address is theirs.
    failed_address = models.EmailField(blank=True, editable=False)
    failed_since = models.DateTimeField(null=True, editable=False)
    failed_answer = models.CharField(max_length=300, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fin"],
                condition=~Q(fin=""),
                name="person_fin_once",
                violation_error_message=_("Another person has this personal code."),
            )
        ]
        indexes = [
            models.Index(fields=["email"], name="person_email"),
            models.Index(
                fields=["failed_address"], condition=~models.Q(failed_address=""), name="person_unreachable"
            ),
            models.Index(fields=["sort_key", "id"], name="person_sorted"),
            LexiconIndex("folded", name="person_folded"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """As pages write it; somebody who was erased has none."""
        if self.erased_at is not None:
            return str(_("Erased person"))
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def full_name(self) -> str:
        """As documents write it: family name, given name, patronymic."""
        if self.erased_at is not None:
            return self.name
        return " ".join(part for part in (self.family_name, self.given_name, self.patronymic) if part)

    @property
    def is_unreachable(self) -> bool:
        """Letters to their address come back."""
        return bool(self.email) and self.failed_address == self.email

    @property
    def masked_fin(self) -> str:
        return f"•••••{self.fin[-2:]}" if self.fin else ""

    @property
    def language(self) -> str:
        return self.user.language if self.user else "az"


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def verified(self) -> "AffiliationQuerySet":
        return self.filter(state=AffiliationState.VERIFIED)

    def current(self, day: Any = None) -> "AffiliationQuerySet":
        """Verified and running on that day (today in Baku by default)."""
        from partnerships.common.clock import today

        day = day or today()
        return self.verified().filter(starts__lte=day).filter(Q(ends=None) | Q(ends__gte=day))

    def waiting(self) -> "AffiliationQuerySet":
        return self.filter(state__in=[AffiliationState.SUGGESTED, AffiliationState.REQUESTED])

    def orphaned(self) -> "AffiliationQuerySet":
        """At universities that have no coordinator: the partnership manager looks after them."""
        kept = Affiliation.objects.current().filter(role=Role.COORDINATOR).values("organization__root_id")
        return self.filter(organization__root__kind=Kind.UNIVERSITY).exclude(organization__root_id__in=kept)

    def visible_to(self, user: Any) -> "AffiliationQuerySet":
        access = access_of(user)
        if access.administers:
            return self
        if access.person_id is None:
            return self.none()
        rows = Q(person_id=access.person_id) | access.q("organization", *KEEPERS)
        if access.operates:
            rows |= Q(pk__in=Affiliation.objects.orphaned().values("pk"))
        return self.filter(rows)


class Affiliation(Personal):
    """A person's role at an organisation or unit from a date to a date; power only once verified."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="affiliations", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="affiliations", verbose_name=_("organisation or unit")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role)
    position = models.CharField(pgettext_lazy("at work", "position"), max_length=160, blank=True)
    starts = models.DateField(_("from"))
    ends = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AffiliationState, default=AffiliationState.REQUESTED
    )
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by whom"),
    )
    verified_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        ordering = ["-starts", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organization", "role"],
                condition=Q(ends=None) & ~Q(state="refused"),
                name="affiliation_once",
                violation_error_message=_("This person already has this role here."),
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")),
                name="affiliation_dates",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "role", "state"], name="affiliation_of_unit"),
            # The pills of the list of people are counted in it: those who wait are few among all.
            models.Index(fields=["state", "organization", "person"], name="affiliation_by_state"),
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())

    @property
    def is_current(self) -> bool:
        from partnerships.common.clock import today

        day = today()
        running = self.starts <= day and (self.ends is None or self.ends >= day)
        return self.state == AffiliationState.VERIFIED and running


class Study(models.Model):
    """What a student studies: the particulars of an affiliation with the role of student."""

    affiliation = models.OneToOneField(Affiliation, models.CASCADE, related_name="study")
    specialty = models.ForeignKey(
        Specialty, models.PROTECT, null=True, blank=True, verbose_name=_("specialty")
    )
    degree = models.CharField(_("level"), max_length=10, choices=enums.Degree, default=enums.Degree.BACHELOR)
    year = models.PositiveSmallIntegerField(_("year of study"), default=1)
    gpa = models.DecimalField(
        _("GPA (0–100)"), max_digits=5, decimal_places=2, null=True, blank=True, validators=validators.GPA
    )
    mode = models.CharField(
        _("mode"), max_length=9, choices=enums.StudyMode, default=enums.StudyMode.FULL_TIME
    )
    student_number = models.CharField(_("student number"), max_length=30, blank=True)
    group = models.CharField(_("group"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("studies")
        verbose_name_plural = _("studies")
        constraints = [
            models.CheckConstraint(
                condition=Q(gpa=None) | Q(gpa__gte=0, gpa__lte=100),
                name="study_gpa_range",
                violation_error_message=_("The GPA lies between 0 and 100."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1, year__lte=8),
                name="study_year_range",
                violation_error_message=_("The year of study lies between 1 and 8."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.specialty} {self.year}"

    @property
    def version(self) -> int:
        """That of the affiliation whose particulars these are: who edits either is told of the other."""
        return self.affiliation.version


class Invitation(Personal):
    """A code that gives whoever redeems it a role at a unit, verified by the one who made it."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="invitations", verbose_name=_("organisation or unit")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.STUDENT)
    code = models.CharField(_("code"), max_length=16, unique=True)
    note = models.CharField(_("for whom"), max_length=120, blank=True)
    uses_left = models.PositiveIntegerField(_("uses left"), default=1)
    expires = models.DateTimeField(_("valid until"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.code

    @property
    def is_open(self) -> bool:
        """Whether somebody could still be confirmed by it."""
        return self.uses_left > 0 and self.expires >= timezone.now()

    @property
    def standing(self) -> str:
        if self.expires < timezone.now():
            return pgettext("invitation", "over")
        return (
            pgettext("invitation", "works") if self.uses_left else pgettext("invitation", "used up or closed")
        )
