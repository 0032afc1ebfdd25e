"""What the directory keeps about people."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Basis, Block, Column, Held
from partnerships.directory.enums import Role
from partnerships.directory.models import Affiliation, Person, Study


def _blocks(person: Any) -> list[Block]:
    """The portal is never left without an administrator."""
    every = Affiliation.objects.current().filter(
        role=Role.ADMINISTRATOR, organization__root__is_operator=True, person__erased_at=None
    )
    mine, others = every.filter(person=person), every.exclude(person=person)
    if not mine.exists() or others.exists():
        return []
    return [
        Block(
            _t("You are the only administrator of the portal."),
            _t("Give the role to somebody else first."),
        )
    ]


HELD = (
    Held(
        key="directory.person",
        label=_("Particulars"),
        model="directory.Person",
        rows=lambda person: Person.objects.filter(pk=person.pk).prefetch_related("skills"),
        columns=(
            "given_name",
            "family_name",
            "patronymic",
            "email",
            "phone",
            "fin",
            "orcid",
            "is_foreigner",
            Column("skills", _("skills"), lambda person: ", ".join(map(str, person.skills.all()))),
            "created",
        ),
        what=_("Name, e-mail address, phone, skills; the personal code (FIN) where a contract needs it"),
        purpose=_("To know whom an application, a contract or a certificate is about"),
        basis=Basis.CONTRACT,
        seen_by=_(
            "You; who looks after you at your university or company; the place that you applied to. Of the "
            "personal code nobody sees more than its last two characters"
        ),
        until=_("Until you ask for erasure"),
        blocks=_blocks,
    ),
    Held(
        key="directory.affiliations",
        label=_("Where you belong"),
        model="directory.Affiliation",
        rows=lambda person: Affiliation.objects.filter(person=person).select_related(
            "organization__root", "study__specialty"
        ),
        columns=(
            "organization.root",
            "organization",
            "role",
            "position",
            "starts",
            "ends",
            "state",
            "study.specialty",
            "study.degree",
            "study.year",
            "study.gpa",
            "study.mode",
            "study.student_number",
            "study.group",
        ),
        what=_("Organisation, role and dates; of students specialty, year and GPA"),
        purpose=_("What you may see and do here, and whether a place fits you"),
        basis=Basis.CONTRACT,
        seen_by=_("You, who looks after you there, and the place that you applied to"),
        until=_("After erasure only the organisation, the role and the years remain, without a name"),
        linked=("directory.Affiliation.person", "directory.Affiliation.verified_by"),
        blank={"position": ""},
    ),
    Held(
        key="directory.studies",
        label=_("Studies"),
        model="directory.Study",
        rows=lambda person: Study.objects.filter(affiliation__person=person),
        blank={"student_number": "", "group": ""},
        public=False,
    ),
    Held(
        key="directory.deputies",
        label=_("Deputies"),
        model="directory.Deputyship",
        columns=("affiliation", "holder", "deputy", "starts", "ends", "reason", "state"),
        what=_("Who stands in for whom in which role, from when to when and why"),
        purpose=_("So that work goes on while somebody is away"),
        basis=Basis.INTEREST,
        seen_by=_("The two of you and the administrator"),
        until=_("As long as the history of what was done; after erasure without names"),
        linked=("directory.Deputyship.holder", "directory.Deputyship.deputy"),
        blank={"reason": "—"},
    ),
    Held(
        key="directory.invitations",
        label=_("Invitations that you made"),
        model="directory.Invitation",
        columns=("created", "organization", "role", "note", "expires"),
        linked=("directory.Invitation.made_by",),
        delete=True,
        public=False,
    ),
    Held(
        key="directory.told_apart",
        label=_("Organisations that you told apart"),
        model="directory.ToldApart",
        columns=("first", "second", "reason", "made_at"),
        linked=("directory.ToldApart.made_by",),
        history=False,
        public=False,
    ),
)
