"""Who asks to join, for tests."""

import re

from partnerships.directory import actions as directory
from partnerships.joining import actions
from partnerships.joining.models import JoinRequest
from partnerships.notifications.models import Message
from partnerships.testing import factories as make

TYPED = {
    "kind": "university",
    "name": "Qarabağ Universiteti",
    "domain": "https://www.karabakh.edu.az/az",
    "contact_name": "Aysel Hüseynova",
    "contact_position": "prorektor",
    "email": "aysel@karabakh.edu.az",
    "directions": ["research", "internships"],
    "message": "Birgə laboratoriya qurmaq istəyirik.",
}


def asked(**values):
    given = {**TYPED, "language": "az", "domain": "karabakh.edu.az", **values}
    return actions.ask_to_join(**given)


def newcomer(request):
    """The contact signs up and gives the code of the letter."""
    who = make.person(request.contact_name, request.email)
    code = re.search(r"[A-Z0-9]{10}", Message.objects.filter(address=request.email).latest("pk").text)[0]
    directory.redeem_invitation(code, who, actor=who.user)
    return who


def again(request):
    return JoinRequest.objects.with_rows().get(pk=request.pk)
