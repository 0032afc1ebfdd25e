"""What agreements ask for."""

from partnerships.agreements.forms.acts import (
    KeepersForm,
    PaperForm,
    PostponeForm,
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
from partnerships.agreements.forms.obligations import DropForm, FulfilForm, ObligationForm
from partnerships.agreements.forms.parts import TermForm

__all__ = [
    "AmendForm",
    "DraftForm",
    "DropForm",
    "FrameworkForm",
    "FulfilForm",
    "KeepersForm",
    "ObligationForm",
    "PaperForm",
    "PartiesForm",
    "PostponeForm",
    "ProposeForm",
    "RenewForm",
    "SignForm",
    "TermForm",
]
