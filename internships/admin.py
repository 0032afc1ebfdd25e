"""Practice and internship in the administration: what a workflow moves is read and found there, never edited
round the actions; hazard classes and the limits of mentors are kept there."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from internships.forms.programme import POSITION_FIELDS
from internships.models import (
    Absence,
    Application,
    Choice,
    Clearance,
    DiaryEntry,
    Evaluation,
    HazardClass,
    Interview,
    MentorLimit,
    MentorLink,
    NominationOrder,
    OnboardingTask,
    Outcome,
    Period,
    Placement,
    Position,
    Programme,
    ProgrammePartner,
    Report,
    UnitHazard,
    Vacancy,
)
from partnerships.common.text import slug
from partnerships.directory.admin import FoldedSearch, HistoryInline, Kept, ReadOnly, Seen


class PeriodInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Period
    extra = 0
    fields = ("name_az", "name_en", "starts", "ends")


class PartnerInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ProgrammePartner
    extra = 0
    fields = ("university", "agreement", "chosen")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("university", "agreement")


class VacancyInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Vacancy
    extra = 0
    fields = ("period", "pool")


class ChoiceInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Choice
    extra = 0
    fields = ("rank", "vacancy")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("vacancy__position", "vacancy__period")


@admin.register(Programme)
class ProgrammeAdmin(FoldedSearch, Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "host", "kind", "state", "created")
    list_filter = ("state", "kind")
    list_select_related = ("host",)
    inlines = (PeriodInline, PartnerInline, HistoryInline)
    fields = (
        "host",
        "kind",
        "practice_type",
        "state",
        "state_since",
        "slug",
        "title_az",
        "title_en",
        "summary_az",
        "summary_en",
        "endorsement_required",
        "open_to_foreigners",
        "paid",
        "stipend_az",
        "stipend_en",
        "cv_required",
        "transcript_required",
        "max_choices",
        "offer_days",
        "weekly_hours",
        "contact_email",
        "created",
        "updated",
    )

    def search_word(self, queryset: Any, word: str) -> Any:
        """By the address (the folded title), the company, or a position in it."""
        places = Position.objects.filter(folded__contains=word).values("programme_id")
        found = Q(host__folded__contains=word) | Q(pk__in=places)
        if part := slug(word):
            found |= Q(slug__contains=part)
        return queryset.filter(found)


@admin.register(Position)
class PositionAdmin(FoldedSearch, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "unit", "programme")
    list_select_related = ("unit", "programme")
    inlines = (VacancyInline,)
    fields = ("programme", *POSITION_FIELDS)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request)
        user: Any = request.user
        return rows if user.is_superuser else rows.filter(programme__in=Programme.objects.visible_to(user))


@admin.register(Application)
class ApplicationAdmin(FoldedSearch, Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "person", "programme", "university", "state", "state_since")
    list_filter = ("state",)
    list_select_related = ("person", "programme", "university")
    inlines = (ChoiceInline, HistoryInline)
    fields = (
        "number",
        "state",
        "state_since",
        "programme",
        "person",
        "university",
        "unit",
        "submitted_at",
        "reached_company_at",
        "order",
        "nominated_by",
        "supervisor",
        "offered_vacancy",
        "offer_expires",
        "refusal_code",
        "created",
        "updated",
    )

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(Q(person__folded__contains=word) | Q(number__icontains=word))


@admin.register(Interview)
class InterviewAdmin(FoldedSearch, Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("starts", "candidate", "interviewer", "state", "place")
    list_filter = ("state",)
    list_select_related = ("candidate", "interviewer")
    date_hierarchy = "starts"
    inlines = (HistoryInline,)
    fields = (
        "of_application",
        "candidate",
        "interviewer",
        "starts",
        "ends",
        "place",
        "link",
        "state",
        "created",
    )

    @admin.display(description=_("application"))
    def of_application(self, interview: Interview) -> str:
        return str(interview.application)

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(Q(candidate__folded__contains=word) | Q(interviewer__folded__contains=word))


@admin.register(NominationOrder)
class NominationOrderAdmin(FoldedSearch, ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("number", "date", "university", "programme", "made_by")
    list_select_related = ("university", "programme", "made_by")
    date_hierarchy = "date"
    fields = ("programme", "university", "number", "date", "made_by", "created")

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(Q(number__icontains=word) | Q(university__folded__contains=word))


# The practice: what the company rules is edited, what people did is read --------------------------------
@admin.register(HazardClass)
class HazardClassAdmin(Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    search_fields = ("code", "name", "name_en")
    list_display = (
        "code",
        "name",
        "electrical_group",
        "briefer_group",
        "group_months",
        "medical",
        "adults_only",
    )


@admin.register(UnitHazard)
class UnitHazardAdmin(FoldedSearch, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("unit", "hazard")
    list_filter = ("hazard",)
    list_select_related = ("unit", "hazard")
    autocomplete_fields = ("unit",)

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(unit__folded__contains=word)


@admin.register(MentorLimit)
class MentorLimitAdmin(FoldedSearch, Kept, admin.ModelAdmin):  # type: ignore[type-arg]
    """How many interns a mentor takes at once; none is a black-out."""

    list_display = ("person", "most", "note")
    list_select_related = ("person",)
    autocomplete_fields = ("person",)

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(person__folded__contains=word)


class ClearanceInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Clearance
    extra = 0
    fields = ("kind", "done_on", "given_by", "giver_group", "journal_number", "group", "valid_until")


class OnboardingInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = OnboardingTask
    extra = 0
    fields = readonly_fields = ("kind", "done_at", "done_by")


class MentorLinkInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """That there is a link and whether it is used; the link itself is its mentor's alone."""

    model = MentorLink
    extra = 0
    fields = readonly_fields = ("person", "made_by", "last_used", "revoked_at", "revoked_by")


class OutcomeInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Outcome
    extra = 0
    fields = readonly_fields = ("kind", "decided_on", "unit", "position")


@admin.register(Placement)
class PlacementAdmin(FoldedSearch, Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    """Concerns and emergency contacts are not shown here: nobody reads them for the sake of administering."""

    list_display = ("__str__", "person", "unit", "state", "starts", "ends")
    list_filter = ("state",)
    list_select_related = ("application", "person", "unit")
    date_hierarchy = "starts"
    inlines = (ClearanceInline, OnboardingInline, MentorLinkInline, OutcomeInline, HistoryInline)
    fields = (
        "application",
        "person",
        "programme",
        "host",
        "unit",
        "hazard",
        "university",
        "faculty",
        "mentor",
        "supervisor",
        "state",
        "state_since",
        "starts",
        "ends",
        "last_day",
        "weekly_minutes",
        "planned_minutes",
        "credits",
        "mark",
        "created",
    )

    def search_word(self, queryset: Any, word: str) -> Any:
        return queryset.filter(Q(person__folded__contains=word) | Q(application__number__icontains=word))


class DuringPractice(FoldedSearch, Seen, admin.ModelAdmin):  # type: ignore[type-arg]
    """How far it is and since when; what people wrote and marked stays on the page of the practice."""

    list_filter: Any = ("state",)
    list_select_related: Any = ("placement__person", "placement__application")
    inlines: Any = (HistoryInline,)
    search_help_text = _("By the name of the intern or the number of the application.")

    def search_word(self, queryset: Any, word: str) -> Any:
        person = Q(placement__person__folded__contains=word)
        return queryset.filter(person | Q(placement__application__number__icontains=word))

    @admin.display(description=_("practice"))
    def practice(self, row: Any) -> str:
        return str(row.placement)

    @admin.display(description=_("intern"), ordering="placement__person__sort_key")
    def intern(self, row: Any) -> str:
        return str(row.placement.person)


@admin.register(DiaryEntry)
class DiaryEntryAdmin(DuringPractice):
    list_display = ("date", "intern", "minutes", "state", "submitted_at", "confirmed_at")
    date_hierarchy = "date"
    fields = readonly_fields = (
        "practice", "date", "minutes", "state", "state_since", "submitted_at", "confirmed_at",
        "confirmed_source",
    )  # fmt: skip


@admin.register(Absence)
class AbsenceAdmin(DuringPractice):
    """The reason may be somebody's health."""

    list_display = ("date", "intern", "minutes", "state", "made_up_on")
    date_hierarchy = "date"
    fields = readonly_fields = ("practice", "date", "minutes", "state", "state_since", "made_up_on")


@admin.register(Evaluation)
class EvaluationAdmin(DuringPractice):
    list_display = ("intern", "kind", "state", "given_by", "given_at", "source")
    list_filter = ("state", "kind", "source")
    list_select_related = (*DuringPractice.list_select_related, "given_by")
    fields = readonly_fields = ("practice", "kind", "state", "state_since", "given_by", "given_at", "source")


@admin.register(Report)
class ReportAdmin(DuringPractice):
    list_display = ("intern", "state", "submitted_at", "defended_on")
    fields = readonly_fields = ("practice", "state", "state_since", "submitted_at", "defended_on")
