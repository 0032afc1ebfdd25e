"""What everybody may read, and what a signed-in student is told before applying."""

import pytest
from django.test import Client

from internships import actions
from internships.tests import makers


def test_a_visitor_reads_open_places(cast):
    made = makers.programme(cast)
    answer = Client().get("/internships/")
    assert answer.status_code == 200
    assert "Yarımstansiyaların istismarı" in answer.content.decode()
    assert Client().get(made.get_absolute_url()).status_code == 200
    assert Client().get(makers.vacancy(made).get_absolute_url()).status_code == 200
