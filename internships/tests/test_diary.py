"""The diary by day: written, handed in, confirmed, returned, taken back; what is refused and why."""

from datetime import date

import pytest
from django.core.files.storage import default_storage

from internships import actions
from internships.enums import DiaryState as D
from internships.enums import PlacementState, Source
from internships.models import Absence, Clearance, DiaryEntry, Placement
from internships.tests import makers
from internships.workflow import DIARY
from partnerships.common.refusals import Blocked, IllegalTransition, Missing, Refused, StaleState
from partnerships.documents.actions import store
from partnerships.documents.enums import DocumentKind
from partnerships.documents.models import Document
from partnerships.privacy.actions.erasing import erase_person
from partnerships.testing.files import jpeg, pdf, upload
from partnerships.workflow.models import Change

pytestmark = pytest.mark.usefixtures("english")
TUESDAY = date(2027, 6, 15)
DAYS = [date(2027, 6, n) for n in (15, 16, 17, 18)]


@pytest.fixture(autouse=True)
def summer(time_machine):
    """Friday of the first week, at noon in Baku."""
    time_machine.move_to("2027-06-18T08:00:00Z", tick=False)


@pytest.fixture
def placed(cast):
    return makers.active(cast)


def write(cast, placed, day, who="student", **values):
    values = {"minutes": 240, "site": "Yasamal", "work": "Sxemləri oxudum", "learned": "", **values}
    return actions.write_day(placed, day, actor=cast.user(who), **values)


def handed(cast, placed, *days):
    entries = [write(cast, placed, day) for day in days]
    actions.hand_in(placed, seen(*entries), actor=cast.user("student"))
    return [again(entry) for entry in entries]


def seen(*entries):
    return [(str(entry.uid), entry.version) for entry in entries]


def again(entry):
    return DiaryEntry.objects.select_related("placement__host").get(pk=entry.pk)


# The days ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "code"),
    [(date(2027, 6, 19), "future"), (date(2027, 6, 14), "outside"), (date(2027, 6, 16), "not_cleared")],
)
def test_a_day_in_the_future_outside_or_before_the_admission_is_refused_with_why(cast, placed, day, code):
    if code == "not_cleared":
        Clearance.objects.update(done_on="2027-06-17")
    with pytest.raises(Blocked) as refused:
        write(cast, placed, day)
    assert refused.value.refusal.code == code
    assert DiaryEntry.objects.count() == 0


def test_nothing_is_written_while_the_practice_is_not_under_way(cast, placed):
    Placement.objects.update(state=PlacementState.SUSPENDED)
    with pytest.raises(Blocked) as refused:
        write(cast, placed, TUESDAY)
    assert refused.value.refusal.code == "not_active"


def test_a_day_is_written_once_and_written_on(cast, placed):
    entry = write(cast, placed, TUESDAY)
    write(cast, placed, TUESDAY, version=entry.version, work="Sxemləri oxudum, növbə jurnalını apardım")
    assert list(DiaryEntry.objects.values_list("date", "state", "work")) == [
        (TUESDAY, "draft", "Sxemləri oxudum, növbə jurnalını apardım")
    ]


def test_an_autosave_under_way_does_not_cost_the_button_but_another_window_does(cast, placed):
    entry = write(cast, placed, TUESDAY, work="Sxem")
    write(cast, placed, TUESDAY, version=0, work="Sxemləri oxudum")
    with pytest.raises(StaleState):
        write(cast, placed, TUESDAY, version=entry.version, work="Başqa mətn")
    assert again(entry).work == "Sxemləri oxudum"


@pytest.mark.parametrize("who", ["colleague", "coordinator", "mentor", "hr", "admin"])
def test_nobody_but_the_student_writes(cast, placed, who):
    with pytest.raises(Refused):
        write(cast, placed, TUESDAY, who)


def test_only_a_written_day_is_handed_in_and_the_others_stay_with_the_reason(cast, placed):
    full, empty = write(cast, placed, DAYS[0]), write(cast, placed, DAYS[1], work="")
    found = actions.hand_in(placed, seen(full, empty), actor=cast.user("student"))
    assert [entry.date for entry in found.done] == [DAYS[0]]
    assert [(day, str(why)) for day, why in found.refused] == [
        (DAYS[1], "Write first what you did on this day.")
    ]
    assert (again(full).state, again(empty).state) == (D.SUBMITTED, D.DRAFT)


def test_a_day_that_is_handed_in_is_not_changed_until_it_is_taken_back(cast, placed):
    (entry,) = handed(cast, placed, TUESDAY)
    with pytest.raises(IllegalTransition):
        write(cast, placed, TUESDAY, work="Sonradan")
    actions.take_back(entry, actor=cast.user("student"))
    assert (again(entry).state, again(entry).submitted_at) == (D.DRAFT, None)
    write(cast, placed, TUESDAY, work="Sonradan")
    assert entry not in DiaryEntry.objects.visible_to(cast.user("mentor"))


