"""A kind of import for tests, which writes skills, and a table of it from the upload to the report."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.test import TestCase

from partnerships.common.importer import Column, Sheet
from partnerships.common.models import Job, JobState
from partnerships.common.refusals import Refused
from partnerships.directory.access import access_of
from partnerships.directory.enums import Role
from partnerships.directory.models import Skill
from partnerships.documents import imports
from partnerships.documents.enums import FateKind
from partnerships.documents.importers import Fate, Importer, importer
from partnerships.documents.models import ImportRun
from partnerships.testing import files


def two_words(text: str) -> str:
    if len(text) < 2:
        raise ValidationError("Two letters at least.")
    return text


@importer("tests.skills")
class SkillsImport(Importer):
    """Coordinators bring skills; a name that begins with an exclamation mark fails when it is written."""

    @classmethod
    def may(cls, user: Any, context: dict[str, Any]) -> bool:
        return access_of(user).has(Role.COORDINATOR)

    @classmethod
    def title(cls, context: dict[str, Any]) -> str:
        return "Bacarıqlar"

    @classmethod
    def sheet(cls, context: dict[str, Any]) -> Sheet:
        return Sheet(
            "Bacarıqlar",
            [
                Column("name", "Ad", ("Name",), required=True, example="AutoCAD", clean=two_words),
                Column("note", "Qeyd"),
            ],
        )

    @classmethod
    def upload_url(cls, context: dict[str, Any]) -> str:
        return "/upload/"

    @classmethod
    def result_url(cls, context: dict[str, Any]) -> str:
        return "/result/"

    def prepare(self, run):
        self.known = set(Skill.objects.values_list("name", flat=True))

    def check(self, run, rows):
        return [self.fate(row.cleaned.get("name")) for row in rows]

    def fate(self, name):
        if name in self.known:
            return Fate(FateKind.NOTHING, "Artıq var")
        self.known.add(name)
        return Fate(FateKind.ADD, "Əlavə ediləcək")

    def write(self, run, row):
        name = row.cleaned["name"]
        if Skill.objects.filter(name=name).exists():
            return Fate(FateKind.NOTHING, "Artıq var")
        Skill.objects.create(name=name)
        if name.startswith("!refused"):
            raise Refused("Buna icazə yoxdur.")
        if name.startswith("!column"):
            raise ValidationError({"note": ["Qeyd yanlışdır."], "slug": ["Təkrardır."]})
        if name.startswith("!broken"):
            raise ZeroDivisionError
        return Fate(FateKind.ADD, "Əlavə edildi")


HEAD = ["Qeyd", "Ad"]


def and_work(verb, *args, **values):
    """The verb, and then the work that it starts once it has committed, inside the test's own transaction."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return verb(*args, **values)


def bring(cast, rows, name="coordinator", context=None, file="siyahı.xlsx"):
    upload = files.upload(files.xlsx([HEAD, *rows]), file)
    return bring_upload(cast, upload, name, context)


def bring_upload(cast, upload, name="coordinator", context=None):
    run = and_work(imports.bring, upload, kind="tests.skills", context=context or {}, actor=cast.user(name))
    return finished(run)


def confirm(cast, run):
    return finished(and_work(imports.confirm, run, actor=cast.user("coordinator")))


def preview(cast, run):
    return finished(and_work(imports.preview, run, actor=cast.user("coordinator")))


def finished(run):
    return ImportRun.objects.select_related("job", "file", "owner").get(pk=run.pk)


def at_work(run):
    """The import's job as the worker that has it holds it."""
    Job.objects.filter(pk=finished(run).job_id).update(state=JobState.RUNNING, attempts=F("attempts") + 1)
    return Job.objects.get(pk=finished(run).job_id)


def silent(done, total):
    pass


def fates(run):
    return list(run.rows.values_list("number", "fate", "fate_text", "errors"))


ROWS = [["", "AutoCAD"], ["x", ""], ["", "Python"], ["", "AutoCAD"], ["", "1"]]
