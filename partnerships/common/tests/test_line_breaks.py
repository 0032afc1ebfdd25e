"""A line break that was typed is one character on the way in, whatever browsers make of it."""

from django.test import Client

LINES = 1000  # of one letter each: 1,999 characters with what parts them, 2,998 as browsers send them


def test_a_text_of_many_lines_is_as_long_as_the_counter_beside_it_says(db):
    client = Client(enforce_csrf_checks=True)  # as outside of tests: the form is read for its key
    key = str(client.get("/join/").context["csrf_token"])

    def said(text: str) -> list[str]:
        answer = client.post("/join/", {"message": text, "csrfmiddlewaretoken": key})
        return list(answer.context["form"].errors.get("message", ()))

    assert said("\r\n".join("ə" * LINES)) == []
    assert said("\r\n".join("ə" * (LINES + 1))) == [
        "Burada ən çoxu 2000 simvol saxlanıla bilər, sizin mətniniz 2001 simvoldur. Mətni qısaldın."
    ]
