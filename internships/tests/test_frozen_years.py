"""Finished years stay as they were counted until something of them changes, or somebody counts them anew."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from internships.models import Placement
from internships.tests import makers
from partnerships.common.clock import today
from partnerships.common.refusals import Missing, Refused
from partnerships.indicators import actions, catalogue, freezing
from partnerships.indicators.models import Measure, YearCounted
from partnerships.indicators.printing import _data
from partnerships.indicators.reports import Scope, overview
from partnerships.workflow.actors import SYSTEM
from partnerships.workflow.models import Change, record

KEY = "internships.practices"
PAST = today().year - 2


@pytest.fixture
def old(cast):
    """A practice of the year before last, counted."""
    placed = makers.placement(cast)
    Placement.objects.filter(pk=placed.pk).update(starts=date(PAST, 3, 1), ends=date(PAST, 5, 1))
    actions.collect([KEY], [PAST])
    return Placement.objects.get(pk=placed.pk)


def value(year=PAST):
    found = Measure.objects.filter(indicator=KEY, year=year, place="").values_list("value", flat=True)
    return found[0] if found else Decimal(0)


def at(year=PAST):
    return YearCounted.objects.get(indicator=KEY, year=year).counted_at


def test_a_finished_year_is_not_counted_again_while_nothing_of_it_changes(cast, old, settings):
    before = at()
    makers.placement(cast, who="student2")  # much happens, in another year
    assert (actions.collect([KEY], [PAST]), at()) == (0, before)
    # So far it is looked through: the next time begins there.
    assert YearCounted.objects.get(indicator=KEY, year=PAST).mark == freezing.mark_now()
    Measure.objects.filter(indicator=KEY, year=PAST).update(value=77)  # would be put right by counting
    assert (actions.collect([KEY], [PAST]), value()) == (0, 77)
    settings.INDICATORS_OPEN_DAYS = 1000  # still open
    actions.collect([KEY], [PAST])
    assert (at() > before, value()) == (True, 1)


@pytest.mark.parametrize("where", ["the row", "a row beside it"])
def test_a_change_of_the_row_or_of_what_it_hangs_on_has_its_year_counted_again(cast, old, where):
    Measure.objects.filter(indicator=KEY, year=PAST).update(value=77)
    record(old if where == "the row" else old.host, "edit", actor=SYSTEM)
    actions.collect([KEY], [PAST])
    assert value() == 1


def test_a_row_that_has_left_its_year_is_missed_there(cast, old):
    Placement.objects.filter(pk=old.pk).update(starts=date(PAST - 1, 3, 1))
    record(old, "edit", actor=SYSTEM)
    actions.collect([KEY], [PAST, PAST - 1])
    assert (value(), value(PAST - 1)) == (0, 1)


def test_what_an_indicator_looks_at_is_read_from_its_lookups():
    known = catalogue.indicators()
    found = {(path, model.__name__) for path, model in freezing._looked_at(known["internships.hired"])}
    assert found >= {("pk", "Placement"), ("outcome", "Outcome"), ("host", "Organization")}


def test_whoever_runs_the_partnership_counts_a_year_anew_with_a_reason(cast, old, login):
    page = f"{reverse('indicators:recount', args=[KEY])}?year={PAST}"
    for who, status in (("coordinator", 403), ("hr", 403), ("student", 403)):
        assert login(who).get(page).status_code == status, who
    Measure.objects.filter(indicator=KEY, year=PAST).update(value=77)
    keeper = login("partnerships")
    assert keeper.post(page, {"note": " "}).status_code == 422
    assert (keeper.post(page, {"note": "Köhnə jurnal tapıldı"}).status_code, value()) == (302, 1)
    change = Change.objects.get(verb="recount")
    assert (change.note, change.data) == ("Köhnə jurnal tapıldı", {"from": "77.0000", "to": "1.0000"})
    shown = keeper.get(f"/indicators/{KEY}/?year={PAST}")
    assert (len(shown.context["counting"]), shown.context["finished"]) == (1, True)
    assert "Köhnə jurnal tapıldı" in shown.content.decode()
    user = cast.user("partnerships")
    with pytest.raises(Missing):
        actions.recount(KEY, PAST, actor=user, note="")
    with pytest.raises(ValidationError):
        actions.recount(KEY, today().year - 20, actor=user, note="x")
    with pytest.raises(Refused):
        actions.recount(KEY, PAST, actor=cast.user("hr"), note="x")


def test_the_report_names_the_day_on_which_its_year_was_counted(cast, old):
    day = today() - timedelta(days=40)
    moment = at() - timedelta(days=40)
    YearCounted.objects.filter(indicator=KEY, year=PAST).update(counted_at=moment)
    scope = Scope(None, None, False)
    assert _data(overview(scope, PAST), "x")["counted"] == day
    assert _data(overview(scope, PAST - 3), "x")["counted"] is None
