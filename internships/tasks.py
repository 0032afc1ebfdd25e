"""Celery's side of this direction: the clock delegates to actions."""

from celery import shared_task

from internships import (
    actions,
    import_positions,  # noqa: F401 - a worker knows the kinds of import that tasks bring in
    imports,  # noqa: F401
    packs,  # noqa: F401 - and the papers that it prints
)
from partnerships.accounts.models import User


@shared_task(name="internships.clocks")
def clocks() -> dict[str, int]:
    """Offers lapse, drafts miss their deadlines, accepted offers have their placement; practices begin and
    end on their days; on Fridays, and when they are to evaluate, mentors get their links."""
    return {
        "lapsed": actions.lapse_offers(),
        "missed": actions.close_drafts(),
        "opened": actions.open_missing_placements(),
        "begun": actions.begin_due(),
        "finished": actions.finish_due(),
        "weekly_links": actions.send_weekly_links(),
        "evaluation_links": actions.send_evaluation_links(),
    }


@shared_task(name="internships.suggest_agreements")
def suggest_agreements() -> int:
    """At night: universities that came since, and agreements that hold no longer."""
    return actions.suggest_everywhere()


@shared_task(name="internships.keep_numbers")
def keep_numbers() -> int:
    """The years that are not finished, where they are too long to be counted while somebody waits."""
    return actions.keep_numbers()


@shared_task(name="internships.keep_numbers_of")
def keep_numbers_of(user_id: int) -> int:
    """Of one reader, who waits for them."""
    return actions.keep_numbers_of(User.objects.get(pk=user_id))


@shared_task(name="internships.keep_all_numbers")
def keep_all_numbers() -> int:
    """Once a night all years: what was entered late still comes into its year."""
    return actions.keep_numbers(every_year=True)
