"""What may be set for a station, a model or a site beyond a station's own columns: one struct of known fields.

They are kept as JSON (stations.settings, model_profiles.data, boot_policies.settings) and laid over each other by
`actors/provisioning/models.py`; a guide tells what each does (docs/guides/device-model.md).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, ValidationError, convert, to_builtins

from protocol.ocpp.messages.v21 import TariffType
from web.api.fields import Transfer

Flag = bool | UnsetType | None
_Items = Annotated[int, Meta(ge=1, le=1000)] | UnsetType | None
_Seconds = Annotated[int, Meta(ge=1, le=86_400)] | UnsetType | None
_Watts = Annotated[int, Meta(ge=1, le=10_000_000)] | UnsetType | None
_Uid = Annotated[str, Meta(min_length=1, max_length=255)]
_Transfer = Literal["ftp", "http"] | UnsetType | None


class ItemsPerMessage(Struct, forbid_unknown_fields=True, frozen=True):
    """How many items one message to this station may hold, over what the station itself says. null: as it says."""

    get_variables: _Items = UNSET
    set_variables: _Items = UNSET
    get_report: _Items = UNSET
    get_configuration: _Items = UNSET
    send_local_list: _Items = UNSET


class BootSettings(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """How boots are answered and what follows from them. null: as the next layer says."""

    heartbeat_interval: _Seconds = UNSET
    retry_interval: _Seconds = UNSET
    provisioning: Literal["none", "template"] | UnsetType | None = UNSET
    inventory: Literal["never", "on_change"] | UnsetType | None = UNSET


class ModelSettings(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What a model needs of us. null: as the next layer says."""

    items_per_message: ItemsPerMessage | UnsetType | None = UNSET
    compression: Flag = UNSET
    subprotocol_optional: Flag = UNSET
    tolerate_invalid_utf8: Flag = UNSET
    never_zero_limit: Flag = UNSET
    stack_level_zero_only: Flag = UNSET
    only_relative_profiles: Flag = UNSET
    unit: Literal["A", "W"] | UnsetType | None = UNSET
    start_in_past: Flag = UNSET  # of charging schedules: now is refused
    no_station_limit: Flag = UNSET  # connector 0 is refused
    limit_factor: Literal[10, 1000] | UnsetType | None = UNSET  # it counts in tenths of A, or in mA
    verify_clear: Flag = UNSET
    calm_seconds: _Seconds = UNSET
    transfer: _Transfer = UNSET
    trigger_boot_after_reconnect: Flag = UNSET
    authorization_key: Literal["hex", "text"] | UnsetType | None = UNSET  # 1.6: how it takes a password
    rating_w: _Watts = UNSET  # what one EVSE delivers at most: readings above it are flagged
    heartbeat_interval: _Seconds = UNSET


class StationSettings(ModelSettings, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What counts for one station over its site's policy and its model. null takes a value away."""

    retry_interval: _Seconds = UNSET
    provisioning: Literal["none", "template"] | UnsetType | None = UNSET
    inventory: Literal["never", "on_change"] | UnsetType | None = UNSET
    allowed_energy_transfer: Annotated[list[Transfer], Meta(max_length=11)] | UnsetType | None = UNSET
    driver_energy_transfers: Annotated[
        dict[_Uid, Annotated[list[Transfer], Meta(min_length=1, max_length=11)]], Meta(max_length=200)
    ] | UnsetType | None = UNSET  # by token or group
    settlement_by_csms: Flag = UNSET  # its terminal leaves settling payments to us
    driver_tariffs: Annotated[dict[_Uid, dict[str, Any] | None], Meta(max_length=200)] | UnsetType | None = UNSET
    provisioned: Literal[None] | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Raises ValueError, which the decoder says with its place."""
        if self.driver_tariffs is UNSET or self.driver_tariffs is None:
            return
        for uid, tariff in self.driver_tariffs.items():
            if tariff is not None:
                try:
                    convert(tariff, TariffType)
                except ValidationError as error:
                    raise ValueError(f"driver_tariffs of {uid}: no TariffType of OCPP 2.1: {error}") from error


def given(settings: Struct | UnsetType | None) -> dict[str, Any]:
    """The members given, null included, as JSON values."""
    if not isinstance(settings, Struct):
        return {}
    found = {name: getattr(settings, name) for name in settings.__struct_fields__}
    return {name: to_builtins(value) for name, value in found.items() if value is not UNSET}


def without_nulls(data: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of settings that are new."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        kept = without_nulls(value) if isinstance(value, Mapping) else value
        if kept not in (None, {}):
            found[name] = kept
    return found
