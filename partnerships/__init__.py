"""The portal's site: settings, the shared core, and the five directions that stand on it."""

from partnerships.celery import app as celery_app

__all__ = ["celery_app"]
