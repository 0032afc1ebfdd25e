"""Ideas from a table: each one as if noted by hand, nothing twice."""

from datetime import timedelta

from django.utils.translation import override

from partnerships.common.clock import today
from partnerships.ideas import bringing
from partnerships.ideas.models import Idea
from partnerships.testing import tables
from partnerships.testing.tables import confirm, fates

HEAD = ["Məsul", "Təklif", "Tərəfdaş", "Növbəti addım", "Son tarix"]
SOON = (today() + timedelta(days=9)).strftime("%d.%m.%Y")
PAST = (today() - timedelta(days=9)).strftime("%d.%m.%Y")


def previewed(cast, who, rows):
    context = {"organization": cast.azerisiq.pk}
    return tables.bring(bringing.KIND, [HEAD, *rows], context=context, actor=cast.user(who))


def test_ideas_come_as_if_noted_and_a_second_time_nothing(cast):
    rows = [
        ["", "Yağın onlayn diaqnostikası", cast.aztu.name.replace("ə", "e"), "Görüş", SOON],
        [cast.partnerships.name, "Dron ilə yoxlama", "", "Sınaq", SOON],
        ["", "yagin onlayn diaqnostikasi", "", "Görüş", SOON],
        ["Tanınmaz Adam", "Batareya", "", "Görüş", SOON],
        ["", "Keçmiş", "", "Görüş", PAST],
        ["", "Naməlum", "Belə universitet yoxdur", "Görüş", SOON],
    ]
    run = previewed(cast, "hr", rows)
    assert fates(run) == ["add", "add", "refuse", "refuse", "refuse", "refuse"]
    confirm(run)
    first, second = Idea.objects.order_by("pk")
    assert (first.partner, first.owner, first.home) == (cast.aztu, cast.hr, cast.azerisiq)
    assert (second.title, second.owner, second.noted_by) == ("Dron ilə yoxlama", cast.partnerships, cast.hr)
    assert fates(previewed(cast, "hr", rows[:2])) == ["nothing", "nothing"]


def test_the_preview_says_that_a_day_on_which_it_was_said_lies_ahead(cast):
    rows = [[*HEAD, "Tarix"]]
    rows += [["", title, "", "Görüş", SOON, day] for title, day in (("Dron", PAST), ("Batareya", SOON))]
    run = tables.bring(bringing.KIND, rows, context={"organization": cast.azerisiq.pk}, actor=cast.user("hr"))
    assert fates(run) == ["add", "refuse"]
    confirm(run)
    assert [idea.title for idea in Idea.objects.all()] == ["Dron"]


def test_only_who_notes_ideas_there_brings_them(cast, login):
    answers = {who: login(who).get("/ideas/import/").status_code for who in ("hr", "coordinator", "student")}
    assert answers == {"hr": 200, "coordinator": 200, "student": 403}
    assert not bringing.IdeasImport.may(cast.user("coordinator"), {"organization": cast.azerisiq.pk})


def test_a_column_of_a_few_words_says_them_in_the_readers_language():
    where = bringing.IdeasImport.table["came_up"]
    told = {}
    for language in ("az", "en"):
        with override(language):
            told[language] = (where.sample, where.explained, where.clean("SƏFƏRDƏ"))
    assert told == {
        "az": (
            "Görüşdə",
            "Bunlardan birini yazın: Görüşdə; Səfər zamanı; Tədbirdə; Söhbətdə və ya məktubda.",
            "visit",
        ),
        "en": (
            "At a meeting",
            "Write one of these: At a meeting; On a visit; At an event; In a talk or letter.",
            "visit",
        ),
    }