# Confirming ----------------------------------------------------------------------------------------
def test_the_mentor_confirms_all_at_once_and_the_placement_keeps_one_line(cast, placed):
    entries = handed(cast, placed, *DAYS)
    found = actions.confirm(placed, seen(*entries), actor=cast.user("mentor"))
    assert (len(found.done), found.refused) == (4, [])
    assert {(e.state, e.confirmed_source) for e in map(again, entries)} == {(D.CONFIRMED, Source.PORTAL)}
    line = Change.objects.of(placed).filter(verb="diary_confirmed").get()
    assert line.data == {"days": 4, "first": "2027-06-15", "last": "2027-06-18", "minutes": 960}
    assert Change.objects.filter(verb="confirm").count() == 4


def test_a_day_that_changed_since_it_was_seen_is_left_for_another_look(cast, placed):
    first, second = handed(cast, placed, *DAYS[:2])
    picked = seen(first, second)
    actions.take_back(second, actor=cast.user("student"))
    entry = write(cast, placed, DAYS[1], work="Tamam başqa iş")
    actions.hand_in(placed, seen(entry), actor=cast.user("student"))
    found = actions.confirm(placed, picked, actor=cast.user("mentor"))
    assert [entry.date for entry in found.done] == [DAYS[0]]
    assert [day for day, _why in found.refused] == [DAYS[1]]
    assert again(second).state == D.SUBMITTED


def test_confirming_twice_changes_nothing_more(cast, placed):
    picked = seen(*handed(cast, placed, *DAYS))
    actions.confirm(placed, picked, actor=cast.user("mentor"))
    before = Change.objects.count()
    found = actions.confirm(placed, picked, actor=cast.user("mentor"))
    assert (found.done, len(found.refused), Change.objects.count()) == ([], 4, before)


@pytest.mark.parametrize("who", ["student", "colleague", "coordinator", "mentor2", "hr2", "admin"])
def test_a_stranger_to_the_workplace_confirms_nothing(cast, placed, who):
    (entry,) = handed(cast, placed, TUESDAY)
    found = actions.confirm(placed, seen(entry), actor=cast.user(who))
    assert (found.done, again(entry).state) == ([], D.SUBMITTED)
    with pytest.raises(Refused):
        actions.confirm_day(entry, actor=cast.user(who))


def test_a_returned_day_says_why_and_goes_the_way_again(cast, placed):
    (entry,) = handed(cast, placed, TUESDAY)
    with pytest.raises(Missing):
        actions.return_day(entry, actor=cast.user("mentor"), note=" ")
    actions.return_day(again(entry), actor=cast.user("mentor"), note="Yeri yazın")
    assert again(entry).state == D.RETURNED
    entry = write(cast, placed, TUESDAY, site="110 kV")
    actions.submit_day(again(entry), actor=cast.user("student"))
    actions.confirm_day(again(entry), actor=cast.user("mentor"))
    actions.reopen_day(again(entry), actor=cast.user("mentor"), note="Səhv gün")
    assert (again(entry).state, again(entry).confirmed_at, again(entry).confirmed_source) == (
        D.RETURNED,
        None,
        "",
    )


def test_each_persona_is_offered_exactly_its_verbs_of_a_day(cast, placed):
    (entry,) = handed(cast, placed, TUESDAY)
    offered = {
        name: sorted(item.name for item in DIARY.available(again(entry), cast.user(name)))
        for name in cast.people()
    }
    expected = {name: [] for name in cast.people()}
    expected |= {"student": ["take_back"], "mentor": ["confirm", "return"], "hr": ["enter_paper"]}
    assert offered == expected


@pytest.mark.parametrize("count", [3, 30])
def test_confirming_all_costs_the_same_for_few_and_many(cast, placed, count, django_assert_num_queries):
    Placement.objects.update(starts="2027-05-01")
    Clearance.objects.update(done_on="2027-05-01")
    opened = makers.placement_again(placed)
    for n in range(count):
        DiaryEntry.objects.create(
            placement=opened,
            date=date.fromordinal(date(2027, 5, 1).toordinal() + n),
            work="iş",
            state=D.SUBMITTED,
            submitted_at="2027-06-18T08:00Z",
        )
    picked = seen(*DiaryEntry.objects.all())
    mentor = cast.user("mentor")
    actions.confirm(opened, picked[:1], actor=mentor)  # warm: content types, the access of the mentor
    with django_assert_num_queries(16):
        found = actions.confirm(opened, picked[1:], actor=mentor)
    assert len(found.done) == count - 1


