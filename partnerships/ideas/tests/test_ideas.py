"""An idea is noted in a minute, looked after, and becomes something."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from partnerships.agreements.tests import makers as agreements
from partnerships.common.clock import start_of_day, today
from partnerships.common.refusals import IllegalTransition, Missing, Refused, StaleState
from partnerships.directory import actions as directory
from partnerships.ideas import actions, results
from partnerships.ideas.models import Idea
from partnerships.ideas.source import SOURCE
from partnerships.notifications import actions as telling
from partnerships.notifications import outbox
from partnerships.notifications.letters import FOLLOWED, NEWS_KIND
from partnerships.notifications.models import Message, Notification, Preference
from partnerships.notifications.reminding import remind
from partnerships.workflow.models import Change

SOON = timedelta(days=2)


def noted(cast, who="hr", **values):
    given = {
        "title": "Birgə relə laboratoriyası",
        "next_step": "Dekana zəng",
        "next_on": today() + SOON,
        **values,
    }
    return actions.note(actor=cast.user(who), **given)


def again(idea):
    return Idea.objects.with_rows().get(pk=idea.pk)


def test_one_line_and_a_next_step_are_enough(cast, login):
    client = login("hr")
    url = f"{reverse('ideas:note')}?partner={cast.aztu.slug}"
    assert client.get(url).context["form"]["partner"].value() == cast.aztu.pk
    typed = {
        "title": "Birgə relə laboratoriyası",
        "partner": cast.aztu.pk,
        "next_step": "Dekana zəng",
        "next_on": (today() + SOON).isoformat(),
        "came_up": "visit",
        "said_on": today().isoformat(),
    }
    answer = client.post(reverse("ideas:note"), typed)
    made = again(Idea.objects.get())
    assert answer["Location"] == made.get_absolute_url()
    assert (made.owner, made.noted_by, made.home, made.partner) == (
        cast.hr,
        cast.hr,
        cast.azerisiq,
        cast.aztu,
    )
    refused = client.post(reverse("ideas:note"), {**typed, "next_step": "", "next_on": "2020-01-01"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["next_step"])
    gone = client.post(reverse("ideas:note"), {**typed, "next_on": "2020-01-01"})
    assert (gone.status_code, list(gone.context["form"].errors)) == (422, ["next_on"])
    assert "Birgə relə" in gone.content.decode()
    ahead = (today() + SOON).isoformat()
    said = client.post(reverse("ideas:note"), {**typed, "said_on": ahead}).context["form"]
    assert said.errors == {"said_on": ["Bu tarix hələ gəlməyib."]}
    corrected = {**typed, "said_on": ahead, "version": made.version}
    change = client.post(reverse("ideas:change", args=[made.uid]), corrected)
    assert (change.status_code, list(change.context["form"].errors)) == (422, ["said_on"])
    assert Idea.objects.count() == 1


def test_an_owner_is_a_colleague_and_is_told(cast, django_capture_on_commit_callbacks):
    with pytest.raises(ValidationError):
        noted(cast, owner=cast.coordinator)
    with django_capture_on_commit_callbacks(execute=True):
        idea = noted(cast, owner=cast.expert)
    assert [row.person for row in Notification.objects.filter(kind="ideas.yours")] == [cast.expert]
    assert idea.owner == cast.expert


def test_students_and_strangers_note_none(cast, login):
    for who in ("student", "stranger"):
        with pytest.raises(Refused):
            noted(cast, who)
        assert login(who).get(reverse("ideas:note")).status_code == 403
    assert Idea.objects.count() == 0


def test_it_is_seen_by_its_people_and_who_runs_the_partnership_there(cast):
    idea = noted(cast, owner=cast.expert, partner=cast.aztu)
    seen = {name for name in cast.people() if idea in Idea.objects.visible_to(cast.user(name))}
    assert seen == {"hr", "expert", "partnerships", "admin"}


@pytest.mark.parametrize("who", ["rector", "coordinator", "hr2", "mentor", "student"])
def test_the_partner_and_everybody_else_find_nothing(cast, login, who):
    idea = noted(cast, partner=cast.aztu)
    client = login(who)
    for url in (idea.get_absolute_url(), reverse("ideas:change", args=[idea.uid])):
        assert client.get(url).status_code == 404
    drop = reverse("ideas:act", args=[idea.uid, "drop"])
    assert client.post(drop, {"note": "x"}).status_code == 404
    assert idea.title not in client.get(reverse("ideas:list")).content.decode()
    assert SOURCE.finds(cast.user(who), "birge", 5) == []
    assert again(idea).state == "open"


def test_the_page_of_a_partner_lists_the_ideas_about_it_to_who_may_see_them(cast, login, client):
    dropped = noted(cast, title="Köhnə fikir", partner=cast.aztu)
    actions.drop(dropped, actor=cast.user("hr"), note="Maraq yoxdur")
    opened = noted(cast, title="Yeni fikir", partner=cast.aztu)
    noted(cast, title="Başqa fikir", partner=cast.adnsu)
    page = reverse("partner_detail", args=[cast.aztu.slug])
    for who in ("hr", "partnerships", "admin"):
        answer = login(who).get(page)
        (card,) = answer.context["noted"]
        assert [line.url for line in card.lines] == [opened.get_absolute_url(), dropped.get_absolute_url()]
        assert login(who).get(card.url).status_code == 200
    for stranger in (login("coordinator"), login("hr2"), login("student"), client):
        answer = stranger.get(page)
        assert (answer.context["noted"], "fikir" in answer.text) == ([], False)


def test_who_has_left_sees_and_moves_nothing_and_the_overseers_are_reminded_at_once(
    cast, login, time_machine
):
    idea, other = noted(cast, "hr"), noted(cast, "hr", owner=cast.expert)
    here = cast.affiliation("hr")
    here.ends = today() + timedelta(days=1)
    here.save()
    assert login("hr").get(idea.get_absolute_url()).status_code == 200
    time_machine.move_to(start_of_day(today()) + timedelta(days=2, hours=12), tick=False)
    gone = cast.user("hr")
    assert list(Idea.objects.visible_to(gone)) == []
    assert [login("hr").get(one.get_absolute_url()).status_code for one in (idea, other)] == [404, 404]
    with pytest.raises(Refused):
        actions.drop(again(idea), actor=gone, note="Maraq yoxdur")
    remind()
    told = {message.person for message in Message.objects.filter(kind="ideas.remind_step")}
    assert told >= {cast.partnerships, cast.admin}
    further = {"next_step": "Zəng", "next_on": today() + SOON, "actor": cast.user("partnerships")}
    with pytest.raises(ValidationError) as refused:
        actions.step(again(idea), **further)
    assert set(refused.value.message_dict) == {"owner"}
    assert actions.step(again(idea), owner=cast.expert, **further).owner == cast.expert


def test_who_stands_in_for_the_owner_sees_it_has_it_at_home_and_moves_it_in_their_place(cast, login):
    idea = noted(cast, "hr", next_on=today())
    noted(cast, "partnerships")  # of whom nobody stands in
    place = cast.affiliation("hr")
    week = {"starts": today(), "ends": today() + timedelta(days=5), "reason": "Məzuniyyət"}
    assert login("trainer").get(idea.get_absolute_url()).status_code == 404
    directory.name_deputy(place, cast.trainer, actor=cast.user("hr"), **week)
    assert list(Idea.objects.visible_to(cast.user("trainer"))) == [idea]
    home = login("trainer").get(reverse("home")).content.decode()
    assert (idea.get_absolute_url() in home, cast.hr.name in home) == (True, True)
    moved = actions.step(
        again(idea), actor=cast.user("trainer"), next_step="Görüş", next_on=today() + SOON, note="Danışıldı"
    )
    said = Change.objects.of(idea).get(verb="step")
    assert (moved.owner, said.on_behalf_of_id) == (cast.hr, cast.hr.pk)


def test_a_step_further_has_a_new_day_and_may_have_a_new_owner(cast):
    idea = noted(cast)
    assert [todo.title for todo in SOURCE.waits(cast.user("hr"))] == ["Dekana zəng"]
    assert [entry.title for entry in SOURCE.happens(cast.user("hr"), today(), today() + 2 * SOON)] == [
        "Dekana zəng"
    ]
    next_on = today() + timedelta(days=20)
    moved = actions.step(
        idea, actor=cast.user("hr"), next_step="Layihə", next_on=next_on, owner=cast.expert, note="Razıdır"
    )
    assert (again(moved).next_step, again(moved).owner, again(moved).state) == ("Layihə", cast.expert, "open")
    assert (SOURCE.waits(cast.user("hr")), SOURCE.waits(cast.user("expert"))) == ([], [])  # three weeks ahead
    assert Change.objects.of(idea).filter(verb="step").get().note == "Razıdır"
    with pytest.raises(ValidationError):
        actions.step(moved, actor=cast.user("expert"), next_step="Dünən", next_on=today() - SOON)


def test_what_is_made_from_the_page_of_an_idea_is_linked_with_it_by_itself(cast, login):
    idea, theirs = noted(cast, "partnerships", partner=cast.aztu), noted(cast, "coordinator")
    client = login("partnerships")
    address = dict(client.get(idea.get_absolute_url()).context["makes"])["Saziş"]
    chosen = {"type": "framework", "company": cast.azerisiq.pk, "university": cast.aztu.pk}
    body = {**chosen, "starts": today().isoformat(), "endless": "on"}
    assert client.post(address, {**body, "university": ""}).status_code == 422
    assert again(idea).state == "open"
    made = client.post(address, body)
    assert (again(idea).state, again(idea).result.get_absolute_url()) == ("became", made["Location"])
    for other in (address, f"/agreements/new/?idea={theirs.uid}", "/agreements/new/?idea=x"):
        assert client.post(other, body).status_code == 302  # it moved on, another's, none
    assert (again(idea).result.get_absolute_url(), again(theirs).state) == (made["Location"], "open")


def test_it_becomes_an_agreement_and_keeps_the_link(cast, login):
    idea = noted(cast, "partnerships", partner=cast.aztu)
    agreement = agreements.in_force(cast)
    client = login("partnerships")
    makes = dict(client.get(idea.get_absolute_url()).context["makes"])
    form = client.get(f"{makes['Saziş']}&type=framework").context["form"]
    assert form["university"].value() == cast.aztu.pk
    url = reverse("ideas:act", args=[idea.uid, "become"])
    (_label, offered), *_rest = results.choices(cast.user("partnerships"))
    key = next(value for value, text in offered if text == f"{agreement.number} · {agreement.title}")
    assert client.post(url, {"result": key}).status_code == 302
    idea = again(idea)
    assert (idea.state, idea.result) == ("became", agreement)
    assert agreement.get_absolute_url() in client.get(idea.get_absolute_url()).content.decode()
    assert client.post(url, {"result": key}).status_code == 302  # pressed twice
    assert Change.objects.of(idea).filter(verb="become").count() == 1
    back = f'href="{idea.get_absolute_url()}"'
    assert back in client.get(agreement.get_absolute_url()).content.decode()
    other = login("coordinator").get(agreement.get_absolute_url())  # an idea is its organisation's own
    assert (other.status_code, back in other.content.decode()) == (200, False)
    back = actions.reopen(idea, actor=cast.user("partnerships"), next_step="Yenidən", next_on=today() + SOON)
    assert (again(back).state, again(back).result) == ("open", None)
    history = client.get(idea.get_absolute_url()).context["history"]
    assert [entry.detail for entry in history] == ["", str(agreement), ""]


def heard(kind=NEWS_KIND):
    rows = Notification.objects.filter(kind=kind).order_by("person__email")
    return [(row.person, row.title["en"], row.path) for row in rows]


def test_who_follows_the_partner_hears_of_an_idea_as_far_as_they_may_see_it(
    cast, django_capture_on_commit_callbacks
):
    for name in ("admin", "expert", "partnerships", "hr2", "coordinator", "rector", "student"):
        telling.follow(cast.aztu, actor=cast.user(name))
    telling.follow(cast.adnsu, actor=cast.user("admin"))
    with django_capture_on_commit_callbacks(execute=True):
        idea = noted(cast, partner=cast.aztu, owner=cast.expert)
    # The one who looks after it has a letter of its own; the partner's people and the neighbours see no idea.
    assert [row.person for row in Notification.objects.filter(kind="ideas.yours")] == [cast.expert]
    page = idea.get_absolute_url()
    first = [
        (one, f"{cast.aztu.name_en} · A cooperation idea: {idea.title}", page)
        for one in (cast.admin, cast.partnerships)
    ]
    assert heard() == first
    agreement = agreements.in_force(cast)
    Notification.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        actions.become(idea, actor=cast.user("partnerships"), result=agreement)
        noted(cast)  # of no partner
        actions.drop(noted(cast, partner=cast.adnsu, owner=cast.hr), actor=cast.user("hr"), note="Yox")
    said = f"{cast.aztu.name_en} · Something has come of a cooperation idea: {idea.title}"
    assert [row for row in heard() if row[2] == page] == [(cast.admin, said, page), (cast.expert, said, page)]
    assert [(person, title) for person, title, path in heard() if path != page] == [
        (cast.admin, f"{cast.adnsu.name} · A cooperation idea: {idea.title}")
    ]


def test_news_of_an_idea_are_not_sent_to_who_lost_the_right(cast, django_capture_on_commit_callbacks):
    for name in ("admin", "partnerships"):
        telling.follow(cast.aztu, actor=cast.user(name))
        Preference.objects.create(person=getattr(cast, name), kind=NEWS_KIND, channel="mail", timing="daily")
    with django_capture_on_commit_callbacks(execute=True):
        noted(cast, partner=cast.aztu)
    letters = Message.objects.filter(kind=NEWS_KIND)
    assert letters.filter(state="held").count() == 2
    over = cast.affiliation("partnerships")
    over.ends = today() - timedelta(days=1)
    over.save()
    letters.update(state="queued", hold_until=None)
    outbox.deliver()
    fate = {row.person: (row.state, row.suppressed) for row in letters.all()}
    assert fate == {cast.partnerships: ("suppressed", "rights"), cast.admin: ("sent", "")}


def test_a_corrected_idea_is_no_news_and_a_dropped_one_is(cast, django_capture_on_commit_callbacks):
    idea = noted(cast, partner=cast.aztu)
    telling.follow(idea, actor=cast.user("admin"))
    with django_capture_on_commit_callbacks(execute=True):
        actions.change(idea, actor=cast.user("partnerships"), version=again(idea).version, title="Sayğaclar")
    assert heard(FOLLOWED) == []
    with django_capture_on_commit_callbacks(execute=True):
        actions.drop(again(idea), actor=cast.user("partnerships"), note="Yox")
    assert [(person, title) for person, title, _path in heard(FOLLOWED)] == [
        (cast.admin, "Sayğaclar: Dropped")
    ]


def test_what_one_may_not_see_is_not_named(cast, login):
    theirs = agreements.draft(cast)  # seen by who keeps it alone
    idea = noted(cast, "coordinator")
    assert results.chosen(cast.user("coordinator"), f"1:{theirs.pk}") is None
    url = reverse("ideas:act", args=[idea.uid, "become"])
    for key in ("", "x", "9:9", f"-1:{theirs.pk}"):
        assert login("coordinator").post(url, {"result": key}).status_code == 422
    assert again(idea).state == "open"


def test_who_is_too_late_reads_what_they_typed_and_who_pressed_twice_is_led_back(cast, login):
    idea = noted(cast)
    url = reverse("ideas:act", args=[idea.uid, "drop"])
    client = login("hr")
    for _twice in range(2):
        assert client.post(url, {"note": "Maraq yoxdur"}).status_code == 302
    late = client.post(url, {"note": "Dekan fikrini dəyişdi"})
    assert (late.status_code, "Dekan fikrini dəyişdi" in late.text) == (409, True)
    assert [change.note for change in Change.objects.of(idea).filter(verb="drop")] == ["Maraq yoxdur"]


def test_dropping_needs_a_reason_and_happens_once(cast):
    idea = noted(cast)
    with pytest.raises(Missing):
        actions.drop(idea, actor=cast.user("hr"), note=" ")
    with pytest.raises(Refused):
        actions.drop(idea, actor=cast.user("coordinator"), note="yox")
    idea = actions.drop(again(idea), actor=cast.user("hr"), note="Maraq yoxdur")
    with pytest.raises(IllegalTransition):
        actions.drop(idea, actor=cast.user("hr"), note="yenə")


def test_the_slower_of_two_editors_is_told(cast, login):
    idea = noted(cast)
    actions.change(idea, actor=cast.user("hr"), version=1, title="Yeni ad")
    with pytest.raises(StaleState):
        actions.change(idea, actor=cast.user("hr"), version=1, title="Köhnə ad")
    typed = {"title": "Köhnə ad", "came_up": "visit", "said_on": today().isoformat(), "version": "1"}
    answer = login("hr").post(reverse("ideas:change", args=[idea.uid]), typed)
    assert answer.status_code == 409
    assert again(idea).title == "Yeni ad"


def test_a_late_step_reminds_its_owner_and_then_who_runs_the_partnership(cast, time_machine):
    noted(cast, owner=cast.expert)
    noon = start_of_day(today()) + timedelta(hours=12)
    overseers = {cast.expert, cast.partnerships, cast.admin}
    for days, people in ((1, set()), (2, {cast.expert}), (9, overseers)):
        time_machine.move_to(noon + timedelta(days=days), tick=False)
        Message.objects.all().delete()
        remind()
        told = {message.person for message in Message.objects.filter(kind="ideas.remind_step")}
        assert told == people


def test_the_list_narrows_and_costs_the_same_at_any_length(cast, login, django_assert_max_num_queries):
    client = login("hr")
    empty = client.get(reverse("ideas:list"))  # its one primary button stands in the invitation
    assert empty.content.decode().count("btn-primary") == 1
    noted(cast, title="=HYPERLINK(1)")
    for typed in ("", "yoxdur"):
        page = client.get(reverse("ideas:list"), {"q": typed})
        assert (page.content.decode().count("btn-primary"), bool(page.context["invites"])) == (1, False)
    with django_assert_max_num_queries(40) as few:
        client.get(reverse("ideas:list"))
    for number in range(60):
        noted(cast, title=f"Fikir {number}", partner=cast.aztu)
    with django_assert_max_num_queries(40) as many:
        page = client.get(reverse("ideas:list"))
    assert len(many) == len(few)
    assert len(page.context["rows"]) == 25
    only = client.get(reverse("ideas:list"), {"q": "hyperlink"})
    assert [row.title for row in only.context["rows"]] == ["=HYPERLINK(1)"]
    assert client.get(reverse("export", args=["ideas.ideas"]), {"partner": cast.aztu.slug}).status_code == 200
