"""What each sees and presses: the reviewer, the chair, the stranger."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from partnerships.directory.enums import Role
from partnerships.ideas.models import Idea
from partnerships.reviews import actions
from partnerships.reviews.models import ConflictOverride, Review, ReviewRound, Rubric
from partnerships.reviews.tests.conftest import again, asked_for, blocked, fresh, idea, mark, member, opened
from partnerships.reviews.tests.sample import reviews as sample
from partnerships.testing import factories as make
from partnerships.testing.cast import all_read


def table_of(found):
    return f"{reverse('export', args=['reviews.round'])}?of={found.uid}"


def text(answer):
    return answer.content.decode()


def idea_of(review):
    return Idea.objects.get(pk=review.object_id)


def test_a_chair_opens_a_round_assigns_and_starts_it(cast, login):
    rows = [idea(cast, n=n) for n in (1, 2)]
    chair = login("partnerships")
    url = reverse("reviews:open", args=[sample.KEY, cast.azerisiq.slug])
    assert chair.get(url).status_code == 200
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    values = {"title": "Seçim", "due": day, "blind": "open", "per_item": "2", "version": "1"}
    assert chair.post(url, values).status_code == 422  # nobody chosen; what was typed stays
    people = [cast.expert.pk, cast.mentor.pk]
    made = chair.post(url, {**values, "people": people, "show_files": "on"})
    found = ReviewRound.objects.get()
    assert made.url == found.get_absolute_url()
    assert chair.get(reverse("reviews:assign_all", args=[found.uid])).status_code == 200
    chair.post(reverse("reviews:assign_all", args=[found.uid]))
    chair.post(reverse("reviews:assign_all", args=[found.uid]))  # a double click
    assert Review.objects.count() == 4
    chair.post(reverse("reviews:round_act", args=[found.uid, "start"]))
    assert fresh(found).state == "marking"
    assert chair.get(url).url == found.get_absolute_url()
    assert [row.pk for row in rows] == sorted(set(Review.objects.values_list("object_id", flat=True)))


def test_a_round_with_nothing_up_for_review_does_not_say_that_everybody_has_reviewers(cast, login):
    found = opened(cast, "expert")
    page = login("partnerships").get(found.get_absolute_url())
    assert page.context["move"] == {"mine": False, "text": "Hələ qiymətləndiriləcək bir şey yoxdur"}
    idea(cast)
    page = login("partnerships").get(found.get_absolute_url())
    assert page.context["move"] == {"mine": True, "text": "Növbə sizdədir: rəyçisi çatmayanların sayı 1."}


def test_taking_back_and_letting_in_again_say_what_follows_before_they_are_done(cast, login, ask):
    found = opened(cast, "expert")
    review = ask(found, idea(cast), "expert")
    chair = login("partnerships")
    back = chair.get(reverse("reviews:act", args=[review.uid, "take_back"])).context["intro"]
    into = chair.get(reverse("reviews:member", args=[found.uid, review.member.uid, "join"])).context["intro"]
    assert (str(back), str(into)) == (
        "Bu rəy artıq həmin rəyçidən gözlənilmir; onu başqasına tapşırmaq olar.",
        "Bu rəyçiyə yenidən qiymətləndirmə tapşırmaq olar.",
    )


def test_a_reviewer_marks_one_after_the_other(cast, login, ask):
    found = opened(cast, "expert")
    first, second = [ask(found, idea(cast, n=n), "expert") for n in (1, 2)]
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    expert = login("expert")
    assert expert.get(reverse("reviews:next", args=[found.uid])).url == first.get_absolute_url()
    page = expert.get(first.get_absolute_url())
    assert (page.status_code, "1 / 2" in text(page)) == (200, True)
    refused = expert.post(first.get_absolute_url(), {"do": "submit", "comment": "Yaxşı fikir", "version": 1})
    assert (refused.status_code, "Yaxşı fikir" in text(refused)) == (422, True)
    sent = expert.post(
        first.get_absolute_url(), {"do": "submit", "overall": "4", "comment": "Yaxşı fikir", "version": 1}
    )
    assert (sent.url, again(first).state) == (second.get_absolute_url(), "submitted")
    last = expert.post(second.get_absolute_url(), {"do": "submit", "overall": "2", "version": 1})
    assert last.url == reverse("reviews:mine")


def test_the_draft_is_saved_as_it_is_typed_and_the_slower_window_is_told(cast, login, started):
    review = started("expert")[0]
    expert, url = login("expert"), reverse("reviews:autosave", args=[review.uid])
    saved = expert.post(url, {"overall": "3", "comment": "Hələ", "version": review.version})
    assert (saved.status_code, again(review).marks) == (200, {"overall": 3})
    stale = expert.post(url, {"overall": "5", "comment": "Başqa", "version": review.version})
    assert (stale.status_code, again(review).comment) == (409, "Hələ")
    page = expert.post(
        review.get_absolute_url(),
        {"do": "submit", "overall": "5", "comment": "Başqa", "version": review.version},
    )
    assert (page.status_code, "Başqa" in text(page), again(review).state) == (409, True, "draft")
    assert expert.post(url, {"overall": "9", "version": 2}).status_code == 422


def test_what_is_written_in_a_window_left_open_after_handing_in_is_shown_again(cast, login, started):
    review = started("expert")[0]
    expert, url = login("expert"), review.get_absolute_url()
    sent = {"do": "submit", "overall": "4", "comment": "Yaxşı fikir", "version": review.version}
    assert expert.post(url, sent).status_code == 302
    assert expert.post(url, sent)["Location"] == url  # a double click: nothing is lost
    late = expert.post(url, {**sent, "comment": "Əslində zəifdir"})
    assert (late.status_code, "Əslində zəifdir" in text(late)) == (409, True)
    assert again(review).comment == "Yaxşı fikir"


@pytest.mark.parametrize("marks", [{"overall": "4"}, {}])
def test_what_is_written_while_marking_ends_is_shown_to_be_copied(cast, login, started, marks):
    review = started("expert")[0]
    sent = {"do": "submit", "comment": "Yaxşı fikir", "version": review.version, **marks}
    ReviewRound.objects.filter(pk=review.round_id).update(state="closed")
    late = login("expert").post(review.get_absolute_url(), sent)
    assert (late.status_code, "Yaxşı fikir" in text(late)) == (409, True)
    assert "Qiymətləndirmə başa çatıb" in text(late)
    assert again(review).comment == ""


def test_double_blind_hides_who_it_is_everywhere_a_reviewer_looks(cast, login, ask):
    found = opened(cast, "expert", "mentor", blind="double")
    row = idea(cast)
    review, other = ask(found, row, "expert"), ask(found, row, "mentor")
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    mark(cast, review, "expert", 4)
    mark(cast, other, "mentor", 2, "Zəifdir")
    expert, item = login("expert"), reverse("reviews:item", args=[found.uid, row.uid])
    assert expert.get(item).status_code == 404  # while marking goes on nobody sees another's
    assert expert.get(table_of(found)).status_code == 403
    actions.move(fresh(found), "discuss", actor=cast.user("partnerships"))
    pages = [
        text(expert.get(url))
        for url in (reverse("reviews:mine"), review.get_absolute_url(), found.get_absolute_url(), item)
    ]
    for hidden in (cast.organiser.name, "ADNSU", cast.mentor.name):
        assert [hidden in page for page in pages] == [False] * 4
    assert [f"№ {row.pk}" in page for page in pages] == [False, True, True, True]
    assert "Zəifdir" in pages[3]
    assert cast.organiser.name in text(login("partnerships").get(item))


def test_open_rounds_name_who_gave_which_mark_once_it_is_discussed(cast, login, started):
    review, other = started("expert", "mentor")
    mark(cast, other, "mentor", 2, "Zəifdir")
    item = reverse("reviews:item", args=[review.round.uid, Idea.objects.get().uid])
    mine = text(login("expert").get(review.get_absolute_url()))
    assert [word in mine for word in (cast.mentor.name, "Zəifdir")] == [False, False]
    actions.move(fresh(review.round), "discuss", actor=cast.user("partnerships"))
    discussed = text(login("expert").get(item))
    assert [word in discussed for word in (cast.mentor.name, "Zəifdir")] == [True, True]


@pytest.mark.parametrize("who", ["student", "coordinator", "hr", "hr2", "trainer"])
def test_strangers_meet_nothing(cast, login, started, who):
    review = started("expert", "mentor")[0]
    found, row, client = review.round, Idea.objects.get(), login(who)
    for url in (
        found.get_absolute_url(),
        review.get_absolute_url(),
        reverse("reviews:item", args=[found.uid, row.uid]),
        table_of(found),
        reverse("reviews:assign_all", args=[found.uid]),
        reverse("reviews:act", args=[review.uid, "declare"]),
        reverse("reviews:file", args=[review.uid, 1]),
    ):
        assert client.get(url).status_code == 404, url
    assert client.post(reverse("reviews:autosave", args=[review.uid]), {"overall": "1"}).status_code == 404


def test_a_reviewer_does_nothing_of_the_chairs(cast, login, started):
    review = started("expert", "mentor")[0]
    found, row, expert = review.round, Idea.objects.get(), login("expert")
    for name, args in (
        ("round_act", [found.uid, "close"]),
        ("change", [found.uid]),
        ("members", [found.uid]),
        ("assign_all", [found.uid]),
        ("conflict", [found.uid, row.uid]),
    ):
        assert expert.post(reverse(f"reviews:{name}", args=args)).status_code == 403, name
    assert fresh(found).state == "marking"


def test_declaring_and_declining_ask_for_a_reason_and_lead_on(cast, login, ask):
    found = opened(cast, "expert")
    first, second = [ask(found, idea(cast, n=n), "expert") for n in (1, 2)]
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    expert = login("expert")
    url = reverse("reviews:act", args=[first.uid, "declare"])
    assert (expert.get(url).status_code, expert.post(url, {"note": ""}).status_code) == (200, 422)
    assert expert.post(url, {"note": "Qohumumdur"}).url == reverse("reviews:next", args=[found.uid])
    assert expert.get(first.get_absolute_url()).status_code == 404
    url = reverse("reviews:act", args=[second.uid, "decline"])
    assert found.reviewed.name(idea_of(second)) in text(expert.get(url))
    expert.post(url, {"note": "Vaxtım yoxdur"})
    assert again(second).state == "declined"
    pages = [reverse("reviews:item", args=[found.uid, idea_of(one).uid]) for one in (first, second)]
    read = [text(login("partnerships").get(url)) for url in pages]
    assert [word in page for word, page in zip(("Qohumumdur", "Vaxtım yoxdur"), read, strict=True)] == [
        True
    ] * 2


def test_who_opens_a_review_again_is_read_by_its_reviewer_who_finds_it_from_the_table(cast, login, started):
    review = started("expert", "mentor")[0]
    mark(cast, review, "expert", 4)
    actions.move(fresh(review.round), "discuss", actor=cast.user("partnerships"))
    expert, item = login("expert"), reverse("reviews:item", args=[review.round.uid, idea_of(review).uid])
    assert review.get_absolute_url() in text(expert.get(item))
    assert review.get_absolute_url() not in text(login("mentor").get(item))
    actions.reopen(again(review), actor=cast.user("partnerships"), note="Balı yenidən baxın")
    assert "Balı yenidən baxın" in text(expert.get(review.get_absolute_url()))
    assert "Balı yenidən baxın" not in text(login("mentor").get(item))


def test_an_override_stands_on_the_page_of_the_round_with_its_reason(cast, login):
    sample.wrote(cast, cast.mentor, cast.organiser)
    row, found = idea(cast), opened(cast, "mentor")
    chair, one = login("partnerships"), member(found, cast.mentor)
    item = reverse("reviews:item", args=[found.uid, row.uid])
    blocked = chair.post(item, {"members": [one.pk]})
    assert (blocked.status_code, Review.objects.count()) == (422, 0)
    url = reverse("reviews:override", args=[found.uid, row.uid, one.uid])
    assert chair.post(url, {"note": ""}).status_code == 422
    assert chair.post(url, {"note": "Başqa mütəxəssis yoxdur"}).url == item
    assert "Başqa mütəxəssis yoxdur" in text(chair.get(found.get_absolute_url()))
    assert chair.post(item, {"members": [one.pk]}).status_code == 302
    made = ConflictOverride.objects.get()
    chair.post(reverse("reviews:override_end", args=[found.uid, made.uid]), {"note": "Tapıldı"})
    assert Review.objects.get().state == "conflict"


def test_a_colleague_opens_to_a_chair_what_a_conflict_keeps_from_them(cast, login):
    """Who leads and is no reviewer stands on the page of the item, by name, with the way to override."""
    row, found = idea(cast), opened(cast, "mentor")
    make.affiliation(cast.trainer, cast.azerisiq, Role.PARTNERSHIPS)
    chair = login("partnerships")
    url = reverse("reviews:item", args=[found.uid, row.uid])
    assert 'id="kept-out"' not in text(chair.get(url))
    noted = {"person": cast.trainer.pk, "note": "Bibisi oğludur"}
    chair.post(reverse("reviews:conflict", args=[found.uid, row.uid]), noted)
    assert login("trainer").get(url).status_code == 404
    to = reverse("reviews:override", args=[found.uid, row.uid, cast.trainer.uid])
    assert f'href="{to}"' in text(chair.get(url))
    assert chair.post(to, {"note": ""}).status_code == 422
    assert chair.post(to, {"note": "Səhv yazılıb"}).url == url
    assert login("trainer").get(url).status_code == 200
    assert 'id="kept-out"' not in text(chair.get(url))
    stranger = reverse("reviews:override", args=[found.uid, row.uid, cast.student.uid])
    assert chair.get(stranger).status_code == 404


def test_a_chair_who_marks_along_reads_no_name_where_a_conflict_is_decided(cast, login):
    sample.wrote(cast, cast.mentor, cast.organiser)
    row, found = idea(cast), opened(cast, "mentor", "partnerships", blind="double")
    chair, name, code = login("partnerships"), row.owner.name, sample.REVIEWS[0].code(row)
    tied = [found.uid, row.uid, member(found, cast.mentor).uid]
    pages = [reverse("reviews:conflict", args=tied[:2]), reverse("reviews:override", args=tied)]
    chair.post(pages[1], {"note": "Başqa mütəxəssis yoxdur"})
    for page in (*pages, found.get_absolute_url()):
        told = text(chair.get(page))
        assert (name in told, code in told) == (False, True)
    actions.set_member(member(found, cast.partnerships), actor=cast.user("partnerships"), active=False)
    assert [name in text(chair.get(page)) for page in (*pages, found.get_absolute_url())] == [True] * 3


def test_a_rubric_is_written_and_a_change_is_its_next_version(cast, login):
    chair, url = login("partnerships"), reverse("reviews:rubric_new")
    row = {"c-0-az": "Yenilik", "c-0-weight": "2", "c-0-labels_az": "zəif\norta\ngüclü"}
    data = {"title_az": "Seçim", "c-TOTAL_FORMS": "1", "c-INITIAL_FORMS": "0", **row}
    short = chair.post(url, {**data, "c-0-labels_az": "zəif"})
    assert (short.status_code, "Yenilik" in text(short)) == (422, True)
    wordy = chair.post(url, {**data, "c-0-labels_az": "zəif\n" + "çox güclü " * 13})
    assert (wordy.status_code, "Hər dəyər ən çoxu 120 simvol ola bilər" in text(wordy)) == (422, True)
    assert "çox güclü " * 12 in text(wordy)
    chair.post(url, data)
    made = Rubric.objects.get()
    changed = {**data, "version": "1", "c-INITIAL_FORMS": "1", "c-0-weight": "3"}
    chair.post(made.get_absolute_url(), changed)
    assert [(v.number, v.criteria[0]["weight"]) for v in made.versions.all()] == [(1, 2), (2, 3)]
    assert chair.get(reverse("reviews:rubrics")).status_code == 200
    assert login("hr2").get(made.get_absolute_url()).status_code == 404


def test_who_changes_a_rubric_after_somebody_else_sees_both_and_may_send_again(cast, login):
    chair = cast.user("partnerships")
    typed = {"az": "Yenilik", "en": "", "weight": 2, "labels_az": ["zəif", "güclü"], "labels_en": []}
    made = actions.new_rubric(cast.azerisiq, actor=chair, title_az="Seçim", title_en="", criteria=[typed])
    page, browser = made.get_absolute_url(), login("partnerships")
    row = {"c-0-az": "Yenilik", "c-0-weight": "3", "c-0-labels_az": "zəif\ngüclü"}
    sent = {"title_az": "Seçim", "version": "1", "c-TOTAL_FORMS": "1", "c-INITIAL_FORMS": "1", **row}
    assert browser.post(page, {**sent, "title_az": "Müsabiqə"}).status_code == 302
    slower = browser.post(page, {**sent, "c-0-weight": "5"})
    form = slower.context["form"]
    assert (slower.status_code, [(one.theirs, one.mine) for one in form.differences]) == (
        409,
        [("Müsabiqə", "Seçim"), ("Yenilik (3): zəif, güclü", "Yenilik (5): zəif, güclü")],
    )
    assert "Yenilik (3)" in text(slower)
    again = {**sent, "c-0-weight": "5", "version": form["version"].value()}
    assert browser.post(page, again).status_code == 302
    assert [one.criteria[0]["weight"] for one in made.versions.order_by("number")] == [2, 3, 5]


def test_who_has_handed_all_in_finds_their_marks_while_marking_goes_on(cast, login, started):
    review, _other = started("expert", "mentor")
    found, expert = review.round, login("expert")
    marks, mine = reverse("reviews:next", args=[found.uid]) + "?given", reverse("reviews:mine")
    assert marks not in text(expert.get(mine))
    mark(cast, review, "expert", 4)
    assert text(expert.get(mine)).count(f'href="{marks}"') == 2  # its title and the button
    assert "Ballarımı dəyiş" in text(expert.get(marks, follow=True))
    assert (
        expert.get(found.get_absolute_url(), follow=True).redirect_chain[-1][0] == review.get_absolute_url()
    )
    assert expert.get(reverse("reviews:next", args=[found.uid])).url == mine


def test_who_closes_a_round_reads_how_much_is_not_handed_in(cast, login, started):
    review, other = started("expert", "mentor")
    chair = login("partnerships")
    pages = [reverse("reviews:round_act", args=[review.round.uid, verb]) for verb in ("close", "discuss")]
    mark(cast, other, "mentor", 2)
    told = [re.findall(r"təqdim edilməmiş rəylər: (\d+)", text(chair.get(page))) for page in pages]
    assert told == [["1"], []]  # in the discussion marks are still taken
    mark(cast, review, "expert", 4)
    assert "təqdim edilməmiş" not in text(chair.get(pages[0]))


def test_a_mark_is_told_with_what_it_means(cast, login):
    criteria = [
        {"az": "Bilik", "en": "", "weight": 3, "labels_az": ["Zəif", "Güclü"], "labels_en": []},
        {"az": "Maraq", "en": "", "weight": 1, "labels_az": ["Yoxdur", "Var", "Çoxdur"], "labels_en": []},
    ]
    chair = cast.user("partnerships")
    rubric = actions.new_rubric(cast.azerisiq, actor=chair, title_az="Seçim", title_en="", criteria=criteria)
    row, found = idea(cast), opened(cast, "expert", rubric=rubric.current)
    review = asked_for(cast, found, row, "expert")
    actions.move(fresh(found), "start", actor=chair)
    first, second = (criterion.key for criterion in review.round.scale.criteria)
    actions.submit(again(review), actor=cast.user("expert"), marks={first: 2, second: 1}, comment="")
    shown = login("partnerships").get(reverse("reviews:item", args=[found.uid, row.uid]))
    assert [told[1:] for told in shown.context["shown"][0]["marks"]] == [(2, "Güclü"), (1, "Yoxdur")]
    assert [word in text(shown) for word in ("Güclü", "Yoxdur", "Çoxdur")] == [True, True, False]


def test_an_order_is_offered_to_whoever_reads_what_it_goes_by(cast, login, ask):
    """A chair who marks along in a double-blind round; names and others' marks are never told by an order."""
    found = opened(cast, "expert", "partnerships", blind="double")
    rows = [idea(cast, owner=owner, n=n) for n, owner in enumerate(("organiser", "hr", "trainer"))]
    reviews = {(n, who): ask(found, row, who) for n, row in enumerate(rows) for who in MARKING}
    chair, expert, url = login("partnerships"), login("expert"), found.get_absolute_url()
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    for (n, who), review in reviews.items():
        if (n, who) != (0, "partnerships"):
            mark(cast, review, who, MARKING[who][n])

    def shown(client, sort):
        answer = client.get(f"{url}?sort={sort}")
        offered = {key for key in ("rank", *SORTS) if f'value="{key}"' in str(answer.context["order"])}
        return [rows.index(row.item) for row in answer.context["rows"]], offered

    nothing = [0, 1, 2], set()
    assert [shown(chair, sort) for sort in SORTS] == [nothing] * len(SORTS)
    actions.move(fresh(found), "discuss", actor=cast.user("partnerships"))
    without_names = {"rank", "low", "few", "many", "apart", "alike"}
    orders = {"low": [0, 1, 2], "few": [0, 2, 1], "many": [2, 1, 0], "apart": [1, 2, 0], "alike": [2, 1, 0]}
    for client in (chair, expert):
        found_now = {sort: shown(client, sort) for sort in (*orders, "name", "x")}
        assert {offered for _rows, offered in found_now.values() if offered != without_names} == set()
        assert {sort: found_now[sort][0] for sort in orders} == orders
        assert found_now["name"][0] == found_now["x"][0] == [2, 1, 0]
    actions.move(fresh(found), "close", actor=cast.user("partnerships"))
    named = sorted(range(3), key=lambda n: rows[n].owner.sort_key)
    assert shown(chair, "name") == (named, {*without_names, "name"})
    assert shown(expert, "name")[1] == without_names


