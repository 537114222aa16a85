"""The commands of grid controls: DER controls, the aFRR signal, allowed energy transfers."""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from web.api.bodies.base import Command, Commands, Examples, OfTransaction
from web.api.fields import Object, Transfer
from web.validation import NotValid

DerName = Literal[
    "EnterService", "FreqDroop", "FreqWatt", "FixedPFAbsorb", "FixedPFInject", "FixedVar", "Gradients", "HFMustTrip",
    "HFMayTrip", "HVMustTrip", "HVMomCess", "HVMayTrip", "LimitMaxDischarge", "LFMustTrip", "LVMustTrip", "LVMomCess",
    "LVMayTrip", "PowerMonitoringMustTrip", "VoltVar", "VoltWatt", "WattPF", "WattVar",
]  # fmt: skip
ControlId = Annotated[str, Meta(min_length=1, max_length=36)]


class DerControl(Command, frozen=True, kw_only=True):
    """Sets a grid control. `control` stands as OCPP writes it for that type; `default`: it always holds."""

    type: DerName
    control: Object
    default: bool = True
    id: ControlId | UnsetType = UNSET


class DerControls(Command, frozen=True, kw_only=True):
    """Asks for a report of the grid controls that are installed; without members: all of them."""

    type: DerName | UnsetType = UNSET
    default: bool | UnsetType = UNSET
    id: ControlId | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        return _one_of(super().arguments())


class ClearDerControl(Command, frozen=True, kw_only=True):
    """Takes away default (`true`) or scheduled (`false`) grid controls: all, those of a type, or one by `id`."""

    default: bool
    type: DerName | UnsetType = UNSET
    id: ControlId | UnsetType = UNSET

    def arguments(self) -> dict[str, Any]:
        return _one_of(super().arguments())


def _one_of(given: dict[str, Any]) -> dict[str, Any]:
    if "type" in given and "id" in given:
        raise NotValid([("/type", "an `id` names one control: leave `type` out")])
    return given


class AfrrSignal(Command, frozen=True, kw_only=True):
    """Passes on a value of the aFRR signal; what it means, the signal curve of the charging profile says."""

    signal: Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]


class AllowedEnergyTransfer(OfTransaction, frozen=True, kw_only=True):
    """Says which energy transfers a session may use from now on."""

    allowed: Annotated[list[Transfer], Meta(min_length=1, max_length=11)]


COMMANDS: Commands = {
    "der-control": DerControl,
    "der-controls": DerControls,
    "clear-der-control": ClearDerControl,
    "afrr-signal": AfrrSignal,
    "allowed-energy-transfer": AllowedEnergyTransfer,
}

EXAMPLES: Examples = {
    "der-control": {
        "type": "LimitMaxDischarge", "default": True, "control": {"priority": 1, "pctMaxDischargePower": 50},
    },
    "der-controls": {"type": "VoltWatt"},
    "clear-der-control": {"default": True, "type": "VoltWatt"},
    "afrr-signal": {"signal": 12},
    "allowed-energy-transfer": {"transaction_id": "17", "allowed": ["DC", "DC_BPT"]},
}  # fmt: skip
