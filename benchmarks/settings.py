# ruff: noqa: F403  (settings on settings are a star import)
"""The portal as the benchmarks run it: as the tests do, but what a worker does is left to a worker."""

from partnerships.testing.settings import *

CELERY_TASK_ALWAYS_EAGER = False
ROOT_URLCONF = "benchmarks.floor"
