"""Who did a thing: a user, a person behind a signed link, or the system's clock."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Actor:
    """The doer of an action.

    kind          "user", "link" (a person who opened a signed link, without an account) or "system"
    user          the signed-in user, for kind "user"
    person_id     the person who acts
    on_behalf_of  person id of the holder when a deputy acts; holder_name as the history keeps it
    scope         what a signed link is good for: "app.Model:pk"
    name          of the person behind a link, as the history keeps it
    """

    kind: str
    user: Any = None
    person_id: int | None = None
    on_behalf_of: int | None = None
    scope: str = ""
    name: str = ""
    holder_name: str = ""

    is_authenticated = True
    is_staff = False
    is_superuser = False

    @property
    def principal(self) -> Any:
        """What predicates are asked about: the user where there is one, else the actor itself."""
        return self.user if self.user is not None else self

    def reaches(self, obj: Any) -> bool:
        """A signed link reaches the one object that it was made for, and what names that object as its
        `link_scope`; everybody else any."""
        if self.kind != "link":
            return True
        return self.scope == getattr(obj, "link_scope", f"{obj._meta.label}:{obj.pk}")


# The actor of clocks and of what follows from another's act; never a default.
SYSTEM = Actor("system")


def link_actor(person_id: int, scope: str, name: str = "") -> Actor:
    """The person behind a signed link; the link is good for `scope` ("app.Model:pk") alone."""
    return Actor("link", person_id=person_id, scope=scope, name=name)


def as_actor(who: Any) -> Actor:
    """An Actor as it is, a user as an Actor. An anonymous user may look (`available`) but do nothing."""
    if isinstance(who, Actor):
        return who
    return Actor("user", user=who, person_id=getattr(who, "person_id", None))


# (user) -> for each of whom this user is a deputy now: (the user with no more than their own powers and that
# holder's, key of the holder, name of the holder), the user's own powers alone first, with None for a holder.
StandIns = Callable[[Any], Iterable[tuple[Any, int | None, str]]]
_stand_ins: dict[str, StandIns] = {}


def deputies_through(stand_ins: StandIns) -> None:
    """Called once by the app that knows who stands in for whom; it stands above this engine."""
    _stand_ins["ask"] = stand_ins


def in_whose_name(by: Actor, allowed: Callable[[Any, Any], bool], obj: Any) -> Actor:
    """The actor as the history keeps it: on behalf of the holder where the doer's own roles would not do.

    Asked once the doer is known to be allowed; whoever is nobody's deputy stays as they are.
    """
    if by.kind != "user" or by.on_behalf_of is not None or "ask" not in _stand_ins:
        return by
    for who, holder, name in _stand_ins["ask"](by.user):
        if allowed(who, obj):
            return by if holder is None else replace(by, on_behalf_of=holder, holder_name=name)
    return by
