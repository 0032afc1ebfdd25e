"""What every app builds on: abstract rows, gap-free numbers, jobs, days off."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.common.clock import AHEAD
from partnerships.common.fields import UidField
from partnerships.common.told import SaidJSONField


class Personal(models.Model):
    """A record about people: named in addresses by a random uid, its edits counted by `version`.

    `version` lets the second of two editors be shown the difference (see common.forms.VersionedForm).
    """

    uid = UidField()
    version = models.PositiveIntegerField(default=1, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: Any) -> str:  # noqa: N802 - Django's name for what get_state_display asks
        """Django's own hashes every label of the field for each row; a list of fifty pays for that."""
        value = getattr(self, field.attname)
        return str(next((label for key, label in field.flatchoices if key == value), value))


class Counter(models.Model):
    """The last number given out in a series and year; the row is locked while the next is taken."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="counter_series_year")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.value}"


def next_number(series: str, year: int) -> str:
    """The next human number of a series, such as TEC-2026-00042, without gaps.

    Must run inside the transaction that uses the number: rolled back with it, the number is not lost.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that uses it")
    Counter.objects.get_or_create(series=series, year=year)
    counter = Counter.objects.select_for_update().get(series=series, year=year)
    counter.value += 1
    counter.save(update_fields=["value"])
    return f"{series}-{year}-{counter.value:05d}"


class JobState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


WORKING = (JobState.QUEUED, JobState.RUNNING)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, user: Any) -> "JobQuerySet":
        """One's own; nobody's who comes by a link and has no account."""
        account = getattr(user, "pk", None)
        return self.filter(owner_id=account) if account else self.none()

    def forgotten(self) -> "JobQuerySet":
        """Queued or running, yet nobody holds a lease on them: to be started (again)."""
        now = timezone.now()
        old = models.Q(created__lt=now - timedelta(seconds=30)) | models.Q(created__gt=now + AHEAD)
        over = models.Q(leased_until__lt=now) | models.Q(leased_until__gt=now + AHEAD)
        return self.filter(
            (models.Q(state=JobState.QUEUED) & old) | (models.Q(state=JobState.RUNNING) & over)
        )


class Job(Personal):
    """Work longer than a request, with progress and a result that can be found again."""

    kind = models.CharField(_("kind"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="jobs", verbose_name=_("owner")
    )
    state = models.CharField(_("state"), max_length=10, choices=JobState, default=JobState.QUEUED)
    arguments = models.JSONField(default=dict)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("total"), default=0)
    result = SaidJSONField(_("result"), default=dict)
    error = models.TextField(_("error"), blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, editable=False)
    finished = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [models.Index(fields=["state", "leased_until"], name="job_state_lease")]

    def __str__(self) -> str:
        # Neither its kind, which is a key of the code, nor its uid, which is an address of its owner alone.
        return f"{timezone.localtime(self.created):%d.%m.%Y %H:%M:%S}"

    @property
    def is_working(self) -> bool:
        """Whether a worker has it, or will."""
        return self.state in WORKING


class KeptAnswer(models.Model):
    """What a POST with an Idempotency-Key was answered, for a day; see common.once."""

    key = models.CharField(max_length=64, unique=True)  # a hash, with the token or account that sent it
    request = models.CharField(max_length=64)  # a hash of method, address and body
    claim = models.UUIDField()  # whose row it is, of two who wrote it at once
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    rights = models.CharField(max_length=16, blank=True)  # a mark of what the sender could do then
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"{timezone.localtime(self.created):%d.%m.%Y %H:%M:%S}"


class DayOff(models.Model):
    """A correction to the public holidays that the `holidays` package knows."""

    date = models.DateField(_("date"), unique=True)
    working = models.BooleanField(_("a working day after all"), default=False)
    name = models.CharField(_("name"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date:%d.%m.%Y} {self.name}"
