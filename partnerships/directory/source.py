"""What the directory gives the portal: who waits to be confirmed, people and organisations in the search."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.common.direction import Hit, MenuItem, Source, Stat, Todo
from partnerships.directory import reports
from partnerships.directory.access import access_of
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person

ONE_BY_ONE = 3
WITH_PARTNERS = (Role.EXPERT, Role.ORGANISER, Role.TRAINER, Role.FOUNDER, Role.LECTURER, Role.NEED_OWNER)


def todos(user: Any) -> list[Todo]:
    return [*_mine(user), *_for_others(user)]


def _mine(user: Any) -> list[Todo]:
    """What the address suggested, or nothing known yet: to be said by the person themselves."""
    person_id = access_of(user).person_id
    if person_id is None:
        return []
    rows = list(
        Affiliation.objects.filter(person_id=person_id)
        .exclude(state=AffiliationState.REFUSED)
        .select_related("organization__root")
        .order_by("pk")
    )
    url = reverse("profile_study")
    lost = _my_address(user)
    if not rows:
        return [*lost, Todo(_("Say where you study or work"), _("Places and offers depend on it."), url)]
    return lost + [
        Todo(
            _("Confirm your university: %(name)s") % {"name": row.organization.root.display_name},  # type: ignore[union-attr]
            _("Suggested by your e-mail address."),
            url,
        )
        for row in rows
        if row.state == AffiliationState.SUGGESTED
    ]


def _my_address(user: Any) -> list[Todo]:
    if not user.person.is_unreachable:
        return []
    detail = _("Letters to %(address)s come back.") % {"address": user.person.email}
    return [Todo(_("Give another e-mail address"), detail, reverse("profile"))]


def _for_others(user: Any) -> list[Todo]:
    """Who waits for this user's word: the first few by name, more as one line; whose mail comes back."""
    if not reports.is_keeper(user):
        return []
    kept = reports.kept_affiliations(user)
    waiting = Q(state=AffiliationState.REQUESTED)
    counts = kept.aggregate(
        waiting=Count("pk", filter=waiting), unreachable=Count("pk", filter=reports.UNREACHABLE)
    )
    found = []
    if count := counts["unreachable"]:
        title = ngettext("Mail to %(n)s person comes back", "Mail to %(n)s people comes back", count)
        url = f"{reverse('people')}?state=unreachable"
        found.append(Todo(title % {"n": count}, _("Ask for another address."), url, count=count))
    if (count := counts["waiting"]) > ONE_BY_ONE:
        title = ngettext("Confirm %(n)s person", "Confirm %(n)s people", count) % {"n": count}
        detail = _("They say that they belong to you.")
        return [*found, Todo(title, detail, f"{reverse('people')}?state=waiting", count=count)]
    rows = kept.filter(waiting).order_by("state_since", "pk") if count else []
    return found + [
        Todo(
            _("Confirm: %(name)s") % {"name": row.person.name},
            _("%(role)s, %(organization)s")
            % {"role": row.get_role_display(), "organization": row.organization.display_name},
            reverse("person_detail", args=[row.person.uid]),
        )
        for row in rows
    ]


def stats(user: Any) -> list[Stat]:
    """How many students a coordinator looks after; who the partners are, for the roles that work with all."""
    access = access_of(user)
    if access.administers:  # whose numbers are those of the outbox
        return []
    if not access.has(Role.COORDINATOR):
        return _partners() if access.has(*WITH_PARTNERS) or access.operates else []
    count = (
        Affiliation.objects.current()
        .filter(access.q("organization", Role.COORDINATOR), role=Role.STUDENT)
        .count()
    )
    label = ngettext("confirmed student", "confirmed students", count)
    return [Stat(str(count), label, f"{reverse('people')}?state=verified&role={Role.STUDENT}")]


def _partners() -> list[Stat]:
    counts = Organization.objects.partners().aggregate(
        universities=Count("pk", filter=Q(kind=Kind.UNIVERSITY)),
        companies=Count("pk", filter=Q(kind=Kind.COMPANY)),
    )
    universities, companies = counts["universities"], counts["companies"]
    url = reverse("partners")
    return [
        Stat(
            str(universities),
            ngettext("partner university", "partner universities", universities),
            f"{url}?kind={Kind.UNIVERSITY}",
        ),
        Stat(
            str(companies),
            ngettext("partner company", "partner companies", companies),
            f"{url}?kind={Kind.COMPANY}",
        ),
    ]


def search(user: Any, words: str, limit: int) -> list[Hit]:
    """People whom the user may see, then active partners."""
    hits = []
    if user.is_authenticated:
        people = Person.objects.visible_to(user).filter(folded__contains=words).exclude(user=user)
        hits = [
            Hit(person.full_name, person.email, reverse("person_detail", args=[person.uid]), _("People"))
            for person in people.order_by("sort_key", "pk")[:limit]
        ]
    partners = reports.partner_rows(words, "").order_by("sort_key", "pk")[:limit]
    hits += [
        Hit(row.display_name, row.acronym, reverse("partner_detail", args=[row.slug]), _("Organisations"))
        for row in partners
    ]
    return hits


SOURCE = Source(
    key="directory",
    todos=todos,
    stats=stats,
    search=search,
    menu=(
        MenuItem(gettext_lazy("People"), "people", reports.is_keeper),
        MenuItem(gettext_lazy("Partners"), "partners", lambda _user: True),
    ),
)
