"""Questions about what somebody sees, put into SQL once for all who stand alike.

Making a query out of rights costs Python more than the database takes to answer it. Who stands alike (the
same roles at as many organisations, lying in one another in the same way) is asked about in the same words:
only keys, paths and days differ. So the words are kept for each such shape, and the keys are put in anew:

    @asked
    def _to_sign(user): return Agreement.objects.visible_to(user).waiting_for(user).order_by("pk")

    _to_sign(user)[:5]                          rows
    ask_together([_to_sign(user).exists, ...])      many small answers by one query

What stands in the words is never an answer: the function is run for a person who is not there, whose keys,
paths, day and hour are stand-ins (common/query_words.py), and may neither ask the database nor look at the
clock but by `common.clock`; it fails at once where it does. Every right is applied anew, by the keys of who
asks now. Its arguments after the user may be days, moments, `Typed` words that are looked for, the `Key` of a
row and uids; anything else belongs to the shape. Days may be moved by a `timedelta` alone: the first of a
month, say, is worked out outside and given.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, wraps
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import get_language

from partnerships.common import clock
from partnerships.common.asked import AskedRows, asked_rows
from partnerships.common.query_words import (
    KEYS,
    PERSONS,
    USER,
    Given,
    Key,
    Typed,
    Words,
    day_of,
    key_of,
    moment_of,
    not_there,
    typed_of,
    uid_of,
    words_of,
)
from partnerships.directory.access import Access, Scope, access_of, with_people
from partnerships.directory.enums import Role

T = TypeVar("T")

_MOST = 4000  # shapes kept; each is some kilobytes
_words: dict[Any, Words] = {}  # by function, shape of rights, arguments and language
_by_shape: dict[Any, Any] = {}  # by function and shape of rights
_plainly: ContextVar[bool] = ContextVar("plainly", default=False)


def forget() -> None:
    """Forget all words: what they were made by has changed (in tests)."""
    _words.clear()


def keep_in(words: dict[Any, Words]) -> None:
    """Keep them there from now on (in tests: what they are made by changes and changes back)."""
    global _words  # noqa: PLW0603
    _words = words


@contextmanager
def plainly() -> Iterator[None]:
    """Make each query anew, for whoever asks: what tests hold the kept words against."""
    before = _plainly.set(True)
    try:
        yield
    finally:
        _plainly.reset(before)


class _Somebody:
    """Stands in for a user while words are made. It has nothing else on purpose: what the words would depend
    on besides rights must not be read."""

    is_authenticated = is_active = True

    def __init__(self, access: Access) -> None:
        self._access, self.person_id, self.pk = access, access.person_id, USER


# What differs between those who stand alike ----------------------------------------------------------


class _Keys:
    """The shape of somebody's rights, and the keys and paths that fill it."""

    def __init__(self, access: Access) -> None:
        scopes = sorted(access.scopes, key=lambda s: (s.role, s.path, s.holder_id or 0))
        self.persons: list[Any] = [access.person_id]
        self.places: list[int] = []
        self.paths = sorted({scope.path for scope in scopes})
        within = tuple(self._around(path) for path in self.paths)
        self.shape = (access.person_id is None, within, tuple(self._scope(scope) for scope in scopes))

    def _around(self, path: str) -> int | None:
        """The nearest of the paths that has this one below it; sorted, it stands before it."""
        around = [n for n, other in enumerate(self.paths) if other != path and path.startswith(other)]
        return around[-1] if around else None

    def _scope(self, scope: Scope) -> tuple[Any, ...]:
        holder = scope.holder_id
        return (
            scope.role,
            self.paths.index(scope.path),
            _place(self.places, scope.root_id),
            _place(self.places, scope.node_id),
            scope.operator,
            None if holder is None else _place(self.persons, holder),
        )


def _place(known: list[Any], key: Any) -> int:
    if key not in known:
        known.append(key)
    return known.index(key)


def _keys_of(access: Access) -> _Keys:
    found = access.__dict__.get("_keys")
    if found is None:
        found = access.__dict__["_keys"] = _Keys(access)
    return found  # type: ignore[no-any-return]