MARKING = {"expert": (2, 1, 4), "partnerships": (2, 5, 5)}
SORTS = ("low", "name", "few", "many", "apart", "alike")


def test_pages_cost_the_same_at_any_size(cast, login, ask):
    found = opened(cast, "expert", "mentor")
    chair, expert = login("partnerships"), login("expert")
    counts = []
    for size in (1, 4):
        for n in range(size):
            row = idea(cast, n=n)
            mark_these = [ask(found, row, who) for who in ("expert", "mentor")]
        if size == 1:
            actions.move(fresh(found), "start", actor=cast.user("partnerships"))
        item = reverse("reviews:item", args=[found.uid, row.uid])
        review = mark_these[0].get_absolute_url()
        counts.append(
            [
                _queries(client, url)
                for client, url in (
                    (chair, found.get_absolute_url()),
                    (chair, f"{found.get_absolute_url()}?sort=name"),
                    (chair, item),
                    (chair, reverse("reviews:assign_all", args=[found.uid])),
                    (expert, review),
                    (expert, reverse("reviews:mine")),
                )
            ]
        )
    assert counts[0] == counts[1]


def test_the_rounds_that_one_leads_cost_the_same_at_one_and_at_thirty(cast, login, started):
    found, chair, url = started("expert")[0].round, login("partnerships"), reverse("reviews:mine")
    before = _queries(chair, url)
    for n in range(30):
        found.pk, found.uid, found.container_id = None, uuid4(), 1000 + n
        found.save(force_insert=True)
    assert _queries(chair, url) == before
    page = chair.get(url)
    assert (len(page.context["rows"]), bool(page.context["pages"]["next_url"])) == (25, True)
    assert len(chair.get(url + page.context["pages"]["next_url"]).context["rows"]) == 6


