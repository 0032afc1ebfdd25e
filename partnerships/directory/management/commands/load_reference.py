"""Loads what the portal cannot do without; safe to run at every start."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.utils.module_loading import module_has_submodule

from partnerships.accounts.actions import publish_first_text
from partnerships.directory.actions.reference import load_skills, load_specialties, load_universities


class Command(BaseCommand):
    help = "Loads universities of Azerbaijan, specialties, skills and the first text on personal data."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_universities()
        told = ", ".join(f"{what} {number}" for what, number in counts.items())
        self.stdout.write(f"universities: {told}")
        self.stdout.write(f"specialties: created {load_specialties()}")
        self.stdout.write(f"skills: created {load_skills()}")
        self.stdout.write(f"text on personal data: {'published' if publish_first_text() else 'unchanged'}")
        for config in apps.get_app_configs():  # what other apps cannot do without: `load` in reference.py
            if config.name.startswith("partnerships.") and module_has_submodule(config.module, "reference"):
                self.stdout.write(import_module(f"{config.name}.reference").load())
