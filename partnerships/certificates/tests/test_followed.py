"""Following a certificate: revoked, replaced, issued again, to who may see it when it is told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from partnerships.certificates import actions
from partnerships.certificates.models import Certificate
from partnerships.certificates.tests.sample.certificates import KEY
from partnerships.common.clock import today
from partnerships.directory.models import Affiliation
from partnerships.notifications import actions as telling
from partnerships.notifications import outbox
from partnerships.notifications.letters import FOLLOWED
from partnerships.notifications.models import Message, Notification, Preference
from partnerships.testing.cast import Cast


def news() -> list[tuple[str, str, str]]:
    rows = Notification.objects.filter(kind=FOLLOWED).order_by("change_id", "person__email")
    return [(row.person.email.partition("@")[0], row.title["en"], row.path) for row in rows]


def test_the_holder_and_the_issuer_follow_it_from_its_page_and_strangers_do_not(
    cast: Cast, issued: Callable[..., Certificate], login: Any
) -> None:
    found = issued()
    page, address = found.get_absolute_url(), f"/inbox/follow/certificates.certificate/{found.uid}/"
    for name in ("mentor", "hr", "admin"):
        client = login(name)
        assert "İzlə<" in client.get(page).text
        assert client.post(address, {"on": "1", "next": page})["Location"] == page
        assert "İzləməyi dayandır<" in client.get(page).text
    assert found.serial in login("mentor").get("/inbox/following/").text
    for name in ("student", "coordinator2", "hr2", "stranger"):
        assert login(name).post(address, {"on": "1"}).status_code == 404


def test_followers_hear_that_it_was_replaced_revoked_and_issued_again_but_not_why(
    cast: Cast, issued: Callable[..., Certificate], django_capture_on_commit_callbacks: Any
) -> None:
    hr, old = cast.user("hr"), issued()
    telling.follow(old, actor=cast.user("admin"))
    telling.follow(old, actor=cast.user("hr2"))  # of another company: sees nothing of it
    with django_capture_on_commit_callbacks(execute=True):
        new = actions.reissue(old, actor=hr, note="Ad düzəldildi")
    # Its page leads on to the new one.
    assert news() == [("admin", f"{old}: Replaced by another", old.get_absolute_url())]
    telling.follow(new, actor=cast.user("admin"))
    telling.follow(new, actor=cast.user("mentor"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.revoke(new, actor=hr, note="Səhvən verilib")
    # The holder has a letter of their own, with the reason.
    assert news()[1:] == [("admin", f"{new}: Revoked", new.get_absolute_url())]
    with django_capture_on_commit_callbacks(execute=True):
        third = actions.issue(cast.affiliation("mentor"), kind=KEY, actor=hr, again=True)
    assert news()[2:] == [
        ("admin", f"{new}: issued again, number {third.serial}", third.get_absolute_url()),
    ]
    assert [row.kind for row in Notification.objects.filter(person=cast.mentor).exclude(kind=FOLLOWED)].count(
        "certificates.issued"
    ) == 1
    said = str(list(Notification.objects.filter(kind=FOLLOWED).values_list("title", "body")))
    assert ("Səhvən" in said, "düzəldildi" in said) == (False, False)


def test_a_follower_who_lost_the_right_before_the_letter_goes_gets_none(
    cast: Cast, issued: Callable[..., Certificate], django_capture_on_commit_callbacks: Any
) -> None:
    found = issued()
    for name in ("admin", "coordinator"):
        telling.follow(found, actor=cast.user(name))
    Preference.objects.create(person=cast.admin, kind=FOLLOWED, channel="mail", timing="daily")
    with django_capture_on_commit_callbacks(execute=True):
        actions.revoke(found, actor=cast.user("hr"), note="Səhvən verilib")
    assert [who for who, _title, _page in news()] == ["admin"]
    Affiliation.objects.filter(person=cast.admin).update(ends=today() - timedelta(days=1))
    Message.objects.filter(kind=FOLLOWED).update(state="queued", hold_until=None)
    outbox.deliver()
    letter = Message.objects.get(kind=FOLLOWED)
    assert (letter.state, letter.suppressed) == ("suppressed", "rights")
