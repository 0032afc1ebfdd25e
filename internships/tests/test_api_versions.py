"""ETag, If-None-Match, If-Match: what has not changed is not sent again, what has is not overwritten."""

import pytest
from django.test import Client

from internships import actions
from internships.models import Application
from internships.tests import makers
from partnerships.accounts.models import User
from partnerships.common import versions
from partnerships.common.refusals import StaleState
from partnerships.testing.races import all_at_once

pytestmark = pytest.mark.django_db
JSON = "application/json"


def at(application):
    return f"/api/v1/applications/{application.uid}/"


def test_what_has_not_changed_is_not_sent_again(cast, login):
    application = makers.draft(cast, makers.programme(cast))
    client, address = login("student"), at(application)
    tag = client.get(address)["ETag"]
    assert tag.startswith(f'"{application.version}-')
    same = client.get(address, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (same.status_code, same["ETag"], same.content) == (304, tag, b"")
    changed = client.patch(address, {"motivation": "Şəbəkə"}, content_type=JSON)
    assert changed["ETag"] != tag
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert client.get(address, headers={"If-None-Match": changed["ETag"]}).status_code == 304
    english = client.get(f"{address}?lang=en", headers={"If-None-Match": changed["ETag"]})
    assert english.status_code == 200
    assert "ETag" not in client.get("/api/v1/applications/")


def test_a_public_row_has_a_tag_as_well(cast, client):
    made = makers.programme(cast)
    for address in (f"programmes/{made.slug}", f"positions/{makers.vacancy(made).uid}"):
        answer = client.get(f"/api/v1/{address}/")
        again = client.get(f"/api/v1/{address}/", headers={"If-None-Match": answer["ETag"]})
        assert (answer.status_code, again.status_code) == (200, 304)


def test_a_stale_if_match_changes_nothing_and_says_so_in_the_readers_language(cast, login):
    application = makers.draft(cast, makers.programme(cast))
    client, address = login("student"), at(application)
    seen = client.get(address)["ETag"]
    client.patch(address, {"motivation": "Birinci"}, content_type=JSON)
    said = {}
    for language in ("az", "en"):
        User.objects.filter(pk=cast.student.user_id).update(language=language)
        for method, path, body in (
            ("patch", address, {"motivation": "x"}),
            ("post", f"{address}submit/", {}),
        ):
            answer = getattr(client, method)(path, body, content_type=JSON, headers={"If-Match": seen})
            assert (answer.status_code, answer["Content-Language"]) == (412, language)
            assert set(answer.json()) == {"detail", "code", "request_id"}
            assert answer.json()["code"] == "precondition_failed"
            said[language] = answer.json()["detail"]
    assert said["az"] != said["en"]
    now = client.get(address)
    assert (now.json()["motivation"], now.json()["state"]) == ("Birinci", "draft")
    sent = client.post(f"{address}submit/", {}, content_type=JSON, headers={"If-Match": now["ETag"]})
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")
    assert sent["ETag"].startswith(f'"{sent.json()["version"]}-')


@pytest.mark.parametrize("tag", ["*", None])
def test_without_a_version_a_write_is_as_before(cast, login, tag):
    application = makers.draft(cast, makers.programme(cast))
    headers = {"If-Match": tag} if tag else {}
    answer = login("student").patch(at(application), {"motivation": "x"}, content_type=JSON, headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("tag", ["nonsense", '"', '"-"', 'W/"-1"', ""])
def test_what_is_no_tag_of_the_row_matches_nothing(cast, login, tag):
    application = makers.draft(cast, makers.programme(cast))
    headers = {"If-Match": tag}
    answer = login("student").patch(at(application), {"motivation": "x"}, content_type=JSON, headers=headers)
    assert answer.status_code == 412
    stranger = login("student2").patch(at(application), {}, content_type=JSON, headers=headers)
    assert stranger.status_code == 404


def test_who_was_quicker_between_the_door_and_the_write_is_not_overwritten(cast):
    application = makers.draft(cast, makers.programme(cast))
    unexpected = versions.expected.set(None)
    try:
        for write in (
            lambda: actions.save_draft(application, actor=cast.user("student"), motivation="x"),
            lambda: actions.submit(application, actor=cast.user("student")),
        ):
            versions.expect(application, application.version)
            Application.objects.filter(pk=application.pk).update(version=application.version + 1)
            with pytest.raises(StaleState):
                write()
    finally:
        versions.expected.reset(unexpected)
    application.refresh_from_db()
    assert (application.motivation != "x", application.state) == (True, "draft")


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_saw_the_same_version_one_writes(cast):
    application = makers.draft(cast, makers.programme(cast))
    user, address = cast.user("student"), at(application)

    def write(text):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        headers = {"If-Match": f'"{application.version}-x"'}
        return client.patch(address, {"motivation": text}, content_type=JSON, headers=headers).status_code

    assert sorted(all_at_once([lambda: write("bir"), lambda: write("iki")])) == [200, 412]
