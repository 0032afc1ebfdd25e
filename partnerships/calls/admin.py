"""Calls are read here: deadlines, questions, rules and codes are written on the pages of what has the call.
What somebody answered is nobody's to read here."""

from django.contrib import admin

from partnerships.calls.models import AccessCode, Call, Deadline, EligibilityRule, Question
from partnerships.directory.admin import ReadOnly


class _Row(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    extra = 0


class DeadlineRow(_Row):
    model = Deadline
    fields = readonly_fields = ("step", "at")


class QuestionRow(_Row):
    model = Question
    fields = readonly_fields = ("position", "kind", "label_az", "label_en", "required", "shown_if")


class RuleRow(_Row):
    model = EligibilityRule
    fields = readonly_fields = ("fact", "test", "number", "values", "reason_az")


class CodeRow(_Row):
    model = AccessCode
    fields = readonly_fields = ("step", "hint", "note", "uses", "expires", "made_by", "revoked_at")


@admin.register(Call)
class CallAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "question_count", "rule_count", "created")
    search_fields = ("title",)
    inlines = (DeadlineRow, QuestionRow, RuleRow, CodeRow)
    fields = readonly_fields = ("title", "question_count", "rule_count", "created", "updated")
