"""Redis away: the cache forgets, pages answer, limits do not hold, and it is asked again a little later."""

import time

import pytest
from django.core.cache import cache

from partnerships.common import caching
from partnerships.notifications.tests.conftest import free_port


@pytest.fixture
def away(settings, monkeypatch):
    monkeypatch.setattr(caching.ForgivingRedisCache, "away_until", [0.0])
    settings.CACHES = {
        "default": {
            "BACKEND": "partnerships.common.caching.ForgivingRedisCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
            "OPTIONS": {"socket_connect_timeout": 1},
        }
    }


def test_nothing_is_found_and_nothing_breaks(away):
    cache.set("key", 1, 60)
    assert cache.get("key", "otherwise") == "otherwise"
    assert (cache.add("key", 1), cache.touch("key"), cache.delete("key")) == (True, False, False)
    assert (cache.get_many(["key"]), cache.set_many({"key": 1}), "key" in cache) == ({}, [], False)
    assert (cache.delete_many(["key"]), cache.clear()) == (None, False)
    assert cache.get_or_set("key", lambda: 7) == 7
    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")


def test_a_redis_that_does_not_answer_is_left_alone_for_a_while(away, caplog):
    for _turn in range(5):
        cache.get("key")
    assert caplog.text.count("cache not reached") == 1
    caching.ForgivingRedisCache.away_until[0] = time.monotonic()
    cache.get("key")
    assert caplog.text.count("cache not reached") == 2


@pytest.mark.parametrize(
    "path", ["/partners/", "/home/", "/internships/applications/", "/api/v1/programmes/"]
)
def test_every_page_answers_without_it(away, login, path):
    assert login("hr").get(path).status_code == 200


@pytest.mark.redis
def test_while_redis_is_there_it_keeps_what_it_is_given(settings):
    import os

    settings.CACHES = {
        "default": {
            "BACKEND": "partnerships.common.caching.ForgivingRedisCache",
            "LOCATION": os.environ["REDIS_URL"],
        }
    }
    cache.set("test-caching", "kept", 10)
    assert cache.get("test-caching") == "kept"
    cache.delete("test-caching")
    assert cache.get("test-caching") is None