def _stand_in(shape: tuple[Any, ...]) -> tuple[_Somebody, list[str]]:
    """Somebody of this shape, and the paths that they were given."""
    nobody, within, scopes = shape
    paths: list[str] = []
    for n, around in enumerate(within):
        paths.append(f"{'' if around is None else paths[around]}<{n}>.")
    access = Access(
        None if nobody else PERSONS,
        tuple(
            Scope(
                role,
                paths[path],
                KEYS + root,
                KEYS + node,
                operator,
                None if holder is None else PERSONS + holder,
            )
            for role, path, root, node, operator, holder in scopes
        ),
    )
    # Who has people of their own is asked within the query, not beforehand.
    access.__dict__["kept_universities"] = _with_people(Role.COORDINATOR)
    access.__dict__["kept_companies"] = _with_people(Role.HR)
    return _Somebody(access), paths


@cache
def _with_people(role: str) -> QuerySet[Any]:
    """As of the day that stands in: the same within all words."""
    return with_people(role)


def by_shape(function: Callable[[Any], T]) -> Callable[[Any], T]:
    """Marks a function of a user whose answer hangs on the shape of their rights alone, such as for how many
    reasons they see rows: worked out once for all who stand alike."""

    @wraps(function)
    def ask(user: Any) -> T:
        access = access_of(user)
        if access.link or not (user.is_authenticated and user.is_active) or _plainly.get():
            return function(user)
        key = (function, _keys_of(access).shape)
        if key not in _by_shape:
            if len(_by_shape) >= _MOST:
                _by_shape.clear()
            _by_shape[key] = function(user)
        return _by_shape[key]  # type: ignore[no-any-return]

    return ask


def asked(function: Callable[..., QuerySet[Any]]) -> Callable[..., AskedRows]:
    """Marks a function from a user, or from days alone, to a query set: it answers with `AskedRows`."""

    @wraps(function)
    def ask(*given: Any) -> AskedRows:
        user = given[0] if given and hasattr(given[0], "is_authenticated") else None
        rest = given[1:] if user is not None else given
        access = access_of(user)
        # Whoever comes by a link sees one thing, and visitors nothing.
        if user is not None and (access.link or not (user.is_authenticated and user.is_active)):
            return asked_rows(function(*given))
        if _plainly.get():
            return asked_rows(function(*given))
        keys = _keys_of(access)
        days = [one for one in rest if isinstance(one, date)]
        shape = tuple(type(one) if isinstance(one, date | Typed | Key | UUID) else one for one in rest)
        key = (function, user is None or keys.shape, shape, get_language())
        words = _words.get(key)
        if words is None:
            if len(_words) >= _MOST:
                _words.clear()
            words = _words[key] = _put_into_words(function, None if user is None else keys.shape, rest)
        put_in = Given(
            persons=keys.persons,
            keys=keys.places,
            paths=keys.paths,
            user=None if user is None else user.pk,
            at=[clock.now(), clock.today(), *days],
            typed=[one for one in rest if isinstance(one, Typed)],
            given_keys=[one for one in rest if isinstance(one, Key)],
            uids=[one for one in rest if isinstance(one, UUID)],
        )
        return AskedRows(words, put_in)

    return ask


def _put_into_words(function: Callable[..., QuerySet[Any]], shape: Any, rest: tuple[Any, ...]) -> Words:
    with not_there():  # who has people of their own is a question of the day
        somebody, paths = _stand_in(shape) if shape is not None else (None, [])
    days: list[Any] = []
    stand_ins: dict[Any, Iterator[Any]] = {
        Typed: map(typed_of, count()),
        Key: map(key_of, count()),
        UUID: map(uid_of, count()),
    }
    given: list[Any] = [] if somebody is None else [somebody]
    for one in rest:
        if isinstance(one, date):
            # The hour and the day of the asking stand before those that are given.
            days.append((moment_of if isinstance(one, datetime) else day_of)(2 + len(days)))
            given.append(days[-1])
        else:
            given.append(next(stand_ins[type(one)]) if type(one) in stand_ins else one)
    return words_of(lambda: function(*given), paths, days)
