"""A request to join as it goes on: agreements, invitations, a no, what waits, and who must not see it."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from partnerships.agreements import actions as agreements
from partnerships.agreements.models import Agreement
from partnerships.common.clock import baku_date, day_in_words, moment_in_words
from partnerships.common.list_asked import Asked
from partnerships.common.refusals import Blocked, IllegalTransition, Refused
from partnerships.directory import actions as directory
from partnerships.directory.asked import plainly
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Invitation, Organization
from partnerships.joining import actions, links
from partnerships.joining.models import JoinRequest
from partnerships.joining.source import SOURCE
from partnerships.joining.tests.makers import TYPED, again, asked, newcomer
from partnerships.joining.views import REQUESTS
from partnerships.notifications import actions as telling
from partnerships.notifications import outbox, reminding
from partnerships.notifications.letters import NEWS_KIND
from partnerships.notifications.models import Message, Notification, Preference
from partnerships.testing import factories as make


def test_from_request_to_partner_by_a_signed_agreement(cast):
    request = asked()
    manager = cast.user("partnerships")
    assert [todo.title for todo in SOURCE.waits(manager)] == ["Qoşulmaq istəyir: Qarabağ Universiteti"]
    request = actions.ask(request, actor=manager, note="Hansı fakültə?")
    request = actions.reply(request, actor=links.actor_of(request), note="Energetika.")
    request = actions.invite(request, actor=manager)
    with pytest.raises(Blocked):
        actions.offer(request, actor=manager)
    who = newcomer(again(request))
    made = Organization.objects.get(name="Qarabağ Universiteti")
    assert Affiliation.objects.get(person=who).role == Role.COORDINATOR
    assert (made.is_partner, [domain.domain for domain in made.domains.all()]) == (False, ["karabakh.edu.az"])
    draft = actions.offer(again(request), actor=manager)
    assert (draft.owner, draft.state) == (cast.azerisiq, "draft")
    with pytest.raises(Blocked):
        actions.join(again(request), actor=manager)
    assert actions.join_signed() == 0
    Agreement.objects.filter(pk=draft.pk).update(state="in_force")
    assert (actions.join_signed(), actions.join_signed()) == (1, 0)
    made.refresh_from_db()
    assert (again(request).state, made.is_partner) == ("joined", True)
    told = Message.objects.filter(address=request.email, kind=actions.KIND).order_by("pk").last()
    assert told.subject == "Qarabağ Universiteti tərəfdaş oldu"


@pytest.mark.parametrize(("kind", "own"), [("university", "Tələbələr:"), ("company", "Təcrübə:")])
def test_who_became_a_partner_reads_what_comes_next_with_the_addresses(cast, kind, own):
    request = asked(kind=kind)
    actions.invite(request, actor=cast.user("partnerships"))
    newcomer(again(request))
    if kind == "university":
        draft = actions.offer(again(request), actor=cast.user("partnerships"))
        Agreement.objects.filter(pk=draft.pk).update(state="in_force")
    actions.join(again(request), actor=cast.user("partnerships"))
    letter = Message.objects.filter(address=request.email).latest("pk").text
    for said in (own, "/people/", "/bookings/", "/home/"):
        assert said in letter, letter


def test_who_follows_an_organisation_hears_that_it_is_a_partner_now(
    cast, login, django_capture_on_commit_callbacks
):
    request = asked()
    manager = cast.user("partnerships")
    actions.invite(request, actor=manager)
    newcomer(again(request))
    made = again(request).organization
    # It has no page yet: the manager follows it from the request, nothing leads where nothing is.
    page = login("partnerships").get(request.get_absolute_url()).text
    assert f"/inbox/follow/directory.organization/{made.uid}/" in page
    assert "İzlə: təşkilat" in page  # beside the button of the request itself
    assert f"/partners/{made.slug}/" not in page
    for name in ("partnerships", "admin", "expert", "student"):
        telling.follow(made, actor=cast.user(name))
    telling.follow(cast.aztu, actor=cast.user("student2"))
    followed = login("expert").get("/inbox/following/").text
    assert ("Qarabağ Universiteti" in followed, f"/partners/{made.slug}/" in followed) == (True, False)
    user = cast.user("student")
    user.is_active = False
    user.save()
    draft = actions.offer(again(request), actor=manager)
    Agreement.objects.filter(pk=draft.pk).update(state="in_force")
    with django_capture_on_commit_callbacks(execute=True):
        actions.join_signed()
        actions.join_signed()
        directory.update_organization(again(request).organization, actor=manager, is_partner=True)
    news = Notification.objects.filter(kind=NEWS_KIND).order_by("person__email")
    assert [(row.person, row.title["en"], row.path) for row in news] == [
        (one, "Qarabağ Universiteti · A partner from now on", f"/partners/{made.slug}/")
        for one in (cast.admin, cast.expert, cast.partnerships)
    ]
    assert login("expert").get(f"/partners/{made.slug}/").status_code == 200


def test_the_letter_of_a_new_partner_asks_for_the_right_again(cast, django_capture_on_commit_callbacks):
    made = make.organization("Gəncə Enerji", "company", is_partner=False)
    for name in ("expert", "partnerships"):
        telling.follow(made, actor=cast.user(name))
        Preference.objects.create(person=getattr(cast, name), kind=NEWS_KIND, channel="mail", timing="daily")
    with django_capture_on_commit_callbacks(execute=True):
        directory.update_organization(made, actor=cast.user("admin"), is_partner=True)
    letters = Message.objects.filter(kind=NEWS_KIND)
    assert {(row.person, row.state) for row in letters} == {
        (cast.expert, "held"),
        (cast.partnerships, "held"),
    }
    Organization.objects.filter(pk=made.pk).update(
        is_active=False
    )  # whoever operates the portal sees it still
    letters.update(state="queued", hold_until=None)
    outbox.deliver()
    fate = {row.person: (row.state, row.suppressed) for row in letters.all()}
    assert fate == {cast.expert: ("suppressed", "rights"), cast.partnerships: ("sent", "")}


def test_a_company_joins_without_an_agreement_with_its_human_resources(cast):
    request = asked(kind="company", name="Gəncə Enerji MMC", domain="")
    manager = cast.user("partnerships")
    actions.invite(request, actor=manager)
    who = newcomer(again(request))
    assert Affiliation.objects.get(person=who).role == Role.HR
    assert actions.join(again(request), actor=manager).state == "joined"
    # From now on the company invites its own people.
    with pytest.raises(Refused):
        directory.make_invitation(again(request).organization, actor=cast.user("partnerships"), role=Role.HR)


def test_who_has_a_coordinator_invites_its_own_people(cast):
    request = asked(organization=cast.aztu, name=cast.aztu.name)
    with pytest.raises(Blocked):
        actions.invite(request, actor=cast.user("partnerships"))
    assert (
        actions.decline(request, actor=cast.user("partnerships"), note="Sevinc Quliyeva").state == "declined"
    )


def sent_before(request):
    """Its code went two minutes ago."""
    Invitation.objects.filter(pk=again(request).invitation_id).update(
        created=timezone.now() - timedelta(minutes=2)
    )


def test_a_lost_code_is_followed_by_a_new_one_until_somebody_came(cast):
    request, manager = asked(), cast.user("partnerships")
    with pytest.raises(IllegalTransition):
        actions.invite_again(request, actor=manager)
    lost = actions.invite(request, actor=manager).invitation
    with pytest.raises(Blocked) as twice:  # a double click mails no second code
        actions.invite_again(again(request), actor=manager)
    assert twice.value.refusal.code == "just_sent"
    assert Message.objects.filter(address=request.email, text__contains=lost.code).count() == 1
    sent_before(request)
    request = actions.invite_again(again(request), actor=manager)
    lost.refresh_from_db()
    letter = Message.objects.filter(address=request.email).latest("pk").text
    assert (lost.uses_left, request.state, request.invitation.code in letter) == (0, "invited", True)
    assert request.invitation.code != lost.code
    sent_before(request)
    newcomer(again(request))
    with pytest.raises(Blocked) as there:
        actions.invite_again(again(request), actor=manager)
    assert there.value.refusal.code == "came"


def test_who_signs_up_by_the_letter_of_the_invitation_comes_to_the_field_for_the_code(client, cast):
    request = actions.invite(asked(), actor=cast.user("partnerships"))
    letter = Message.objects.filter(address=request.email).latest("pk").text
    assert "/accounts/signup/?next=%2Fprofile%2Fcode%2F" in letter
    assert 'href="/accounts/signup/?next=%2Fprofile%2Fcode%2F"' in client.get(links.path_of(request)).text


def test_a_code_whose_days_are_over_is_the_managers_move_again(client, cast, login):
    request, manager = actions.invite(asked(), actor=cast.user("partnerships")), cast.user("partnerships")
    link, page = links.path_of(request), request.get_absolute_url()

    def read():
        said = client.get(link).text, login("partnerships").get(page).text
        return "Kodun müddəti bitib" in said[0], "Yeni kod göndərin." in said[1]

    reminding.remind()
    reminded = Notification.objects.filter(kind="joining.remind_code")
    assert (read(), reminded.count()) == ((False, False), 0)
    sent_before(request)
    request.invitation.refresh_from_db()
    request.invitation.expires = timezone.now() - timedelta(hours=1)
    request.invitation.save()
    reminding.remind()
    assert [row.person for row in reminded] == [cast.partnerships]
    assert (read(), "Kodu daxil et" in client.get(link).text) == ((True, True), False)
    request = actions.invite_again(again(request), actor=manager)
    assert read() == (False, False)


def test_both_sides_read_since_when_it_is_whose_turn(client, cast, login):
    request, manager = actions.invite(asked(), actor=cast.user("partnerships")), cast.user("partnerships")
    newcomer(again(request))
    draft = agreements.send(actions.offer(again(request), actor=manager), actor=manager)
    since = timezone.now() - timedelta(days=2)
    Agreement.objects.filter(pk=draft.pk).update(turn_since=since)
    said = f"nə vaxtdan: {moment_in_words(since)}"
    assert said in client.get(links.path_of(request)).text
    assert said in login("partnerships").get(request.get_absolute_url()).text


def test_both_sides_read_whose_move_it_is_while_an_agreement_is_on_its_way(client, cast, login):
    request, manager = asked(), cast.user("partnerships")
    request = actions.invite(request, actor=manager)
    link, page = links.path_of(request), request.get_absolute_url()

    def read():
        return client.get(link).text, login("partnerships").get(page).text

    assert "qeydiyyatdan keçin" in read()[0]
    newcomer(again(request))
    assert "Təşkilatınız artıq portaldadır" in read()[0]
    titles = [todo.title for todo in SOURCE.waits(manager)]
    assert titles == ["İlk nümayəndəsi portaldadır: Qarabağ Universiteti"]
    draft = actions.offer(again(request), actor=manager)
    asker, keeper = read()
    assert (
        "Çərçivə sazişi hazırlanır" in asker,
        draft.get_absolute_url() in keeper and "Yoxlayın və " in keeper,
    ) == (True, True)
    titles = [todo.title for todo in SOURCE.waits(manager)]
    assert (titles, draft.get_absolute_url() in asker) == (["Saziş hazırlayın: Qarabağ Universiteti"], False)
    agreements.send(draft, actor=manager)
    assert SOURCE.waits(manager) == []
    asker, keeper = read()
    assert f'btn-primary" href="{draft.get_absolute_url()}"' in asker
    assert "saziş təşkilatınızın imzasını gözləyir" in asker
    assert "İndi imzalayır: Qarabağ Universiteti" in keeper
    Agreement.objects.filter(pk=draft.pk).update(state="in_force", awaiting=None)
    assert "Bütün tərəflər imzalayıb" in read()[0]
    actions.join_signed()
    made = again(request).organization
    shown = client.get(f"/partners/{made.slug}/").text
    assert ("Tərəfdaş</span>" in shown, "Məlumat" in shown) == (True, False)  # no card without a fact


def test_another_agreement_is_offered_where_the_first_fell_away(cast, login):
    request, manager = actions.invite(asked(), actor=cast.user("partnerships")), cast.user("partnerships")
    newcomer(again(request))
    first = actions.offer(again(request), actor=manager)
    with pytest.raises(Refused):
        actions.offer_again(again(request), actor=manager)
    agreements.withdraw(first, actor=manager, note="Səhv tərəf")
    assert "Yeni saziş təklif et" in login("partnerships").get(request.get_absolute_url()).text
    second = actions.offer_again(again(request), actor=manager)
    assert (again(request).agreement, again(request).state, second.state) == (second, "offered", "draft")
    assert second != first
    with pytest.raises(Refused):
        actions.offer_again(again(request), actor=cast.user("coordinator"))


def test_who_presses_for_another_agreement_twice_reads_how_it_stands_and_not_that_it_is_not_theirs(
    cast, login
):
    request, manager = actions.invite(asked(), actor=cast.user("partnerships")), cast.user("partnerships")
    newcomer(again(request))
    agreements.withdraw(actions.offer(again(request), actor=manager), actor=manager, note="Səhv tərəf")
    page, browser = f"{request.get_absolute_url()}offer_again/", login("partnerships")
    assert "/agreements/" in browser.post(page)["Location"]
    answer = browser.post(page, follow=True)
    assert (answer.status_code, "Bu addım hazırkı vəziyyətdə mümkün deyil" in answer.text) == (200, True), (
        answer.text
    )
    assert answer.redirect_chain[0][0] == request.get_absolute_url()
    assert again(request).state == "offered"
    assert login("mentor").post(page).status_code == 404


def test_a_no_has_its_reason_and_takes_the_invitation_and_the_draft_with_it(cast):
    manager = cast.user("partnerships")
    request = actions.invite(asked(), actor=manager)
    newcomer(again(request))
    draft = actions.offer(again(request), actor=manager)
    request = actions.decline(again(request), actor=manager, note="Əvvəlcə lisenziya lazımdır.")
    request.invitation.refresh_from_db()
    assert request.invitation.uses_left == 0
    assert Agreement.objects.get(pk=draft.pk).state == "withdrawn"
    assert "lisenziya" in Message.objects.filter(address=request.email).latest("pk").text
    with pytest.raises(IllegalTransition):
        actions.withdraw(request, actor=links.actor_of(request))


def test_what_all_have_signed_is_neither_declined_nor_withdrawn_before_the_clock_makes_it_a_partner(cast):
    manager = cast.user("partnerships")
    request = actions.invite(asked(), actor=manager)
    newcomer(again(request))
    draft = actions.offer(again(request), actor=manager)
    Agreement.objects.filter(pk=draft.pk).update(state="in_force")
    for verb, actor, more in (
        (actions.decline, manager, {"note": "Yox"}),
        (actions.withdraw, links.actor_of(request), {}),
    ):
        with pytest.raises(Blocked) as refused:
            verb(again(request), actor=actor, **more)
        assert refused.value.refusal.code == "in_force"
    assert (actions.join_signed(), again(request).state) == (1, "joined")


def test_the_link_moves_its_own_request_and_nothing_else(client, cast):
    mine, theirs = asked(), asked(name="Başqa", email="b@else.example")
    with pytest.raises(Refused):
        actions.withdraw(theirs, actor=links.actor_of(mine))
    with pytest.raises(Refused):
        actions.invite(mine, actor=links.actor_of(mine))
    path = links.path_of(mine)
    assert client.get(path.replace(path.split("/")[3][:8], "00000000")).status_code == 404
    cut = client.get(path[:-5] + "/")
    assert (cut.status_code, "Bu keçid açılmır" in cut.content.decode()) == (404, True)
    assert client.post(path, {"verb": "invite"}).status_code == 404
    client.get(path)
    assert again(mine).state == "received"
    client.post(path, {"verb": "withdraw"})
    assert client.post(path, {"verb": "withdraw"}).status_code == 302  # pressed twice
    assert (again(mine).state, again(theirs).state) == ("withdrawn", "received")
    assert f'btn-quiet" href="{reverse("joining:join")}"' in client.get(path).content.decode()
    actions.invite(theirs, actor=cast.user("partnerships"))
    code_page = reverse("profile_code")
    assert code_page in client.get(links.path_of(theirs)).content.decode()


@pytest.mark.parametrize("name", ["student", "coordinator", "hr", "hr2", "rector", "mentor", "expert"])
def test_nobody_else_sees_that_somebody_asks(cast, login, name):
    request = asked()
    client = login(name)
    assert list(JoinRequest.objects.visible_to(cast.user(name))) == []
    assert client.get("/joining/").status_code == 403
    for url in (request.get_absolute_url(), reverse("joining:act", args=[request.uid, "decline"])):
        assert (client.get(url).status_code, client.post(url, {"note": "x"}).status_code) in (
            (404, 404),
            (404, 405),
        )
    assert again(request).state == "received"


def test_the_pages_of_the_manager_do_what_they_say(cast, login):
    request = asked()
    client = login("partnerships")
    assert "Qarabağ Universiteti" in client.get("/joining/?q=qarabag").content.decode()
    page = client.get(request.get_absolute_url()).content.decode()
    assert page.count("btn-primary") == 1
    act = reverse("joining:act", args=[request.uid, "decline"])
    assert client.post(act, {"note": ""}).status_code == 422
    assert client.get(reverse("joining:act", args=[request.uid, "invite"])).status_code == 200
    assert client.post(reverse("joining:act", args=[request.uid, "invite"])).status_code == 302
    assert client.post(reverse("joining:act", args=[request.uid, "invite"])).status_code == 302  # moved on
    assert again(request).state == "invited"
    assert Organization.objects.filter(name="Qarabağ Universiteti").count() == 1


@pytest.mark.parametrize(
    ("language", "heading", "reason"),
    [
        ("az", "Bunu hazırda etmək olmaz", "Bu addım hazırkı vəziyyətdə mümkün deyil: Sual verilib."),
        ("en", "This cannot be done now", "This step is not possible in the present state: Question asked."),
    ],
)
def test_a_verb_that_is_not_due_names_the_state_and_does_not_say_that_somebody_was_quicker(
    cast, login, language, heading, reason
):
    request = actions.ask(asked(), actor=cast.user("partnerships"), note="Hansı fakültə?")
    client, act = login("partnerships"), reverse("joining:act", args=[request.uid, "ask"])
    cast.partnerships.user.__class__.objects.update(language=language)
    opened = client.get(act, follow=True)
    assert opened.redirect_chain == [(request.get_absolute_url(), 302)]
    assert reason in opened.content.decode()
    pressed = client.post(act, {"note": "Neçə tələbə?"})
    page = pressed.content.decode()
    assert (pressed.status_code, "indicə" in page, "just changed" in page) == (409, False, False)
    for words in (heading, reason, "Neçə tələbə?", f'href="{request.get_absolute_url()}"'):
        assert words in page


def test_who_waits_too_long_is_brought_to_mind(cast, settings):
    from partnerships.notifications.reminding import remind

    request = asked()
    JoinRequest.objects.filter(pk=request.pk).update(state_since=request.state_since - timedelta(days=4))
    remind()
    told = Message.objects.filter(kind="joining.remind_received")
    assert [message.person for message in told] == [cast.partnerships]


def test_the_agreement_is_withdrawn_only_while_it_is_not_in_force(cast):
    manager = cast.user("partnerships")
    request = actions.invite(asked(), actor=manager)
    newcomer(again(request))
    draft = actions.offer(again(request), actor=manager)
    agreements.withdraw(draft, actor=manager, note="Səhv mətn")
    assert actions.decline(again(request), actor=manager, note="Gözləyək").state == "declined"


def test_the_list_costs_the_same_at_any_length(cast, login, django_assert_max_num_queries):
    asked()
    client = login("partnerships")
    client.get("/joining/")
    with django_assert_max_num_queries(30) as few:
        client.get("/joining/")
    JoinRequest.objects.bulk_create(
        JoinRequest(name=f"Təşkilat {number}", email=f"n{number}@else.example", contact_name="Ad")
        for number in range(120)
    )
    with django_assert_max_num_queries(30) as many:
        page = client.get("/joining/")
    assert (len(many), len(page.context["rows"])) == (len(few), 25)


def test_each_letter_says_whose_move_it_is_and_by_when_in_amber_where_it_is_the_readers(cast):
    request, manager = asked(), cast.user("partnerships")
    amber, letters = "#fff6e3", Message.objects.filter(address=TYPED["email"]).order_by("-pk")
    told = letters[0]
    assert ("Növbə əməkdaşlıq üzrə menecerdədir" in told.text, amber in told.html) == (True, False)
    request = actions.ask(request, actor=manager, note="Hansı fakültə?")
    told = letters[0]
    assert ("Növbə sizdədir" in told.text, "Hansı fakültə?" in told.text, amber in told.html) == (True,) * 3
    request = actions.invite(
        actions.reply(again(request), actor=links.actor_of(request), note="X"), actor=manager
    )
    told = letters[0]
    until = day_in_words(baku_date(request.invitation.expires))
    assert [word in told.text for word in ("/accounts/signup/", request.invitation.code, until)] == [True] * 3
    assert amber in told.html


def test_the_list_in_kept_words_is_what_is_asked_anew(cast):
    first, second = asked(), asked(name="Xəzər Kolleci", email="kollec@example.az")
    actions.ask(second, actor=cast.user("partnerships"), note="Hansı fakültə?")
    seen = {}
    for who in ("partnerships", "admin"):
        for query in ("", "q=xezer", "show=asked", "state=asked", "state=received&q=qarabag"):
            kept = Asked(REQUESTS, cast.user(who), QueryDict(query))
            found = [row.pk for row in kept.of_page()], kept.counts
            with plainly():
                anew = Asked(REQUESTS, cast.user(who), QueryDict(query))
                assert found == ([row.pk for row in anew.of_page()], anew.counts), (who, query)
            seen[who, query] = found[0]
    assert seen["admin", ""] == [second.pk, first.pk]
    assert seen["partnerships", "state=asked"] == seen["partnerships", "q=xezer"] == [second.pk]
    for who in ("hr", "coordinator", "student"):
        with pytest.raises(Refused):
            Asked(REQUESTS, cast.user(who), QueryDict()).of_page()
