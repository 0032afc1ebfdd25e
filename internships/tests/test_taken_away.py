"""What belongs to a programme, and orders, taken away as tables by whom their pages are for."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from internships import actions
from internships.enums import ProgrammeKind
from internships.models import NominationOrder
from internships.tests import makers
from internships.tests.test_codes import LATE, code, enter
from internships.tests.test_nominating import PICKED, send
from internships.tests.test_questions import ask, made_asked
from partnerships.documents.models import ExportRun

FORMULA = "=1+1"


@pytest.fixture
def made(cast):
    return makers.programme(cast, title="Yay internshipi 2027", endorsement_required=False)


def text(client, kind, query="") -> str:
    answer = client.get(f"{reverse('export', args=[kind])}?format=csv&lang=en&{query}")
    assert answer.status_code == 200, answer
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def table(client, kind, query="") -> list[list[str]]:
    return list(csv.reader(StringIO(text(client, kind, query)), delimiter=";"))[1:]


def test_questions_are_taken_away_in_their_order_with_what_is_chosen_from(cast, login, made):
    made_asked(cast, made)
    ask(cast, made, FORMULA)
    rows = table(login("hr"), "internships.questions", f"of={made.slug}")
    assert [(row[0], row[1], row[3], row[5], row[8]) for row in rows] == [
        ("1", "Yataqxana lazımdır?", "One of several", "1", "0"),
        ("2", "Hansı gündən?", "Date", "1", "0"),
        ("3", "Beş sözlə", "Long text", "", "0"),
        ("4", "Sertifikat", "File", "", "0"),
        ("5", f"'{FORMULA}", "Short text", "", "0"),
    ]


def test_rules_are_taken_away_in_the_words_of_the_page(cast, login, made):
    actions.save_rule(
        makers.fresh(made),
        actor=cast.user("hr"),
        fact="gpa",
        test="at_least",
        number=Decimal(70),
        reason_az=FORMULA,
        reason_en="It is a test site.",
    )
    rows = table(login("hr"), "internships.rules", f"of={made.slug}")
    assert [row[1:] for row in rows] == [[f"'{FORMULA}", "It is a test site."]]
    assert "70" in rows[0][0]


def test_codes_are_taken_away_without_a_sign_by_which_one_could_be_guessed(cast, login, made):
    kept, words = code(cast, made, note=FORMULA, uses=2)
    gone, _words = code(cast, made, note="Geri alınan")
    with time_machine.travel(timezone.now() + LATE):
        enter(cast, made, words)
    actions.revoke_access_code(made, gone, actor=cast.user("hr"))
    whole = text(login("hr"), "internships.codes", f"of={made.slug}")
    assert not any(sign in whole for sign in (words, words[-4:], kept.hint, gone.hint, kept.digest))
    rows = {row[0]: row[1:2] + row[4:] for row in table(login("hr"), "internships.codes", f"of={made.slug}")}
    assert rows == {
        f"'{FORMULA}": [cast.hr.name, "2", "1", cast.student.name, "works"],
        "Geri alınan": [cast.hr.name, "1", "0", "", "taken back"],
    }


@pytest.mark.parametrize("of", ["questions", "rules", "codes"])
def test_what_belongs_to_a_programme_is_given_to_its_own_company_alone(cast, login, made, of):
    ask(cast, made, "Nə vaxtdan?")
    code(cast, made)
    rule = {"fact": "gpa", "test": "at_least", "number": Decimal(70)}
    actions.save_rule(makers.fresh(made), actor=cast.user("hr"), **rule)
    to = f"{reverse('export', args=[f'internships.{of}'])}?of={made.slug}"
    page = login("hr").get(f"/internships/manage/programmes/{made.slug}/{of}/").content.decode()
    assert f'href="{to}' in page
    assert {who: login(who).get(to).status_code for who in ("hr2", "coordinator", "student")} == {
        "hr2": 404,
        "coordinator": 403,
        "student": 403,
    }
    assert login("hr").get(f"{to}-no-such").status_code == 404
    assert not ExportRun.objects.exists()


def test_orders_are_taken_away_by_the_university_with_how_many_each_nominated(cast, login):
    practice = makers.programme(cast, kind=ProgrammeKind.PRACTICE, seats=5, title="İstehsalat təcrübəsi")
    send(cast, login("coordinator"), practice, *PICKED, number="=K-12")
    assert NominationOrder.objects.count() == 1
    rows = table(login("coordinator"), "internships.orders")
    assert [(row[0], row[2], row[3], row[5]) for row in rows] == [
        ("'=K-12", cast.aztu.name_en, "İstehsalat təcrübəsi", "2")
    ]
    page = login("coordinator").get(reverse("internships:nominate")).content.decode()
    assert f"{reverse('export', args=['internships.orders'])}?" in page
    assert table(login("coordinator2"), "internships.orders") == []
    assert login("student").get(reverse("export", args=["internships.orders"])).status_code == 403
