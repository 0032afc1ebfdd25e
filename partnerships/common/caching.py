"""The cache in Redis, which may be away without a page noticing."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import TimeoutError as Silent

log = logging.getLogger(__name__)

# Seconds during which a Redis that did not answer is not asked again: each asking may cost its timeout.
PAUSE = 2


def _forgiving(name: str, otherwise: Any) -> Callable[..., Any]:
    """The method of RedisCache; without Redis it answers `otherwise`, called where that is a function."""
    method = getattr(RedisCache, name)

    def missing(*args: Any, **kwargs: Any) -> Any:
        return otherwise(*args, **kwargs) if callable(otherwise) else otherwise

    @wraps(method)
    def call(self: "ForgivingRedisCache", *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() < self.away_until[0]:
            return missing(*args, **kwargs)
        try:
            return method(self, *args, **kwargs)
        except (Unreachable, Silent, OSError) as error:
            self.away_until[0] = time.monotonic() + PAUSE
            log.warning("cache not reached: %s", error)
            return missing(*args, **kwargs)

    return call


def _default(_key: str, default: Any = None, **_options: Any) -> Any:
    return default


def _not_there(key: str, *_args: Any, **_options: Any) -> int:
    raise ValueError(f"Key {key!r} not found.")


def _nothing(*_args: Any, **_options: Any) -> dict[str, Any]:
    return {}


def _none_failed(*_args: Any, **_options: Any) -> list[str]:
    return []


class ForgivingRedisCache(RedisCache):
    """While Redis is away nothing is found and nothing is kept: pages cost more, and none of them breaks.

    Limits on tries stand in the cache as well, so they do not hold meanwhile; /readyz/ names the broker,
    which is the same Redis.
    """

    away_until: ClassVar[list[float]] = [0.0]  # one for the process: every thread has a cache of its own

    add = _forgiving("add", True)
    get = _forgiving("get", _default)
    set = _forgiving("set", None)
    touch = _forgiving("touch", False)
    delete = _forgiving("delete", False)
    get_many = _forgiving("get_many", _nothing)
    has_key = _forgiving("has_key", False)
    incr = _forgiving("incr", _not_there)
    set_many = _forgiving("set_many", _none_failed)
    delete_many = _forgiving("delete_many", None)
    clear = _forgiving("clear", False)
