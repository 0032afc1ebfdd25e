"""What was said in one language while a worker looked is said in the language of whoever reads it."""

import copy
import json
import pickle
from datetime import date, datetime, time

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import (
    get_language,
    gettext,
    gettext_lazy,
    ngettext,
    ngettext_lazy,
    npgettext,
    override,
    pgettext,
    pgettext_lazy,
)

from partnerships.common.clock import BAKU, day_in_words, moment_in_words, month_in_words
from partnerships.common.told import Told, joined, kept, remembering, said, spoken


def refused(message, **params):
    return ValidationError({"name": ValidationError(message, params=params)}).message_dict["name"][0]


def too_long():
    with pytest.raises(ValidationError) as error:
        MaxLengthValidator(3)("four")
    return error.value.messages[0]


DAY = date(2024, 12, 10)
WORDS = {
    "a message": lambda: gettext("Is there already."),
    "filled in": lambda: gettext("The same day stands in row %(row)d.") % {"row": 7},
    "of a context": lambda: pgettext("ownership", "State"),
    "lazy, of a context": lambda: str(pgettext_lazy("ownership", "State")),
    "counted": lambda: ngettext("%(count)s idea", "%(count)s ideas", 2) % {"count": 2},
    "counted, lazy": lambda: ngettext_lazy("%(count)s idea", "%(count)s ideas", "count") % {"count": 1},
    "of an error": lambda: refused(gettext_lazy("Not found: %(word)s"), word="Şəki"),
    "of a validator of Django's": too_long,
    "within another": lambda: gettext("Not found: %(word)s") % {"word": gettext_lazy("Days off")},
    "several": lambda: joined([gettext("Added."), gettext("Is there already.")]),
    "per cent": lambda: gettext("Not found: %(word)s") % {"word": "100 %(x)s"},
    "a name of ours": lambda: spoken(own_name),
    "a name of ours within another": lambda: gettext("Not found: %(word)s") % {"word": spoken(own_name)},
    "a day": lambda: gettext("Not found: %(word)s") % {"word": day_in_words(DAY)},
    "a day and an hour": lambda: moment_in_words(datetime.combine(DAY, time(14), BAKU)),
    "a month": lambda: month_in_words(DAY),
    "several names of ours": lambda: joined([spoken(own_name), gettext("Added.")]),
    "after a letter in another language": lambda: in_another_language() and gettext("Added."),
}


def own_name():
    return {"az": "Yay 100 %", "en": "Summer 100 %"}[get_language()]


def in_another_language():
    with override("tr"):
        return gettext("Is there already.")


@pytest.mark.parametrize("case", WORDS)
@pytest.mark.parametrize(("first", "then"), [("az", "en"), ("en", "az")])
def test_words_are_said_again_in_the_language_of_the_reader(case, first, then):
    with override(first), remembering():
        noted = WORDS[case]()
        stored = json.dumps(kept({"rows": [noted]}), ensure_ascii=False)
    with override(then):
        again, plain = said(json.loads(stored))["rows"][0], WORDS[case]()
        twice = kept(again)
    with override(first):
        back, before = said(twice), WORDS[case]()
    assert isinstance(noted, Told)
    assert (again, back) == (plain, before)
    assert plain != before


def test_outside_and_of_plain_words_nothing_is_noted():
    with override("az"):
        assert type(gettext("Added.")) is str
        with remembering():
            assert type(gettext("Added.")) is Told
        assert type(gettext("Added.")) is str
        assert npgettext("", "x", "y", 1) == "x"
    for value in ("Yaş 100 %", '{"$said": "gettext"', {"$said": "eval", "asked": ["1"]}, None, 7, ["a", {}]):
        assert said(kept(value)) == value


def test_a_name_of_one_language_stays_plain_words():
    with override("az"), remembering():
        assert type(spoken(lambda: "AzTU")) is str


def test_kept_words_can_be_copied_and_put_away():
    words = Told("Sətir 7", {"$said": "gettext", "asked": ("Row %(row)d",), "with": {"row": 7}})
    for other in (copy.deepcopy(words), pickle.loads(pickle.dumps(words))):
        assert (other, other.source) == (words, words.source)
