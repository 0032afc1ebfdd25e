"""What indicators keep about people: who reported, confirmed and aimed."""

from django.utils.translation import gettext_lazy as _

from partnerships.common.held import Basis, Held

HELD = (
    Held(
        key="indicators.values",
        label=_("Reported values"),
        model="indicators.ReportedValue",
        columns=("indicator", "organization", "year", "amount", "source", "state", "created"),
        what=_("Numbers that you reported or confirmed for your organisation"),
        purpose=_("So that it is known who answers for a number"),
        basis=Basis.CONTRACT,
        seen_by=_("Those who read the indicators of your organisation, and the partner named in it"),
        until=_("As long as the cooperation; after erasure without your name"),
        linked=("indicators.ReportedValue.reported_by", "indicators.ReportedValue.confirmed_by"),
        history=False,
    ),
    Held(
        key="indicators.targets",
        label=_("Targets that you set"),
        model="indicators.Target",
        columns=("indicator", "organization", "year", "value"),
        linked=("indicators.Target.set_by",),
        history=False,
        public=False,
    ),
)
