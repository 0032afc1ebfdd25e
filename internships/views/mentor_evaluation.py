"""The mentor's evaluation on the page behind the link: six marks, a yes or no, a few words, one button."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from internships import actions, placement_conditions
from internships.actions.evaluating import MENTORS
from internships.criteria import MarkShown, marks_shown, mean_mark
from internships.enums import EvaluationKind, EvaluationState
from internships.forms.finishing import EvaluateForm
from internships.models import Evaluation, Placement
from internships.views.diary_board import Outcome
from partnerships.common.clock import today
from partnerships.common.refusals import Blocked, IllegalTransition, StaleState


@dataclass(frozen=True)
class Shown:
    """One evaluation as the mentor sees it: given, to be given now, or why not yet."""

    kind: EvaluationKind
    version: int
    given: Evaluation | None = None
    marks: tuple[MarkShown, ...] = ()
    mean: Any = None
    form: EvaluateForm | None = None
    why: str = ""
    opens_on: date | None = None  # until then the form is folded: nobody has to give it so early

    @property
    def final(self) -> bool:
        return self.kind == EvaluationKind.MENTOR_FINAL


def shown(placement: Placement, actor: Any, form: EvaluateForm | None = None) -> list[Shown]:
    """The final one, and while it is too early for that, the short one half-way, which nobody has to give.
    What was given stays to be read."""
    found = Evaluation.objects.filter(placement=placement, kind__in=MENTORS).select_related("given_by")
    rows = {row.kind: row for row in found}
    final = _one(placement, EvaluationKind.MENTOR_FINAL, rows, actor, form)
    half = _one(placement, EvaluationKind.MENTOR_MID, rows, actor, form)
    return [final] if not half.given and (final.form or final.given or half.why) else [half, final]


def _one(
    placement: Placement, kind: EvaluationKind, rows: dict[str, Evaluation], actor: Any, form: Any
) -> Shown:
    found = rows.get(kind)
    version = found.version if found else 0
    if found is not None and found.state == EvaluationState.SUBMITTED:
        return Shown(kind, version, given=found, marks=tuple(marks_shown(found)), mean=mean_mark(found))
    evaluation = found or Evaluation(placement=placement, kind=kind)
    evaluation.placement = placement
    if refusal := placement_conditions.may_evaluate(evaluation, actor):
        return Shown(kind, version, why=str(refusal.reason))
    mine = form if form is not None and form.kind == kind else EvaluateForm(kind=kind, given=found)
    opens_on = _middle(placement) if kind == EvaluationKind.MENTOR_MID and not mine.is_bound else None
    return Shown(kind, version, form=mine, opens_on=opens_on if opens_on and today() < opens_on else None)


def _middle(placement: Placement) -> date:
    return placement.starts + (placement.ends - placement.starts) / 2


def give(placement: Placement, actor: Any, data: QueryDict) -> tuple[Outcome, EvaluateForm]:
    """Give the evaluation that was filled in; what is wrong stays in the form."""
    kind = data.get("kind", "")
    if kind not in MENTORS:
        raise BadRequest
    form = EvaluateForm(data, kind=kind)
    form.kind = kind  # type: ignore[attr-defined]
    if not form.is_valid():
        return Outcome(error=_("Answer what is marked: nothing of yours is lost.")), form
    try:
        actions.give_evaluation(placement, kind, actor=actor, **form.values())
    except ValidationError as error:
        return Outcome(error=" ".join(error.messages)), form
    except (Blocked, IllegalTransition, StaleState) as refused:
        return Outcome(error=str(refused.reason)), form
    return Outcome(done=_("The evaluation is given.")), form
