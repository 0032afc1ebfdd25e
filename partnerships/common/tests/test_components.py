"""Components that are drawn in Python: what people wrote stays text."""

import re
from datetime import UTC, datetime

import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from partnerships.accounts.models import User
from partnerships.common.components import Pill
from partnerships.common.management.commands.check_house import templates
from partnerships.common.tables import page_column
from partnerships.common.templatetags.ui import download, pills, steps, table_head, timeline
from partnerships.workflow.timeline import Entry

# A part of a page that says it on top.
SAID_ABOVE = {"_code_form.html"}


@time_machine.travel("2026-11-25T08:00:00Z", tick=False)  # in the year of its days, which they need not say
def test_a_history_names_what_its_lines_have_and_nothing_else():
    at = datetime(2026, 11, 22, 7, 20, tzinfo=UTC)
    lines = [
        Entry("İndi", at, now=True),
        Entry("Qaytarıldı", at, "Aysel & Co", note="<b>Sənəd</b>", detail="CV"),
        {"label": "Yalnız ad"},
        {"label": "Kim", "who": "Nigar"},
    ]
    moment = '<time datetime="2026-11-22T11:20:00+04:00">22 noy, 11:20</time>'
    assert timeline(lines) == (
        f'<ol class="timeline"><li class="now"><b>İndi</b> <span class="when">{moment}</span></li>\n'
        f'<li>Qaytarıldı: <b>CV</b> <span class="when">{moment} · Aysel &amp; Co</span>'
        " <blockquote>&lt;b&gt;Sənəd&lt;/b&gt;</blockquote></li>\n"
        "<li>Yalnız ad</li>\n"
        '<li>Kim <span class="when">Nigar</span></li></ol>'
    )
    assert timeline([]) == '<ol class="timeline"></ol>'


def test_every_page_that_draws_a_form_says_on_top_what_is_wrong_with_it():
    silent = {}
    for page in templates(settings.BASE_DIR):
        html = page.read_text(encoding="utf-8")
        drawn = set(re.findall(r"([\w.]+)\|crispy", html))
        said = set(" ".join(re.findall(r"form_errors ([^%]+)%", html)).split())
        if drawn - said and page.name not in SAID_ABOVE:
            silent[page.relative_to(settings.BASE_DIR).as_posix()] = drawn - said
    assert silent == {}


def test_what_is_wrong_with_a_whole_form_is_said_once_and_aloud(client, db):
    page = client.post("/accounts/login/", {"login": "a@else.example", "password": "səhv-parol"})
    wrong = page.context["form"].non_field_errors()
    html = page.content.decode()
    assert [html.count(words) for words in wrong] == [1]
    assert re.search(
        r'<div class="error-summary" role="alert"[^>]*>.*' + re.escape(wrong[0]), html, re.DOTALL
    )
    assert "alert-block" not in html


def test_the_way_marks_where_it_stands():
    way = [Entry("Müraciət"), Entry("Baxılma"), Entry("Qərar")]
    for step, state in zip(way, ("done", "now", ""), strict=True):
        object.__setattr__(step, "state", state)
    assert steps(way) == (
        '<ol class="steps" aria-label="Keçilən və qarşıdakı yol" tabindex="0">'
        '<li class="done">Müraciət<span class="visually-hidden">(tamamlanıb)</span></li>\n'
        '<li class="now" aria-current="step">Baxılma</li>\n<li>Qərar</li></ol>'
    )


def test_pills_name_what_they_leave_and_which_one_stands():
    shown = [Pill("Hamısı", 1284, True, "?q=a&b", False), Pill("<i>Yeni</i>", 3, False, "?", True)]
    assert pills(shown) == (
        '<a href="?q=a&amp;b">Hamısı <span class="num">· 1\u202f284+</span></a>\n'
        '<a href="?" class="on" aria-current="true">&lt;i&gt;Yeni&lt;/i&gt; <span class="num">· 3</span></a>'
    )


def test_the_head_of_a_table_says_its_columns_and_chooses_all_rows():
    columns = [
        page_column("", str, "pick"),
        page_column("Ad & soyad", str),
        page_column("Hərəkət", str, unsaid=True),
    ]
    assert table_head(columns) == (
        '<tr><th class="pick" scope="col"><input type="checkbox" class="form-check-input needs-js"'
        ' data-bulk-all aria-label="Bu səhifədə hamısını seç"></th>'
        '<th scope="col">Ad &amp; soyad</th>'
        '<th scope="col"><span class="visually-hidden">Hərəkət</span></th></tr>'
    )


def test_what_is_taken_away_is_narrowed_as_the_page_is(rf: RequestFactory) -> None:
    request = rf.get("/", {"q": "a b", "state": ["x", "y"], "after": "p", "format": "csv", "of": "z"})
    request.user = User(pk=1)
    menu = download({"request": request}, "ideas.ideas", of="w")
    assert 'href="/exports/ideas.ideas/?q=a+b&amp;state=x&amp;state=y&amp;of=w&amp;format=xlsx"' in menu
    request.user = AnonymousUser()
    assert download({"request": request}, "ideas.ideas") == ""
