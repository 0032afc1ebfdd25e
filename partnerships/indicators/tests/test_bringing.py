"""Reported values from a table: each waits for somebody else's confirmation, nothing comes twice."""

from decimal import Decimal

from partnerships.common.clock import today
from partnerships.indicators import bringing, catalogue
from partnerships.indicators.models import ReportedValue
from partnerships.testing import tables
from partnerships.testing.tables import confirm, fates

HEAD = ["Mənbə", "Göstərici", "İl", "Dəyər", "Tərəfdaş", "Üsul"]


def previewed(cast, who, rows):
    context = {"organization": cast.azerisiq.pk}
    return tables.bring(bringing.KIND, [HEAD, *rows], context=context, actor=cast.user(who))


def test_values_come_as_if_reported_and_a_second_time_nothing(cast):
    year, title = today().year, str(catalogue.reported_ones()[0].title)
    rows = [
        ["Hesabat № 14", title, year, "12 500,50", cast.aztu.acronym, "hesablanib"],
        ["hesabat № 14", title, year, "12500.5", cast.aztu.acronym, ""],
        ["Hesabat № 15", "Belə göstərici yoxdur", year, 3, "", ""],
        ["Hesabat № 16", title, year + 1, 3, "", ""],
        ["Hesabat № 17", title, year, -3, "", ""],
        ["Hesabat № 18", title, year, 3, cast.azerisiq.name, ""],
    ]
    run = previewed(cast, "hr", rows)
    assert fates(run) == ["add", "refuse", "refuse", "refuse", "refuse", "refuse"]
    confirm(run)
    made = ReportedValue.objects.get()
    assert (made.amount, made.partner, made.grade) == (Decimal("12500.5"), cast.aztu, "calculated")
    assert (made.state, made.reported_by) == ("reported", cast.hr)
    assert fates(previewed(cast, "hr", rows[:1])) == ["nothing"]


def test_only_who_reads_an_organisations_numbers_brings_them(cast, login):
    address = "/indicators/values/import/"
    answers = {who: login(who).get(address).status_code for who in ("hr", "coordinator", "student", "admin")}
    assert answers == {"hr": 200, "coordinator": 200, "student": 403, "admin": 403}
    assert login("coordinator").get(address, {"at": cast.azerisiq.slug}).status_code == 404
