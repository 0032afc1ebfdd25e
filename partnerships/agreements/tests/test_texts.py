"""Texts: places, safe marks, versions, the fingerprint, two columns."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from partnerships.agreements import actions, texts
from partnerships.agreements.actions.templates import template_of
from partnerships.agreements.kinds import kinds
from partnerships.agreements.models import AgreementTemplate, TemplateVersion
from partnerships.agreements.tests import makers
from partnerships.common.prose import to_html
from partnerships.common.refusals import Blocked

KEY = "agreements.framework"


def write(body, **more):
    template = template_of(KEY)
    current = template.current
    words = {"title_az": current.title_az, "title_en": current.title_en, "body_en": current.body_en, **more}
    return actions.write_version(template, actor=None, body_az=body, **words)


def test_only_known_places_in_whole_braces_pass():
    known = {"university", "day"}
    assert texts.wrong_places("{university}, {day}", known) == []
    assert texts.wrong_places("{universitet} {Day} {day {} } {day}", known) == [
        "{universitet}",
        "{Day}",
        "{day ",
        "{}",
        "}",
    ]


def test_what_is_filled_in_is_never_markup():
    value = "# *Elektrik* <b>[x](http://e.az)</b> {day}\n- siyahı\n1. bir"
    html = str(to_html(texts.fill("{tasks}", {"tasks": value})))
    assert html == (
        "<p># *Elektrik* &lt;b&gt;[x](http://e.az)&lt;/b&gt; {day}<br>\n- siyahı<br>\n1. bir</p>\n"
    )


@given(st.text(max_size=60))
def test_no_value_can_make_a_tag(value):
    html = str(to_html(texts.fill("Tərəf: {a} və {a}.", {"a": value})))
    inside = html.replace("<p>", "").replace("</p>", "").replace("<br>", "")
    assert "<" not in inside


def test_the_text_itself_has_headings_lists_and_emphasis_and_nothing_else():
    html = str(to_html("## Bir\n\n1. a\n2. **b**\n\n![x](y) <script>alert(1)</script> [l](http://e)"))
    assert html == (
        "<h2>Bir</h2>\n<ol>\n<li>a</li>\n<li><strong>b</strong></li>\n</ol>\n"
        "<p>![x](y) &lt;script&gt;alert(1)&lt;/script&gt; [l](http://e)</p>\n"
    )


def test_the_fingerprint_tells_what_stands_where():
    assert texts.digest("ab", "c") != texts.digest("a", "bc")
    assert texts.digest("ab", "c") == texts.digest("ab", "c")


def test_every_kind_starts_with_a_text_in_both_languages_and_known_places(db):
    assert actions.load_templates() == len(kinds())
    assert actions.load_templates() == 0
    assert AgreementTemplate.objects.count() == TemplateVersion.objects.count() == len(kinds())
    for template in AgreementTemplate.objects.all():
        current = template.current
        assert (current.number, bool(current.body_az), bool(current.body_en)) == (1, True, True)


def test_an_unknown_place_is_refused_with_the_known_ones(db):
    with pytest.raises(ValidationError) as told:
        write("Mətn {studen}", title_az="{unversity}")
    assert sorted(told.value.message_dict) == ["body_az", "title_az"]
    assert "{studen}" in told.value.message_dict["body_az"][0]
    assert "{university}" in told.value.message_dict["body_az"][0]
    with pytest.raises(ValidationError):
        write("Mətn", title_en="")
    assert TemplateVersion.objects.count() == 1


def test_a_version_is_never_edited_and_the_same_words_make_none(db):
    first = template_of(KEY).current
    assert write(first.body_az).pk == first.pk
    second = write("Yeni mətn: {university}")
    assert second.number == 2
    second.body_az = "başqa"
    with pytest.raises(TypeError):
        second.save()


def test_a_later_template_changes_nothing_that_was_sent(cast):
    agreement = makers.sent(cast)
    before = (agreement.text.body_az, agreement.text.sha256)
    write("Tamam başqa mətn: {university}")
    cast.aztu.name = "Yeni Universitet"
    cast.aztu.save()
    after = makers.again(agreement)
    assert (after.text.body_az, after.text.sha256, after.text.template_version.number) == (*before, 1)
    assert after.in_order[0].name_az == "Azərbaycan Texniki Universiteti"
    back = actions.return_to_draft(agreement, actor=cast.user("coordinator"), note="Mətn köhnədir")
    again = actions.send(back, actor=cast.user("hr"))
    assert (again.text.body_az, again.text.template_version.number) == (
        "Tamam başqa mətn: Yeni Universitet",
        2,
    )


def test_the_text_names_the_parties_their_signatories_and_the_term(cast):
    agreement = makers.sent(
        cast,
        university_signatory=cast.rector,
        university_position="Rektor",
        terms_az="Hər il *20* yer.",
        ends=None,
    )
    body = agreement.text.body_az
    assert "Əliyev Vilayət, Rektor" in body
    assert "Hər il \\*20\\* yer." in body
    assert "Bitmə tarixi: müddətsiz." in body
    assert agreement.title_az == (
        "Əməkdaşlıq haqqında çərçivə sazişi: Azərbaycan Texniki Universiteti – “Azərişıq” ASC"
    )
    assert agreement.text.body_en == ""


def test_in_two_languages_both_are_signed(cast):
    agreement = makers.sent(cast, bilingual=True, terms_az="Xüsusi", terms_en="Special")
    assert "Azerbaijan Technical University" in agreement.text.body_en
    assert "Special" in agreement.text.body_en
    assert "without an end" not in agreement.text.body_en
    alone = makers.sent(cast)
    assert alone.text.sha256 != agreement.text.sha256


def test_two_languages_need_an_english_text(cast):
    write("Mətn", title_en="", body_en="")
    agreement = makers.draft(cast, bilingual=True)
    with pytest.raises(Blocked) as told:
        actions.send(agreement, actor=cast.user("hr"))
    assert told.value.refusal.code == "no_english"
    assert makers.again(agreement).number == ""


def test_printing_reads_the_blocks():
    assert texts.tokens("## Bir\n\nMətn **qalın**\n\n1. a\n2. b\n\n- c") == [
        ("h2", "Bir"),
        ("p", "Mətn qalın"),
        ("li", "1. a"),
        ("li", "2. b"),
        ("li", "– c"),
    ]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bir. Əsas: № {parent}. İki.", "Bir. İki."),
        (
            "Made by A (the Student). Basis: agreement No. {parent}. Then more.",
            "Made by A (the Student). Then more.",
        ),
        ("## 1. Başlıq\n\n- Əsas: {parent}\n- Yer: {place}", "## 1. Başlıq\n\n- Yer: {place}"),
        ("2. Bir. Gün: {parent_day}.\n3. İki", "2. Bir.\n3. İki"),
        ("{university} və {company}. № {number}.", "{university} və {company}. № {number}."),
    ],
)
def test_a_sentence_about_what_is_not_there_is_left_out(text, left):
    assert texts.without_sentences(text, ("parent", "parent_day")) == left
