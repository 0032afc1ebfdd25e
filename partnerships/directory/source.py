"""What the directory gives the portal: who waits to be confirmed, people and organisations in the search."""

from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partnerships.common.addresses import addresses, kept_address
from partnerships.common.among import OFTEN, Among, AmongKnown
from partnerships.common.capped import CAP, SEEN, capped, counted
from partnerships.common.direction import Hit, MenuItem, Source, Stat, Todo
from partnerships.common.piles import Numbers, Pile, Sought, SoughtByKeys, Tally
from partnerships.common.query_words import Typed
from partnerships.directory import reports
from partnerships.directory.access import access_of
from partnerships.directory.asked import asked
from partnerships.directory.called import answering_to
from partnerships.directory.enums import AffiliationState, Kind, Role
from partnerships.directory.models import Affiliation, Organization, Person
from partnerships.directory.models.people import KEEPERS

ONE_BY_ONE = 3
MOST_SUGGESTED = 20
WITH_PARTNERS = (Role.EXPERT, Role.ORGANISER, Role.TRAINER, Role.FOUNDER, Role.LECTURER, Role.NEED_OWNER)


def piles(user: Any) -> list[Pile]:
    """What the address suggested, or nothing known yet: to be said by the person themselves. Who waits for
    this user's word: the first few by name, more as one line; whose mail comes back."""
    found: list[Pile] = []
    access = access_of(user)
    if access.person_id is not None:
        found.append(Pile(_suggested(user), MOST_SUGGESTED, _confirm_own))
        if not access.scopes:
            found.append(Pile(_unknown(user), 1, _say_where))
    if reports.is_keeper(user):
        found.append(Tally(_unreachable(user), 0, _ask_for_another))
        found.append(Tally(_waiting(user), 0, partial(_confirm, user)))
    return found


def steps(user: Any) -> list[Pile]:
    """Whoever is the first of an organisation invites the others."""
    access = access_of(user)
    return [
        Tally(_alone(user, role), 1, partial(_invite, title))
        for role, title in (
            (Role.COORDINATOR, _("Invite students and colleagues by a code")),
            (Role.HR, _("Invite colleagues by a code: mentors, heads of units")),
        )
        if access.has(role)
    ]


@asked
def _alone(user: Any, role: str) -> Any:
    """The role, where it covers nobody else."""
    access = access_of(user)
    others = Affiliation.objects.filter(access.q("organization", role)).exclude(person_id=access.person_id)
    mine = Affiliation.objects.current().filter(person_id=access.person_id, role=role)
    return mine.filter(~Exists(others.exclude(state=AffiliationState.REFUSED)))


def _invite(title: str, _count: int) -> list[Todo]:
    return [Todo(title, _("Whoever comes with your code is confirmed at once."), reverse("invitations"))]


@asked
def _suggested(user: Any) -> Any:
    mine = Affiliation.objects.filter(person_id=access_of(user).person_id, state=AffiliationState.SUGGESTED)
    return mine.select_related("organization__root").order_by("pk")


@asked
def _unknown(user: Any) -> Any:
    """The person, where nothing is known of where they are."""
    known = Affiliation.objects.filter(person_id=OuterRef("pk")).exclude(state=AffiliationState.REFUSED)
    return Person.objects.filter(~Exists(known), pk=access_of(user).person_id)


def _say_where(_person: Person) -> Todo:
    return Todo(
        _("Say where you study or work"), _("Places and offers depend on it."), reverse("profile_study")
    )


def _confirm_own(row: Affiliation) -> Todo:
    title = _("Confirm your university: %(name)s") % {"name": row.organization.root.display_name}  # type: ignore[union-attr]
    return Todo(title, _("Suggested by your e-mail address."), reverse("profile_study"))


def todos(user: Any) -> list[Todo]:
    """One's own address, when letters to it come back: known without asking."""
    if access_of(user).person_id is None or not user.person.is_unreachable:
        return []
    detail = _("Letters to %(address)s come back.") % {"address": user.person.email}
    return [Todo(_("Give another e-mail address"), detail, reverse("profile"))]


@asked
def _unreachable(user: Any) -> Any:
    return reports.kept_affiliations(user).filter(reports.UNREACHABLE)


def _ask_for_another(count: int) -> list[Todo]:
    title = ngettext("Mail to %(n)s person comes back", "Mail to %(n)s people comes back", count)
    url = f"{kept_address('people')}?state=unreachable"
    return [Todo(title % {"n": count}, _("Ask for another address."), url, count=count)]


@asked
def _waiting(user: Any) -> Any:
    waiting = reports.kept_affiliations(user).filter(state=AffiliationState.REQUESTED)
    return waiting.order_by("state_since", "pk")


def _confirm(user: Any, count: int) -> list[Todo]:
    if count > ONE_BY_ONE:
        title = ngettext("Confirm %(n)s person", "Confirm %(n)s people", count) % {"n": count}
        detail = _("They say that they belong to you.")
        return [Todo(title, detail, f"{kept_address('people')}?state=waiting", count=count)]
    return [
        Todo(
            _("Confirm: %(name)s") % {"name": row.person.name},
            _("%(role)s, %(organization)s")
            % {"role": row.get_role_display(), "organization": row.organization.display_name},
            reverse("person_detail", args=[row.person.uid]),
        )
        for row in _waiting(user)
    ]


