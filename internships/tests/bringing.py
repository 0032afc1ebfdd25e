"""The university's table for tests: its rows, brought and confirmed as the pages do."""

from internships import imports as kind
from partnerships.documents import imports
from partnerships.documents.models import ImportRun
from partnerships.testing import files

HEAD = [
    "Kurs",
    "Ad",
    "Soyad",
    "Ata adı",
    "E-poçt",
    "Telefon",
    "Tələbə nömrəsi",
    "Fakültə",
    "İxtisas",
    "Təhsil səviyyəsi",
    "ÜOMG",
    "Təhsil forması",
    "Təcrübə yeri",
    "Təcrübə rəhbəri",
]


KEYS = [
    "year",
    "given",
    "family",
    "patronymic",
    "email",
    "phone",
    "number",
    "faculty",
    "specialty",
    "degree",
    "gpa",
    "mode",
    "place",
    "guide",
]


def line(given="Aytən", family="Kazımova", **values):
    """A good row; `values` change single cells."""
    row = {
        "given": given,
        "family": family,
        "year": "4-cü kurs",
        "email": f"{given}.{family}@aztu.example".encode("ascii", "ignore").decode().lower(),
        "faculty": "Energetika",
        "specialty": "050608",
        "gpa": "84,5",
        **values,
    }
    return [row.get(key, "") for key in KEYS]


def context(cast, programme=None, university=None):
    return {
        "university": (university or cast.aztu).pk,
        "programme": programme.pk if programme else None,
        "number": "K-7" if programme else "",
        "day": "2026-11-01" if programme else None,
    }


def bring(cast, rows, programme=None, *, name="coordinator", data=None, file="siyahı.xlsx", **more):
    upload = files.upload(data or files.xlsx([HEAD, *rows]), file)
    run = imports.bring(
        upload, kind=kind.KIND, context=context(cast, programme, **more), actor=cast.user(name)
    )
    return finished(run)


def confirm(cast, run, name="coordinator"):
    return finished(imports.confirm(run, actor=cast.user(name)))


def finished(run):
    return ImportRun.objects.select_related("job", "file", "owner").get(pk=run.pk)


def fates(run):
    return list(run.rows.order_by("number").values_list("fate", flat=True))


def errors(run):
    """{row: [columns with errors]}"""
    return {row.number: sorted(row.errors) for row in run.rows.order_by("number") if row.errors}
