"""Who is told that somebody else entered them, and who that they do not want it."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partnerships.common.letters import Because, Letter
from partnerships.directory.letters import keepers, themselves
from partnerships.directory.models import Affiliation
from partnerships.privacy.links import outside

MODEL = "directory.Affiliation"


def words(change: Any, affiliation: Affiliation) -> dict[str, Any]:
    return {
        "organization": affiliation.organization.root.display_name,
        "unit": affiliation.organization.display_name,
        "role": affiliation.get_role_display(),
    }


def named(change: Any, affiliation: Affiliation) -> dict[str, Any]:
    return {**words(change, affiliation), "person": affiliation.person.name}


def my_data(affiliation: Affiliation) -> str:
    return reverse("my_data")


def everybody(affiliation: Affiliation) -> str:
    return reverse("people")


LETTERS = [
    Letter(
        kind="privacy.listed",
        model=MODEL,
        verbs=("enlist",),
        audience=themselves,
        context=words,
        subject=_("You were entered here: %(organization)s"),
        body=_(
            "You were put on a list of this organisation, and your data are kept in the portal. Role: "
            "%(role)s. Organisation or unit: %(unit)s.\n\nBehind the button you see what was entered, what "
            "it is for and until when it is kept. If you do not want it, refuse there."
        ),
        label=_("Somebody else entered my data"),
        url=my_data,
        outside=outside,
        action=_("Show what was entered"),
        urgent=True,
        move=False,
        because=Because.LAW,
        own=True,
    ),
    Letter(
        kind="privacy.refused",
        model=MODEL,
        verbs=("refuse_listing",),
        audience=keepers,
        context=words,
        subject=_("Somebody on your list does not want to be kept here"),
        body=_(
            "Their entry is erased and stands without a name. Role: %(role)s. Organisation or unit: "
            "%(unit)s. Leave them out of the next list."
        ),
        label=_("Somebody whom we listed refuses"),
        url=everybody,
        action=_("Open the people"),
    ),
    Letter(
        kind="privacy.objected",
        model=MODEL,
        verbs=("object",),
        audience=keepers,
        context=named,
        subject=_("Does not want to be kept here: %(person)s"),
        body=_(
            "This person was entered by you and refuses, but something is under way with them, a nomination "
            "perhaps. Talk to them and end it; then they can refuse by the same link."
        ),
        label=_("Somebody whom we listed refuses while something is under way"),
        url=lambda affiliation: reverse("person_detail", args=[affiliation.person.uid]),
        action=_("Open the person"),
        move=True,
    ),
]