def numbers(user: Any) -> list[Numbers]:
    """How many students a coordinator looks after; who the partners are, for the roles that work with all."""
    access = access_of(user)
    if access.administers:  # whose numbers are those of the outbox
        return []
    if access.has(Role.COORDINATOR):
        return [Numbers((_students(user).counted(CAP + 1),), _confirmed)]
    if access.has(*WITH_PARTNERS) or access.operates:
        parts = (_partners(Kind.UNIVERSITY).counted(), _partners(Kind.COMPANY).counted())
        return [Numbers(parts, _with_partners)]
    return []


@asked
def _students(user: Any) -> Any:
    kept = access_of(user).q("organization", Role.COORDINATOR)
    return Affiliation.objects.current().filter(kept, role=Role.STUDENT)


def _confirmed(count: int) -> list[Stat]:
    label = ngettext("confirmed student", "confirmed students", count)
    return [
        Stat(counted(*capped(count)), label, f"{kept_address('people')}?state=verified&role={Role.STUDENT}")
    ]


@asked
def _partners(kind: str) -> Any:
    return Organization.objects.partners().filter(kind=kind)


def _with_partners(universities: int, companies: int) -> list[Stat]:
    url = kept_address("partners")
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


FOUND = ("uid", "given_name", "family_name", "patronymic", "email", "erased_at")


@asked
def _short(user: Any, words: str) -> Any:
    """By a word that is too short to be looked up, and that many answer to."""
    return _shown(Person.objects.filter(folded__contains=words).visible_to(user), user)


@asked
def _of_these(user: Any, people: str) -> Any:
    return _shown(_seen_of(user, people), user)


@asked
def _some_of_these(user: Any, people: str) -> Any:
    """In no order: no more are asked whether they may be seen than are wanted."""
    return _seen_of(user, people).exclude(user_id=user.pk).order_by().values_list("pk")


def _seen_of(user: Any, people: str) -> Any:
    return Person.objects.filter(AmongKnown("pk", people, each=True)).visible_to(user)


@asked
def _of_mine(user: Any, words: str) -> Any:
    """Of those whom this user looks after."""
    mine = Person.objects.kept_by(user).filter(folded__contains=words).exclude(user_id=user.pk)
    return mine.order_by("sort_key", "pk").values_list("pk")


@asked
def _found() -> Any:
    return Person.objects.filter(Among("pk", SEEN)).only(*FOUND).order_by("sort_key", "pk")


def _shown(people: Any, user: Any) -> Any:
    return people.exclude(user_id=user.pk).only(*FOUND).order_by("sort_key", "pk")


def _people_sought(user: Any, words: str, limit: int) -> Sought:
    """The first by the alphabet; where very many have the name, of those who are found first, since ten of a
    thousand are some of them in any order."""
    name = answering_to(words)
    if not name.keys:  # fewer letters than an index of names can be asked for
        return Sought(_short(user, Typed(words)), limit, _person)
    if not name.often:
        return Sought(_of_these(user, name.first(name.number)), limit, _person)
    mine = lambda: _of_mine(user, Typed(words)).first_rows(limit)  # noqa: E731
    if _keeps_many(user):
        some = _some_of_these(user, name.first(OFTEN)).first_keys(limit)
        return SoughtByKeys(_found(), limit, _person, some, mine)
    return SoughtByKeys(_found(), limit, _person, mine())


def _keeps_many(user: Any) -> bool:
    """Ten of a frequent name are soon found among theirs, students of a university or everybody. Of a company
    those alone are here who work with practices: they are looked through."""
    access = access_of(user)
    return access.administers or access.operates or access.has(Role.COORDINATOR)


def _person(row: Person) -> Hit:
    return Hit(row.full_name, row.email, addresses("person_detail")(row.uid), _("People"))


@asked
def _named_partners(*words: str) -> Any:
    """Partners, and after them their units."""
    theirs = Q(parent=None, is_partner=True) | Q(root__is_partner=True, root__is_active=True)
    rows = reports.named(Organization.objects.filter(theirs, is_active=True), " ".join(words))
    roots = ("root__name", "root__name_en", "root__acronym", "root__slug")
    shown = rows.select_related("root").only("name", "name_en", "acronym", "slug", "parent", "root", *roots)
    return shown.order_by("-is_partner", "sort_key", "pk")


def _organisation(row: Organization) -> Hit:
    """A partner; or a unit, which stands on the page of its partner."""
    unit = not row.is_root
    url = reverse("partner_detail", args=[row.root.slug if unit else row.slug])
    return Hit(row.display_name, row.root.short_name if unit else row.acronym, url, _("Organisations"))


def sought(user: Any, words: str, limit: int) -> list[Sought]:
    """People whom the user may see, then active partners and their units."""
    partners = Sought(_named_partners(*map(Typed, words.split()[:6])), limit, _organisation)
    access = access_of(user)
    # Everybody else sees themselves alone, who are not to be found by themselves.
    if access.administers or access.operates or access.has(*KEEPERS):
        return [_people_sought(user, words, limit), partners]
    return [partners]


SOURCE = Source(
    key="directory",
    piles=piles,
    steps=steps,
    todos=todos,
    numbers=numbers,
    sought=sought,
    menu=(
        MenuItem(gettext_lazy("People"), "people", reports.is_keeper),
        MenuItem(gettext_lazy("Partners"), "partners", lambda _user: True),
    ),
)
