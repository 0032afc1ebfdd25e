"""The disk fills up while a student uploads: a clear answer, nothing half-written, the next one works."""

import json
import os
import subprocess
from pathlib import Path

import kit

ROOM = 3 * 1024 * 1024  # bytes of the folder of files
FILE = 1_200_000
NO_ROOM = (
    "The file could not be kept because there is no room left on our side. Nothing was saved; the "
    "administrators have been told. Try again later."
)


def paper(size: int) -> bytes:
    """A PDF of about this size, as a scanner makes it."""
    from io import BytesIO

    from PIL import Image

    page, out = Image.frombytes("L", (1000, size // 1000), os.urandom(size // 1000 * 1000)), BytesIO()
    page.save(out, "PDF", quality=95)
    return out.getvalue()


def main(stage: kit.Stage) -> None:
    from scene import Scene

    from internships import actions
    from partnerships.documents.models import Document

    files = Path(os.environ["PORTAL_VAR"]) / "files"
    files.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=755", "tmpfs", files],
        check=False,
        capture_output=True,
        text=True,
    )
    limit = {}
    if mounted.returncode:
        raise SystemExit(
            f"this drill mounts a small disk of its own and needs root for it: {mounted.stderr.strip()}"
        )
    try:
        _drill(stage, files, Scene, actions, Document, limit)
    finally:
        for process in list(stage.running):
            stage.kill(process)
        subprocess.run(["umount", files], check=False)


def _drill(
    stage: kit.Stage, files: Path, scene_of: object, actions: object, documents: object, limit: dict[str, str]
) -> None:
    from django.utils import translation
    from django.utils.translation import gettext

    from partnerships.documents.models import Document
    from partnerships.testing.crawling.pages import read

    scene = scene_of(seats=2, cv_required=True, transcript_required=True)  # type: ignore[operator]
    user = scene.cast.user("student")
    application = actions.start_application(scene.place, actor=user)  # type: ignore[attr-defined]
    address = stage.web(**limit)
    browser = kit.signed_in(address, user)
    path = f"/internships/applications/{application.uid}/edit/"

    def send(field: str, name: str, words: str) -> kit.Answer:
        application.refresh_from_db()
        fields = {"motivation": words, "version": str(application.version), "do": f"attach:{field}"}
        return browser.upload(path, field, name, paper(FILE), fields)

    def on_disk() -> list[int]:
        return sorted(p.stat().st_size for p in files.rglob("*") if p.is_file())

    first = send("cv", "cv.pdf", "Birinci mətn.")
    stage.promise(
        "the first upload is kept", first.status == 302 and len(on_disk()) == 1, (first.status, on_disk())
    )
    second = send("transcript", "transkript.pdf", "Birinci mətn.")
    stage.promise(
        "the second upload is kept", second.status == 302 and len(on_disk()) == 2, (second.status, on_disk())
    )
    rows, kept = Document.objects.count(), on_disk()
    third = send("transcript", "transkript-2.pdf", "Bu mətn itməməlidir.")
    with translation.override("az"):
        reason = gettext(NO_ROOM)
    said = [line for line in read(third.text).texts if reason in line]
    stage.promise("the upload that finds no room is refused", third.status == 422, third.status)
    stage.figure("it says", said[:1])
    stage.promise("the reason stands on the page", bool(said))
    failing = json.loads(browser.get("/readyz/").body)["checks"]["storage"]
    stage.promise("/readyz/ names the storage", failing == "low", failing)
    stage.promise("no row of it", Document.objects.count() == rows, Document.objects.count() - rows)
    stage.promise("no piece of a file", on_disk() == kept, on_disk())
    application.refresh_from_db()
    stage.promise("what was typed is kept", "itməməlidir" in application.motivation, application.motivation)
    stage.promise("the log names it", "could not be written" in stage.log("web"))
    looked = browser.get(f"/documents/{Document.objects.first().uid}/")
    stage.promise(
        "a file from before still opens", looked.status == 200 and len(looked.body) > FILE // 2, looked.status
    )
    whole = subprocess.run(["mount", "-o", f"remount,size={4 * ROOM}", files], check=False)
    fourth = send("transcript", "transkript-2.pdf", "Bu mətn itməməlidir.")
    stage.promise(
        "with room again the next upload works, in the old one's place",
        whole.returncode == 0 and fourth.status == 302 and len(on_disk()) == 2 and on_disk() != kept,
        (fourth.status, on_disk()),
    )
    sizes = sorted(Document.objects.values_list("size", flat=True))
    stage.promise("every row has its whole file", sizes == on_disk(), sizes)


if __name__ == "__main__":
    kit.run(main, "postgres", "redis", "mail")
