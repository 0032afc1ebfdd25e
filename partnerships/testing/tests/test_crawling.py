"""The crawler finds what it is there to find on pages that are wrong on purpose, and nothing on others."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from partnerships.documents.models import Document
from partnerships.testing.crawling import SAMPLE, WHOLE, Crawler, Sight
from partnerships.testing.crawling.crawler import turn_of
from partnerships.testing.crawling.pages import read
from partnerships.testing.crawling.presses import Press

BREAKS = "/leaky/breaks/"


@pytest.fixture
def papers(cast):
    return {
        name: Document.objects.create(
            owner=getattr(cast, name),
            kind="cv",
            name=f"{name}.pdf",
            mime="application/pdf",
            size=1,
            stored="x",
        )
        for name in ("student", "student2")
    }


@pytest.fixture(params=[WHOLE, SAMPLE], ids=["whole", "sample"])
def measure(request):
    return request.param


@pytest.fixture
def found(measure, cast, papers, settings):
    """What it found, by promise; the sample has as many ask here, one of each relation."""
    settings.ROOT_URLCONF = "partnerships.testing.tests.leaky"
    users = {name: cast.user(name) for name in ("student", "student2")} | {"nobody": AnonymousUser()}
    silent = {label: lambda rows, user: rows.none() for label in ("directory.Invitation", "calls.Call")}
    crawler = Crawler(users, Sight(silent), measure, starts=["/leaky/", "/leaky/faults/"])
    for name in users:
        crawler.walk(name)
        crawler.replay(name)
    assert crawler.report.asked["foreign addresses"] > 0
    return {promise: sorted(lines) for promise, lines in crawler.report.wrong.items()}


def test_every_promise_that_is_broken_is_named(found, papers, measure):
    mine, other = papers["student"].uid, papers["student2"].uid
    assert found["what is not seen does not answer"] == sorted(
        f"{who} {method} /leaky/{verb}/{uid}/ (documents.Document): 200"
        for method, verb in (("get", "read"), ("post", "write"))
        for who, uid in (("nobody", mine), ("nobody", other), ("student", other), ("student2", mine))
    )
    assert [line.partition(" {}")[0] for line in found["nobody changes what is not theirs"]] == sorted(
        f"{who} /leaky/write/{uid}/"
        for who, uid in (("nobody", mine), ("nobody", other), ("student", other), ("student2", mine))
    )
    everybody = ("nobody", "student", "student2")
    assert found["no link is dead"] == [f"{who} /leaky/nowhere/ on /leaky/faults/" for who in everybody]
    # Of a sample every third form is tried by the one who found it.
    tried = [who for who in everybody if measure is WHOLE or not turn_of(who, Press("post", BREAKS)) % 3]
    lines = [f"{who} get {BREAKS}: 500" for who in everybody] + [f"{who} post {BREAKS}: 500" for who in tried]
    assert found["no page breaks"] == sorted(lines)
    assert found["a look changes nothing"] == [
        f"{who} /leaky/counts/: ['directory_person']" for who in everybody
    ]
    assert found["every form is guarded"] == [f"{who} /leaky/faults/: /leaky/breaks/" for who in everybody]
    assert found["a page shows only what is seen"] == [
        f"{who} /leaky/faults/: documents.Document {other}" for who in ("nobody", "student")
    ]


def test_a_sound_page_is_not_named(found):
    lines = [line for lines in found.values() for line in lines]
    assert [line for line in lines if "/sound/" in line or "/echo/" in line] == []


def test_of_what_is_picked_together_a_stranger_sends_only_what_is_foreign():
    own, foreign = str(uuid4()), str(uuid4())
    press = Press("post", "/many/", (("order", (own,)), ("pick", (own, foreign)), ("do", ("read",))))
    fields = (("order", (own,)), ("pick", (foreign,)), ("do", ("read",)))
    assert press.without(own.__eq__) == Press("post", "/many/", fields)


def test_a_model_with_a_uid_must_say_who_sees_it(db):
    with pytest.raises(LookupError, match=r"directory\.Invitation has a uid and no visible_to"):
        Sight({"calls.Call": lambda rows, user: rows.none()})


def test_a_form_is_read_as_a_person_would_send_it():
    page = read(
        '<form method="post" action="/do/"><input type="hidden" name="csrfmiddlewaretoken" value="t">'
        '<input name="word"><input type="email" name="mail"><input type="checkbox" name="tick" value="1">'
        '<input type="radio" name="one" value="a"><input type="radio" name="one" value="b" checked>'
        '<select name="pick"><option value="">—</option><option value="7">x</option></select>'
        '<textarea name="note">\nMətn</textarea><input disabled name="off" value="x">'
        '<button name="do" value="save">x</button><button formaction="/other/">y</button></form>'
        '<p lang="en">Left in English</p><p>Oxunur <b>bu</b></p><script>not read</script>'
    )
    (form,) = page.forms
    assert (form.method, form.guarded) == ("post", True)
    fields = {
        "word": ["x"],
        "mail": ["kimse@else.example"],
        "tick": ["1"],
        "one": ["b"],
        "pick": ["7"],
        "note": ["Mətn"],
    }
    assert form.ways() == [("/do/", {**fields, "do": ["save"]}), ("/other/", fields)]
    assert page.texts == ["—", "x", "x", "y", "Oxunur bu"]
