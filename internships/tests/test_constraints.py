"""What must never be is refused by the database itself, after all migrations, on this engine."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState
from django.utils import timezone

from internships import actions
from internships.models import Application, Choice, Interview
from internships.tests import makers
from partnerships.common.constraints import NoOverlap
from partnerships.directory.models import Study
from partnerships.seats.models import Hold, Pool, Quota
from partnerships.testing.cast import build
from partnerships.workflow.models import Change


@pytest.fixture
def talk(cast):
    return two_talks(cast)


def two_talks(cast):
    """A scheduled interview, and an unsaved one of another candidate with the same interviewer."""
    made = makers.programme(cast, endorsement_required=False)
    first, second = makers.sent(cast, made), makers.sent(cast, made, "colleague")
    starts = timezone.now() + timedelta(days=1)
    held = actions.invite(
        first,
        actor=cast.user("hr"),
        interviewer=cast.mentor,
        starts=starts,
        ends=starts + timedelta(minutes=30),
        place="3 nömrəli otaq",
    )
    other = Interview(
        application=second,
        candidate=second.person,
        programme=second.programme,
        interviewer=cast.mentor,
        starts=starts + timedelta(minutes=15),
        ends=starts + timedelta(minutes=45),
        place="1 nömrəli otaq",
    )
    return held, other


def refused(write):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    return str(error.value)


def test_an_overlapping_insert_is_refused(talk):
    _held, other = talk
    assert "interviewer_in_one_place" in refused(other.save)


def test_an_update_of_the_times_is_refused(talk):
    held, other = talk
    other.starts, other.ends = held.ends, held.ends + timedelta(minutes=30)
    other.save()
    moved = Interview.objects.filter(pk=other.pk)
    assert "interviewer_in_one_place" in refused(lambda: moved.update(starts=held.starts))


def test_an_update_that_makes_a_row_active_again_is_refused(talk):
    _held, other = talk
    other.active = False
    other.save()
    assert "interviewer_in_one_place" in refused(
        lambda: Interview.objects.filter(pk=other.pk).update(active=True)
    )


def test_spans_that_touch_do_not_overlap(talk):
    held, other = talk
    other.starts, other.ends = held.ends, held.ends + timedelta(minutes=30)
    other.full_clean()
    other.save()
    assert Interview.objects.filter(active=True).count() == 2


def test_a_form_is_told_before_the_database_has_to(talk):
    _held, other = talk
    with pytest.raises(ValidationError) as error:
        other.full_clean()
    assert error.value.error_dict["__all__"][0].code == "interviewer_busy"


@pytest.mark.django_db(transaction=True)
def test_the_constraint_outlives_a_later_change_of_the_table():
    """On SQLite a change of a column remakes the table; a trigger that it does not know would be gone."""
    before = ProjectState.from_apps(apps)
    after = before.clone()
    alter = migrations.AlterField("interview", "place", models.CharField(max_length=250, blank=True))
    alter.state_forwards("internships", after)
    with connection.schema_editor() as editor:
        alter.database_forwards("internships", editor, before, after)
    try:
        _held, other = two_talks(build())
        assert "interviewer_in_one_place" in refused(other.save)
    finally:
        with connection.schema_editor() as editor:
            alter.database_backwards("internships", editor, after, before)


def test_a_pool_cannot_be_oversold(cast):
    makers.programme(cast, seats=2)
    assert "pool_not_oversold" in refused(lambda: Pool.objects.update(taken=3))


def test_a_quota_cannot_be_oversold(cast):
    made = makers.programme(cast)
    Quota.objects.create(pool=makers.vacancy(made).pool, organization=cast.aztu, places=1)
    assert "quota_not_oversold" in refused(lambda: Quota.objects.update(taken=2))


def test_one_live_hold_per_claimant(cast):
    pool = makers.vacancy(makers.programme(cast)).pool
    Hold.objects.create(pool=pool, claimant=7)
    refused(lambda: Hold.objects.create(pool=pool, claimant=7))
    Hold.objects.update(state="released")
    Hold.objects.create(pool=pool, claimant=7)


def test_one_application_of_a_person_to_a_programme(cast):
    application = makers.draft(cast, makers.programme(cast))
    refused(lambda: Application.objects.create(programme=application.programme, person=application.person))


def test_one_place_is_chosen_once_and_each_rank_once(cast):
    made = makers.programme(cast)
    second = makers.place(cast, made)
    application = makers.draft(cast, made)
    chosen = makers.vacancy(made)
    refused(lambda: Choice.objects.create(application=application, rank=2, vacancy=chosen))
    refused(lambda: Choice.objects.create(application=application, rank=1, vacancy=second))


def test_a_gpa_beyond_the_scale_is_refused(cast):
    refused(lambda: Study.objects.update(gpa=101))


def test_history_cannot_lose_its_author(cast):
    makers.draft(cast, makers.programme(cast))
    assert Change.objects.filter(user=cast.user("student")).exists()
    with pytest.raises(models.ProtectedError):
        cast.user("student").delete()


def test_every_no_overlap_stands_in_the_database_after_all_migrations(db):
    expected = {
        c.name for model in apps.get_models() for c in model._meta.constraints if isinstance(c, NoOverlap)
    }
    assert expected == {"interviewer_in_one_place", "candidate_in_one_place", "thing_kept_once"}
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            found = {row[0].rsplit("_", 1)[0] for row in cursor.fetchall()}
        else:
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
            found = {row[0] for row in cursor.fetchall()}
    assert expected <= found