def test_the_list_of_rounds_says_to_each_what_waits_and_how_far_it_is(cast, login, started):
    first, other = started("expert", "mentor")
    url, expert, chair = reverse("reviews:mine"), login("expert"), login("partnerships")
    page = text(expert.get(url))
    assert ("təqdim edilib: 0 · qalıb: 1" in page, "0 / 2" in page) == (True, False)
    assert "0 / 2" in text(chair.get(url))
    mark(cast, first, "expert", 4)
    assert expert.get(url, {"show": "mark"}).context["rows"] == []
    assert login("mentor").get(url, {"show": "mark"}).context["rows"] == [other.round]
    assert chair.get(url, {"show": "led", "q": "yoxdur"}).context["rows"] == []
    assert chair.get(url, {"show": "led", "sort": "due"}).context["rows"] == [first.round]
    for stranger in ("student", "hr2", "coordinator"):
        assert login(stranger).get(url).context["rows"] == [], stranger
    table = {
        name: login(name).get("/exports/reviews.rounds/?format=csv").getvalue().decode().splitlines()[1:]
        for name in ("partnerships", "expert", "student")
    }
    assert [line.split(";")[-4:] for line in table["partnerships"]] == [["0", "0", "2", "1"]]
    assert [line.split(";")[-4:] for line in table["expert"]] == [["0", "1", "", ""]]
    assert table["student"] == []


