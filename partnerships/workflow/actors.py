"""Who did a thing: a user, a person behind a signed link, or the system's clock."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Actor:
    """The doer of an action.

    kind          "user", "link" (a person who opened a signed link, without an account) or "system"
    user          the signed-in user, for kind "user"
    person_id     the person who acts
    on_behalf_of  person id of the holder when a deputy acts
    scope         what a signed link is good for: "app.Model:pk"
    name          of the person behind a link, as the history keeps it
    """

    kind: str
    user: Any = None
    person_id: int | None = None
    on_behalf_of: int | None = None
    scope: str = ""
    name: str = ""

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
