"""A draft on its page, for tests: where it is edited, what is posted there, a picture of a document."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from internships.tests import makers


def edit(application):
    return f"/internships/applications/{application.uid}/edit/"


def picture(colour="white", name="səhifə.jpg"):
    out = io.BytesIO()
    Image.new("RGB", (300, 400), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def posted(application, do="save", **values):
    fresh = makers.again(application)
    return {
        "version": fresh.version,
        "choices": [str(choice.vacancy.uid) for choice in fresh.choices.all()],
        "motivation": fresh.motivation,
        "do": do,
        **values,
    }
