"""Questions of the demonstration, and what its students answer."""

from typing import Any

from internships import actions
from internships.models import Programme
from partnerships.calls.enums import LimitUnit, QuestionKind

YES_NO = [{"key": "yes", "az": "Bəli", "en": "Yes"}, {"key": "no", "az": "Xeyr", "en": "No"}]
PROGRAMS = [
    {"key": name.lower(), "az": name, "en": name}
    for name in ("Python", "MATLAB", "ETAP", "DIgSILENT PowerFactory")
]
WORK = "Relə laboratoriyasında cərəyan transformatorlarını sınadım, nəticələri hesabatda təqdim etdim."


def ask(programme: Programme, hr: Any) -> None:
    """A room and from when, programs, the hardest piece of work: beside studies and documents."""
    programme = Programme.objects.with_call().get(pk=programme.pk)

    def add(kind: str, az: str, en: str, **values: Any) -> Any:
        return actions.save_question(programme, actor=hr, kind=kind, label_az=az, label_en=en, **values)

    room = add(
        QuestionKind.CHOICE, "Yataqxana lazımdır?", "Do you need a room?", choices=YES_NO, required=True
    )
    add(
        QuestionKind.DATE,
        "Hansı gündən?",
        "From which day?",
        shown_if=room,
        shown_values=["yes"],
        required=True,
    )
    add(
        QuestionKind.SEVERAL,
        "Hansı proqramlarla işləmisiniz?",
        "Which programs have you worked with?",
        choices=PROGRAMS,
    )
    add(
        QuestionKind.LONG,
        "Gördüyünüz ən çətin işi təsvir edin",
        "Describe the hardest piece of work you have done",
        help_az="Nə etdiniz, nə alındı, nə öyrəndiniz?",
        help_en="What you did, what came of it, what you learned.",
        longest=120,
        limit_unit=LimitUnit.WORDS,
    )


def answers(programme: Programme, nth: int) -> dict[int, Any]:
    """What the `nth` student answers."""
    asked = programme.call.asked
    if not asked:
        return {}
    room, since, programs, work = asked
    stays = nth % 3 == 0
    found: dict[int, Any] = {room.pk: "yes" if stays else "no", programs.pk: programs.keys[: 1 + nth % 3]}
    if stays:
        found[since.pk] = f"{programme.periods.first().starts:%Y-%m-%d}"  # type: ignore[union-attr]
    return found | ({work.pk: WORK} if nth % 2 == 0 else {})
