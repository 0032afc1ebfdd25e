"""Fixtures of this direction's tests."""

import pytest
import time_machine
from django.core.cache import cache
from django.utils import translation

from internships import actions
from internships.enums import PlacementState, ProgrammeKind
from internships.models import Placement
from internships.tests import makers
from partnerships.documents import imports
from partnerships.testing import factories as make
from partnerships.testing.cast import all_read


@pytest.fixture
def english(cast, settings):
    """Pages and accounts in English, so that a test reads the words that stand in the code."""
    settings.LANGUAGE_CODE = "en"
    all_read(cast, "en")
    with translation.override("en"):
        yield


@pytest.fixture
def workers(django_capture_on_commit_callbacks):
    """Work starts when the verb has committed, as in production, inside the test's own transaction."""
    with pytest.MonkeyPatch.context() as patch:  # one that no maker and no word of a query meets
        for name in ("bring", "preview", "confirm"):
            verb = getattr(imports, name)

            def at_once(*args, _verb=verb, **kwargs):
                with django_capture_on_commit_callbacks(execute=True):
                    return _verb(*args, **kwargs)

            patch.setattr(imports, name, at_once)
        yield


@pytest.fixture
def practice(cast):
    """A practice of the curriculum, open, with three seats."""
    make.specialty()
    return makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=3, title="İstehsalat təcrübəsi")


@pytest.fixture
def made(cast):
    """An open internship with three seats."""
    return makers.programme(cast, title="Yay internshipi 2027", seats=3)


@pytest.fixture
def published(cast):
    """An internship that everybody sees."""
    return makers.programme(cast)


@pytest.fixture
def draft(cast):
    """An internship that its company alone sees yet."""
    return makers.programme(cast, published=False)


@pytest.fixture
def begun(cast, made):
    """The draft of a student for it."""
    return actions.start_application(makers.vacancy(made), actor=cast.user("student"))


@pytest.fixture
def summer(time_machine):
    """Friday of the first week, half past three in Baku."""
    cache.clear()
    time_machine.move_to("2027-06-18T11:30:00Z", tick=False)


@pytest.fixture
def before_the_summer():
    """The practices of makers are ahead."""
    with time_machine.travel("2027-03-02T08:00:00Z", tick=False):
        yield


@pytest.fixture
def after(cast, english):
    """A practice that is over, on the Monday after it."""
    with time_machine.travel("2027-06-14T08:00:00Z", tick=False):
        made = makers.active(cast, supervisor=cast.supervisor)
    Placement.objects.update(state=PlacementState.FINISHED)
    with time_machine.travel("2027-08-02T08:00:00Z", tick=False):
        yield makers.placement_again(made)
