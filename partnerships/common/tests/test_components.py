"""Components that are drawn in Python: what people wrote stays text."""

from datetime import UTC, datetime

from partnerships.common.templatetags.ui import steps, timeline
from partnerships.workflow.timeline import Entry


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


def test_the_way_marks_where_it_stands():
    way = [Entry("Müraciət"), Entry("Baxılma"), Entry("Qərar")]
    for step, state in zip(way, ("done", "now", ""), strict=True):
        object.__setattr__(step, "state", state)
    assert steps(way) == (
        '<ol class="steps" aria-label="Keçilən və qarşıdakı yol" tabindex="0">'
        '<li class="done">Müraciət<span class="visually-hidden">(tamamlanıb)</span></li>\n'
        '<li class="now" aria-current="step">Baxılma</li>\n<li>Qərar</li></ol>'
    )