# Photos --------------------------------------------------------------------------------------------
def test_a_day_keeps_three_photos_until_it_is_handed_in(cast, placed):
    entry, student = write(cast, placed, TUESDAY), cast.user("student")
    for n in range(3):
        actions.add_photo(entry, upload(jpeg(), f"{n}.jpg"), actor=student)
    with pytest.raises(Exception, match="at most 3 photos"):
        actions.add_photo(entry, upload(jpeg(), "4.jpg"), actor=student)
    actions.remove_photo(entry, str(entry.documents.first().uid), actor=student)
    assert entry.documents.count() == 2
    actions.submit_day(again(entry), actor=student)
    with pytest.raises(Refused):
        actions.remove_photo(again(entry), str(entry.documents.first().uid), actor=student)


# Paper ---------------------------------------------------------------------------------------------
def test_a_signed_paper_is_entered_with_its_scan_and_marked_as_such(cast, placed):
    (entry,) = handed(cast, placed, DAYS[0])
    write(cast, placed, DAYS[2])
    hours = {DAYS[0]: 60, DAYS[1]: 300, DAYS[2]: 300, date(2027, 6, 19): 300}
    found = actions.enter_paper(
        placed, hours, actor=cast.user("hr"), scan=upload(pdf(), "gündəlik.pdf"), note="14 nömrəli dəftər"
    )
    assert [entry.date for entry in found.done] == DAYS[:2]
    assert [day for day, _why in found.refused] == [DAYS[2], date(2027, 6, 19)]
    kept = DiaryEntry.objects.filter(state=D.CONFIRMED)
    assert list(kept.values_list("date", "minutes", "confirmed_source")) == [
        (DAYS[0], 240, "paper"),  # as the student wrote it
        (DAYS[1], 300, "paper"),
    ]
    assert [[d.kind for d in e.documents.all()] for e in kept] == [["scan"], ["scan"]]
    assert Change.objects.of(again(entry)).first().actor_name == cast.hr.name
    assert Change.objects.of(placed).filter(verb="diary_paper").get().note == "14 nömrəli dəftər"


def test_the_scan_of_a_diary_outlives_who_brought_it_without_a_name_and_goes_with_the_student(cast, placed):
    hr = cast.user("hr")
    actions.enter_paper(placed, {DAYS[0]: 240}, actor=hr, scan=upload(pdf(), "Nigar.pdf"))
    store(upload(pdf(2), "cv.pdf"), owner=cast.hr, kind=DocumentKind.CV, actor=hr)
    erase_person(cast.hr)
    kept = Document.objects.get(owner=cast.hr)
    assert (kept.object, kept.name) == (placed.diary.get(), "—")
    assert default_storage.exists(kept.stored)
    erase_person(cast.student)
    assert not Document.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("who", ["mentor", "student", "coordinator", "hr2"])
def test_only_human_resources_of_the_company_enter_paper(cast, placed, who):
    with pytest.raises(Refused):
        actions.enter_paper(placed, {TUESDAY: 300}, actor=cast.user(who), scan=upload(pdf()))
    assert DiaryEntry.objects.count() == 0


def test_a_paper_without_scan_is_refused(cast, placed):
    with pytest.raises(Exception, match="Add the scan"):
        actions.enter_paper(placed, {TUESDAY: 300}, actor=cast.user("hr"), scan=None)


# Absences ------------------------------------------------------------------------------------------
def test_an_absence_is_reported_excused_made_up_and_opened_again(cast, placed):
    student, mentor = cast.user("student"), cast.user("mentor")
    absence = actions.report_absence(placed, date(2027, 6, 21), actor=student, reason="studies")
    assert (absence.minutes, absence.state) == (240, "reported")
    with pytest.raises(Refused):
        actions.excuse_absence(absence, actor=student)
    actions.excuse_absence(absence, actor=mentor)
    with pytest.raises(Exception, match="one that has come"):
        actions.make_up_absence(absence, actor=mentor, made_up_on=date(2027, 6, 20))
    actions.make_up_absence(absence, actor=mentor, made_up_on=date(2027, 6, 17))
    assert Absence.objects.get().made_up_on == date(2027, 6, 17)
    actions.reopen_absence(absence, actor=mentor, note="Gəlmədi")
    assert (Absence.objects.get().state, Absence.objects.get().made_up_on) == ("reported", None)
    verbs = list(Change.objects.of(placed).order_by("pk").values_list("verb", flat=True))
    assert verbs[-4:] == ["absence_report", "absence_excuse", "absence_make_up", "absence_reopen"]


def test_a_day_is_either_worked_or_missed(cast, placed):
    handed(cast, placed, TUESDAY)
    with pytest.raises(Blocked):
        actions.report_absence(placed, TUESDAY, actor=cast.user("student"), reason="illness")
    with pytest.raises(Blocked):
        actions.report_absence(placed, date(2027, 8, 1), actor=cast.user("mentor"), reason="illness")
    assert Absence.objects.count() == 0
