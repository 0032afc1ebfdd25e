"""What candidates answered, as columns of the list that is taken away."""

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType

from internships.models import Application, Programme
from partnerships.calls import sheets
from partnerships.calls.checking import shown
from partnerships.calls.models import Answer, Question
from partnerships.common.export import ExportColumn


def answer_columns(programme: Programme | None) -> list[ExportColumn]:
    """A column for each question of the programme, read from lines that went through `with_answers`."""
    return [_column(question) for question in programme.call.asked] if programme is not None else []


def _column(question: Question) -> ExportColumn:
    return ExportColumn(
        question.label, lambda line: sheets.in_cell(question, line.answers.get(question.pk)), 32
    )


def with_answers(lines: list[Any], programme: Programme | None) -> list[Any]:
    """Lines with what each answered, of what was asked of it; one query, none where nothing is asked."""
    if programme is None or not programme.call.question_count:
        return lines
    kind = ContentType.objects.get_for_model(Application)
    keys = [line.application.pk for line in lines]
    given: dict[int, dict[int, Answer]] = defaultdict(dict)
    rows = Answer.objects.filter(content_type=kind, object_id__in=keys, question__call=programme.call)
    for row in rows.select_related("document"):
        given[row.object_id][row.question_id] = row
    for line in lines:
        answers = given[line.application.pk]
        asked = shown(programme.call.asked, sheets.values_of(answers.values()))
        line.answers = {key: answer for key, answer in answers.items() if key in asked}
    return lines