def _queries(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(url).status_code == 200, url
    return len(caught)


def test_a_tie_that_comes_up_later_hides_it_from_the_reviewer_and_shows_to_the_chair(cast, login, started):
    review = started("expert", "mentor")[0]
    expert, item = login("expert"), reverse("reviews:item", args=[review.round.uid, Idea.objects.get().uid])
    assert expert.get(review.get_absolute_url()).status_code == 200
    sample.wrote(cast, cast.expert, cast.organiser)
    assert expert.get(review.get_absolute_url()).status_code == 404
    sent = expert.post(review.get_absolute_url(), {"comment": "Yaxşı əsaslandırılıb"})
    assert (sent.status_code, "Yaxşı əsaslandırılıb" in text(sent)) == (404, True)
    with blocked("conflict") as why:
        actions.submit(again(review), actor=cast.user("expert"), marks={"overall": 4})
    assert "Bunu bildirin" in str(why.value)
    shown = text(login("partnerships").get(item))
    assert "birgə müəllif olublar" in shown
    assert "başqasına tapşırın" in shown.split("birgə müəllif olublar")[1]


def test_administration_reads_rounds_without_marks(cast, login, started, settings):
    settings.DEMO = True  # where a second factor is not asked for
    review = started("expert")[0]
    mark(cast, review, "expert", 4, "Gizli qeyd")
    admin = login("admin")
    for url in (
        reverse("admin:reviews_reviewround_changelist"),
        reverse("admin:reviews_reviewround_change", args=[review.round_id]),
        reverse("admin:reviews_rubric_changelist"),
    ):
        page = admin.get(url)
        assert (page.status_code, "Gizli qeyd" in text(page)) == (200, False), url
        assert sample.KEY not in re.sub(r'href="[^"]*"', "", page.text), "kinds in words"
    assert admin.get(reverse("admin:reviews_reviewround_add")).status_code == 403


def test_a_round_is_called_in_the_language_of_who_reads_it(cast, login, ask):
    url = reverse("reviews:open", args=[sample.KEY, cast.azerisiq.slug])
    offered = login("partnerships").get(url).context["form"].initial
    assert [offered[name].endswith(cast.azerisiq.name) for name in ("title", "title_en")] == [True, True]
    found = opened(cast, "expert", title_en="Choice of ideas")
    ask(found, idea(cast), "expert")
    actions.move(fresh(found), "start", actor=cast.user("partnerships"))
    other = ReviewRound(title="Yalnız azərbaycanca")
    shown = {}
    for language in ("az", "en"):
        all_read(cast, language)
        expert = login("expert")
        pages = [text(expert.get(address)) for address in (reverse("reviews:mine"), "/search/?q=fikirlerin")]
        rows = expert.get("/api/v1/reviews/").json()["results"]
        with override(language):
            shown[language] = [str(found) in page for page in pages], rows[0]["round_title"], str(other)
    assert shown == {
        "az": ([True, True], "Fikirlərin seçimi", "Yalnız azərbaycanca"),
        "en": ([True, True], "Choice of ideas", "Yalnız azərbaycanca"),
    }
