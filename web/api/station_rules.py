"""Decides what a station's configuration becomes: pure, from what is there and what is asked.

Security profiles (OCPP 2.0.1 Part 2, A00): 0 asks for no password (ours), 1 a password, 2 a password within TLS,
3 client certificates.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, to_builtins

from actors.ports import StationConfig
from storage.keys import identity_key
from storage.web.stations import NewStation, StationChange
from web.api.fields import Admission, FrameLog, Identity, Label, Password, Profile, VersionName
from web.api.known_settings import ItemsPerMessage, StationSettings, given
from web.problems import ApiProblem

_SETTINGS = ("compression", "subprotocol_optional")


class StationCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A new station."""

    identity: Identity
    name: Label | None = None
    site: Label | None = None
    security_profile: Profile | None = None
    password: Password | None = None
    ocpp_version: VersionName | None = None
    admission: Admission | None = None
    strict: bool = False
    frame_log: FrameLog = "default"
    items_per_message: ItemsPerMessage | None = None
    compression: bool | None = None
    subprotocol_optional: bool | None = None
    settings: StationSettings | None = None


class StationPatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change, as a JSON merge patch (RFC 7396): null takes a value away."""

    name: Label | UnsetType | None = UNSET
    site: Label | UnsetType | None = UNSET
    admission: Admission | UnsetType = UNSET
    security_profile: Profile | UnsetType = UNSET
    password: Password | UnsetType | None = UNSET
    ocpp_version: VersionName | UnsetType | None = UNSET
    strict: bool | UnsetType = UNSET
    frame_log: FrameLog | UnsetType = UNSET
    items_per_message: ItemsPerMessage | UnsetType | None = UNSET
    compression: bool | UnsetType | None = UNSET
    subprotocol_optional: bool | UnsetType | None = UNSET
    settings: StationSettings | UnsetType | None = UNSET
    held_off: Literal[None] | UnsetType = UNSET


def check_profile(profile: int, has_password: bool) -> None:
    """Raises ApiProblem `invalid_body` when profile and password do not fit together."""
    if profile in (1, 2) and not has_password:
        raise ApiProblem(
            "invalid_body", f"security profile {profile} needs a password",
            errors=[("/password", f'profile {profile} needs one; "generate" makes it')],
        )
    if profile == 0 and has_password:
        raise ApiProblem(
            "invalid_body", "security profile 0 asks for no password",
            errors=[("/security_profile", "with a password it must be 1 to 3; leave it out for 1")],
        )


def profile_of(wanted: StationCreate) -> int:
    """0 without a password, 1 with one, unless named. Raises ApiProblem when both do not fit."""
    given = wanted.password is not None
    profile = wanted.security_profile if wanted.security_profile is not None else int(given)
    check_profile(profile, given)
    return profile


def new_station(
    wanted: StationCreate, tenant_id: UUID, station_id: UUID, profile: int, password_hash: str | None, now: datetime,
    admission: str | None = None,
) -> NewStation:
    """The row to insert; `profile` as `profile_of` says, `admission`: what the boot policy says of new stations."""
    asked = given(wanted.settings) | {
        name: value for name in _SETTINGS if (value := getattr(wanted, name)) is not None
    }  # fmt: skip
    return NewStation(
        tenant_id=tenant_id, id=station_id, identity=wanted.identity, identity_key=identity_key(wanted.identity),
        name=wanted.name, site=wanted.site, admission=wanted.admission or admission or "accepted",
        security_profile=profile, password_hash=password_hash, ocpp_version=wanted.ocpp_version, strict=wanted.strict,
        frame_log=wanted.frame_log, settings=merged_settings({}, asked | _items(wanted.items_per_message)), now=now,
    )


def changed_station(
    now_there: StationConfig, patch: StationPatch, password_hash: str | None, now: datetime
) -> StationChange:
    """`now_there` with the patch applied. `password_hash`: of the patch's password, when it has one.

    A profile named explicitly, lower ones included, is what counts from now on: the highest that has worked follows.
    """
    has_password, kept_hash, pending = now_there.password_hash is not None, now_there.password_hash, None
    if patch.password is UNSET:
        pending = now_there.pending_password_hash
    else:
        kept_hash, has_password = password_hash, password_hash is not None
    profile, highest = now_there.security_profile, now_there.highest_profile
    if patch.security_profile is not UNSET:
        profile = patch.security_profile
        highest = min(highest, profile)
    elif patch.password is not UNSET and has_password and profile == 0:
        profile = 1
    if patch.security_profile == 0 and patch.password is UNSET:  # no password is asked any more: none is kept
        kept_hash, pending, has_password = None, None, False
    check_profile(profile, has_password)
    asked = {name: getattr(patch, name) for name in _SETTINGS} | _items(patch.items_per_message)
    asked = given(patch.settings) | {name: value for name, value in asked.items() if value is not UNSET}
    kept = {} if patch.settings is None else now_there.settings
    return StationChange(
        id=now_there.id, name=_given(patch.name, now_there.name), site=_given(patch.site, now_there.site),
        admission=_given(patch.admission, now_there.admission), security_profile=profile, highest_profile=highest,
        password_hash=kept_hash, pending_password_hash=pending,
        ocpp_version=_given(patch.ocpp_version, now_there.ocpp_version and now_there.ocpp_version.value),
        strict=_given(patch.strict, now_there.strict), frame_log=_given(patch.frame_log, now_there.frame_log),
        settings=merged_settings(kept, asked),
        held_off=_given(patch.held_off, now_there.held_off), now=now,
    )


def merged_settings(settings: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """JSON merge patch of `asked` into `settings`; UNSET members are not asked for."""
    result = dict(settings)
    for name, value in asked.items():
        if value is UNSET:
            continue
        if isinstance(value, dict):
            value = merged_settings(result.get(name) or {}, value)
        if value is None or value == {}:
            result.pop(name, None)
        else:
            result[name] = value
    return result


def _items(items: ItemsPerMessage | UnsetType | None) -> dict[str, Any]:
    return {"items_per_message": to_builtins(items) if isinstance(items, ItemsPerMessage) else items}


def _given(value: Any, otherwise: Any) -> Any:
    return otherwise if value is UNSET else value
