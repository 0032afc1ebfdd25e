"""What agreements ask for."""

from partnerships.agreements.forms.acts import (
    KeepersForm,
    NoteForm,
    PaperForm,
    PostponeForm,
    ReasonForm,
    SignForm,
)
from partnerships.agreements.forms.drafts import (
    AmendForm,
    DraftForm,
    FrameworkForm,
    PartiesForm,
    ProposeForm,
    RenewForm,
)
from partnerships.agreements.forms.obligations import FulfilForm, ObligationForm
from partnerships.agreements.forms.parts import TermForm, take_errors

__all__ = [
    "AmendForm",
    "DraftForm",
    "FrameworkForm",
    "FulfilForm",
    "KeepersForm",
    "NoteForm",
    "ObligationForm",
    "PaperForm",
    "PartiesForm",
    "PostponeForm",
    "ProposeForm",
    "ReasonForm",
    "RenewForm",
    "SignForm",
    "TermForm",
    "take_errors",
]
