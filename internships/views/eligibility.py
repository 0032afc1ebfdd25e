"""Who may apply to a programme: its rules, and one of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from internships import actions
from internships.actions.questions import answers_sent
from internships.eligibility import facts_of
from internships.forms.deciding import take_errors
from internships.models import Programme
from internships.views.manage import own
from partnerships.calls.eligibility import Fact, in_words
from partnerships.calls.forms import RuleForm
from partnerships.calls.models import EligibilityRule
from partnerships.common.refusals import Blocked
from partnerships.common.text import key_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_rules(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules in words, taken out by a button, and what a new one may look at."""
    programme = own(request, slug)
    if request.method == "POST":
        verb, _colon, key = request.POST.get("do", "").partition(":")
        rule = _rule(programme, key_of(key) if verb == "remove" else 0)
        try:
            actions.remove_rule(programme, rule, actor=request.user)
        except Blocked as blocked:
            messages.error(request, str(blocked.reason))
        else:
            messages.success(request, _("The rule is taken out."))
        return redirect("internships:manage_rules", slug)
    known = facts_of(programme.call)
    context = {
        "programme": programme,
        "rows": rules_in_words(programme, known),
        "facts": [fact for fact in known.values() if fact.question is None],
        "answers": [fact for fact in known.values() if fact.question is not None],
        "frozen": answers_sent(programme),
    }
    return render(request, "internships/manage_rules.html", context)


def rules_in_words(programme: Programme, known: dict[str, Fact] | None = None) -> list[Any]:
    """(rule, its words), in their order; `known` are the facts of its call, where they have been read."""
    facts = facts_of(programme.call) if known is None else known
    rules = programme.call.taken_by
    return [(rule, in_words(rule, facts[rule.key])) for rule in rules if rule.key in facts]


def _rule(programme: Programme, key: int) -> EligibilityRule:
    return get_object_or_404(programme.call.rules.all(), pk=key)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_rule_new(request: HttpRequest, slug: str, fact: str) -> HttpResponse:
    programme = own(request, slug)
    known = facts_of(programme.call)
    if fact not in known:
        raise Http404
    return _one(request, programme, known[fact], None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def manage_rule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    programme = own(request, slug)
    rule = _rule(programme, pk)
    return _one(request, programme, facts_of(programme.call)[rule.key], rule)


def _one(
    request: HttpRequest, programme: Programme, fact: Fact, rule: EligibilityRule | None
) -> HttpResponse:
    form = RuleForm(request.POST or None, instance=rule, fact=fact)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_rule(programme, actor=request.user, rule=rule, **form.values_of())
        except Blocked as blocked:
            form.add_error(None, str(blocked.reason))
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("The rule is kept."))
            return redirect("internships:manage_rules", programme.slug)
    context = {"programme": programme, "form": form, "fact": fact}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "internships/manage_rule.html", context, status=status)
