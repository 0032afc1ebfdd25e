"""Nominating students for practice under an order, and the order as it stands."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from internships import actions, nominations
from internships.enums import ApplicationState as A
from internships.forms.nominating import NomineeForm, OrderForm
from internships.models import Application, NominationOrder, Programme
from internships.nomination_places import Places
from internships.nominations import Nominated, nominate_one
from internships.views.parts import chip_kind
from internships.worklist_rows import with_list_columns
from partnerships.common.refusals import Refused, WorkflowError
from partnerships.common.text import fold
from partnerships.directory.models import Affiliation, Organization

MOST = 100  # students in one sending
FOUND = 30  # students that a search offers
ORDERS = 10


@dataclass
class Desk:
    """What the page works on: a programme, the students picked, and a form for each."""

    user: Any
    programmes: list[Programme]
    programme: Programme | None
    chosen: list[Affiliation] = field(default_factory=list)
    forms: list[NomineeForm] = field(default_factory=list)
    places: Places | None = None


def _desk(request: HttpRequest) -> Desk:
    if not nominations.nominates(request.user):
        raise Refused(_("This page is for those who coordinate the students of a university."))
    given = request.POST if request.method == "POST" else request.GET
    found = nominations.programmes(request.user)
    wanted = given.get("programme", "")
    programme = next((p for p in found if p.slug == wanted), found[0] if found and not wanted else None)
    if wanted and programme is None:
        if not Programme.objects.visible_to(request.user).filter(slug=wanted).exists():
            raise Http404
        messages.warning(request, _("Nobody can be nominated for this programme now."))
        programme = found[0] if found and request.method != "POST" else None
    desk = Desk(request.user, found, programme)
    desk.chosen = _chosen(request, given.getlist("pick"))
    if programme is not None and desk.chosen:
        _add_forms(desk, request.POST if request.method == "POST" else None)
    return desk


def _chosen(request: HttpRequest, uids: list[str]) -> list[Affiliation]:
    """The students picked, of one's own; what is not one's own is not there."""
    wanted = [uid for uid in dict.fromkeys(uids) if len(uid) <= 40]
    if len(wanted) > MOST:
        messages.warning(
            request,
            ngettext(
                "%(most)d student at once: the rest was left out.",
                "%(most)d students at once: the rest was left out.",
                MOST,
            )
            % {"most": MOST},
        )
    try:
        rows = nominations.students(request.user).filter(uid__in=wanted[:MOST])
        return list(rows.order_by("person__sort_key", "pk"))
    except (ValueError, ValidationError):
        return []


def _add_forms(desk: Desk, data: Any) -> None:
    assert desk.programme is not None
    universities = {row.organization.root_id for row in desk.chosen}
    desk.places = Places.of(desk.programme, universities)  # type: ignore[arg-type]
    applications = nominations.known_applications(desk.programme, [row.person_id for row in desk.chosen])
    guides = nominations.supervisors(universities)  # type: ignore[arg-type]
    for row in desk.chosen:
        desk.forms.append(
            NomineeForm(
                data,
                affiliation=row,
                application=applications.get(row.person_id),
                places=desk.places,
                supervisors=[guide for guide in guides if guide.root_id == row.organization.root_id],
            )
        )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def nominate(request: HttpRequest) -> HttpResponse:
    """Programme, order, students and places; who can be nominated is, the rest stay with their reasons."""
    desk = _desk(request)
    if request.method != "POST":
        return _page(request, desk, OrderForm(initial={"number": request.GET.get("number", "")}))
    form = OrderForm(request.POST)
    if desk.programme is None or not desk.chosen:
        if not desk.chosen:
            form.add_error(None, _("Choose at least one student."))
        return _page(request, desk, form, status=422)
    valid = [form.is_valid(), *(row.is_valid() for row in desk.forms)]
    if not all(valid):
        return _page(request, desk, form, status=422)
    done, orders = _nominate_all(desk, form.cleaned_data)
    refused = [row for row in desk.forms if row.errors]
    if done:
        words = ngettext("%(count)d student is nominated.", "%(count)d students are nominated.", len(done))
        messages.success(request, words % {"count": len(done)})
    if not refused:
        return redirect(
            reverse("internships:order", args=[orders[0].uid])
            if len(orders) == 1
            else reverse("internships:worklist")
        )
    desk.forms, desk.chosen = refused, [row.affiliation for row in refused]
    return _page(request, desk, form, status=422, done=done, orders=orders)


def _nominate_all(desk: Desk, values: dict[str, Any]) -> tuple[list[Application], list[NominationOrder]]:
    """Each student in a transaction of its own: nominated, or refused with the reason on its form."""
    done: list[Application] = []
    orders: dict[int, NominationOrder] = {}
    assert desk.programme is not None
    assert desk.places is not None
    for row in desk.forms:
        university: Any = row.affiliation.organization.root
        try:
            with transaction.atomic():
                order = actions.make_order(
                    desk.programme, university, number=values["number"], day=values["day"], actor=desk.user
                )
                result = nominate_one(
                    desk.places,
                    row.affiliation,
                    row.cleaned_data["place"],
                    order=order,
                    actor=desk.user,
                    supervisor=row.supervisor,
                )
                _stands_in(order, result)
        except (WorkflowError, Refused) as refusal:
            row.add_error("place", str(refusal.reason))
            continue
        except ValidationError as error:
            row.add_error("place", error.messages)
            continue
        orders[university.pk] = result.application.order or order
        done.append(result.application)
    return done, list(orders.values())


def _stands_in(order: NominationOrder, result: Nominated) -> None:
    """Raises ValidationError for who stands in another order already: the new one is rolled back with it,
    an empty one would say that somebody stands there."""
    if not result.changed and result.application.order_id != order.pk:
        words = {"order": str(result.application.order)}
        raise ValidationError(_("Nominated before, under another order: %(order)s") % words)


def _page(
    request: HttpRequest,
    desk: Desk,
    form: OrderForm,
    *,
    status: int = 200,
    done: Any = (),
    orders: Any = (),
) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:100]
    context = {
        "desk": desk,
        "form": form,
        "query": query,
        "found": _found(desk, query),
        "picks": [str(row.uid) for row in desk.chosen],
        "seats": _seats(desk),
        "done": done,
        "orders_done": orders,
        "orders": nominations.orders(request.user)[:ORDERS],
    }
    return render(request, "internships/nominate.html", context, status=status)


def _found(desk: Desk, query: str) -> list[Affiliation]:
    """Students by name, e-mail or number, without those who are on the page already."""
    words = fold(query).split()[:6]
    if not words:
        return []
    rows = nominations.students(desk.user).exclude(pk__in=[row.pk for row in desk.chosen])
    for word in words:
        rows = rows.filter(Q(person__folded__contains=word) | Q(study__student_number__icontains=word))
    return list(rows.order_by("person__sort_key", "pk")[:FOUND])


def _seats(desk: Desk) -> list[dict[str, Any]]:
    """Seats of each place for the university concerned; the first one where students are of several."""
    if desk.programme is None:
        return []
    university = _shown_university(desk)
    if university is None:
        return []
    places = desk.places or Places.of(desk.programme, [university.pk])
    return [
        {
            "label": place.label,
            "unit": place.vacancy.position.unit,
            "left": places.left(place, university.pk),
            "capacity": place.vacancy.pool.capacity,
            "quota": next(
                (q.places for q in place.vacancy.pool.quotas.all() if q.organization_id == university.pk),
                None,
            ),
            "url": place.vacancy.get_absolute_url(),
        }
        for place in places
    ]


def _shown_university(desk: Desk) -> Organization | None:
    if desk.chosen:
        return desk.chosen[0].organization.root
    found = nominations.universities(desk.user)
    return found[0] if len(found) == 1 else None


# Orders --------------------------------------------------------------------------------------------


@require_safe
@login_required
def order(request: HttpRequest, uid: Any) -> HttpResponse:
    """One order: whom it nominated, where to, and how that stands. Each reader sees the students they may."""
    if not nominations.nominates(request.user):
        raise Http404
    found = nominations.orders(request.user).filter(uid=uid).first()
    if found is None:
        raise Http404
    rows = nominated_by(found, request.user).order_by("person__sort_key", "pk")
    lines = [_line(row) for row in rows[:500]]
    context = {
        "order": found,
        "lines": lines,
        "back": f"{reverse('internships:nominate')}?programme={found.programme.slug}&number={found.number}",
    }
    return render(request, "internships/order.html", context)


def nominated_by(order: NominationOrder, user: Any) -> Any:
    """The applications under an order that this reader may see, with what a row of them shows."""
    rows = Application.objects.visible_to(user).filter(order=order)
    return with_list_columns(rows, "supervisor")


def _line(row: Application) -> dict[str, Any]:
    choices = list(row.choices.all())
    vacancy = row.offered_vacancy if row.offered_vacancy_id else choices[0].vacancy if choices else None
    return {
        "application": row,
        "position": vacancy.position if vacancy else None,
        "chip": chip_kind(row.state, row.state == A.SUBMITTED),
    }
