"""/boot-policies and /model-profiles: how stations are admitted, and what their models need of us.

A change counts for a station from its next connection, reload or change on; a job that begins with it reloads those in
memory (gateway/worker/taking_up.py).
"""

from typing import Annotated, Any

import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType

from storage.jobs import NewJob, enqueue
from storage.pool import Connection
from storage.web import provisioning as rows
from storage.web.provisioning import NewPolicy, NewProfile, PolicyRow, ProfileRow
from web.api.call import Answer, Call
from web.api.fields import Admission, Label, Object
from web.api.known_settings import BootSettings, ModelSettings, given, without_nulls
from web.api.resource import Resource
from web.api.route import NoQuery, Route
from web.api.station_rules import merged_settings
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page
from web.validation import NotValid

Pattern = Annotated[str, Meta(min_length=1, max_length=255, description="`*` for anything; case does not matter")]
_Note = Annotated[str, Meta(max_length=2000)]


class BootPolicyCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A boot policy of a site, or without `site` of all stations. `admission`: of stations made from now on."""

    site: Label | None = None
    admission: Admission | None = None
    settings: BootSettings = BootSettings()


class BootPolicyPatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change, as a JSON merge patch."""

    admission: Admission | UnsetType | None = UNSET
    settings: BootSettings | UnsetType | None = UNSET


class BootPolicyView(Struct, frozen=True, kw_only=True):
    id: str
    site: str | None
    admission: str | None
    settings: Object
    created_at: Instant
    updated_at: Instant
    revision: int


class ModelProfileCreate(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What stations of a model need; at least one pattern."""

    name: Label
    vendor: Pattern | None = None
    model: Pattern | None = None
    firmware: Pattern | None = None
    settings: ModelSettings = ModelSettings()
    note: _Note | None = None


class ModelProfilePatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What may change, as a JSON merge patch."""

    vendor: Pattern | UnsetType | None = UNSET
    model: Pattern | UnsetType | None = UNSET
    firmware: Pattern | UnsetType | None = UNSET
    settings: ModelSettings | UnsetType | None = UNSET
    note: _Note | UnsetType | None = UNSET


class ModelProfileView(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    vendor: str | None
    model: str | None
    firmware: str | None
    settings: Object
    note: str | None
    created_at: Instant
    updated_at: Instant
    revision: int


def policy_view(row: PolicyRow) -> BootPolicyView:
    return BootPolicyView(
        id=str(row.id), site=row.site, admission=row.admission, settings=row.settings,
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), revision=row.revision,
    )  # fmt: skip


def profile_view(row: ProfileRow) -> ModelProfileView:
    return ModelProfileView(
        id=str(row.id), name=row.name, vendor=row.vendor, model=row.model, firmware=row.firmware, settings=row.data,
        note=row.note, created_at=instant(row.created_at), updated_at=instant(row.updated_at), revision=row.revision,
    )  # fmt: skip


async def list_boot_policies(call: Call[Page, None]) -> Answer:
    return await POLICIES.listed(call, lambda connection, span: rows.list_policies(connection, *span))


async def create_boot_policy(call: Call[NoQuery, BootPolicyCreate]) -> Answer:
    wanted = call.body
    settings = without_nulls(given(wanted.settings))
    policy = NewPolicy(call.tenant.id, uuids.uuid7(), wanted.site, wanted.admission, settings, call.now)
    where = f"of the site {wanted.site!r}" if wanted.site else "of all stations"

    async def insert(connection: Connection) -> bool:
        return await rows.insert_policy(connection, policy) and await _take_up(call, connection, wanted.site)

    return await POLICIES.created(call, policy.id, insert, f"there is a boot policy {where}: change it with PATCH")


async def get_boot_policy(call: Call[NoQuery, None]) -> Answer:
    return await POLICIES.read(call)


async def patch_boot_policy(call: Call[NoQuery, BootPolicyPatch]) -> Answer:
    patch = call.body

    async def change(connection: Connection, there: PolicyRow) -> None:
        admission = there.admission if patch.admission is UNSET else patch.admission
        settings = {} if patch.settings is None else merged_settings(there.settings, given(patch.settings))
        await rows.update_policy(connection, there.id, admission, settings, call.now)
        await _take_up(call, connection, there.site)

    return POLICIES.shown(await POLICIES.changed(call, change))


async def delete_boot_policy(call: Call[NoQuery, None]) -> Answer:
    async def delete(connection: Connection, there: PolicyRow) -> None:
        await rows.delete_policy(connection, there.id)
        await _take_up(call, connection, there.site)

    await POLICIES.deleted(call, delete)
    return Answer(status=204)


async def _take_up(call: Call[Any, Any], connection: Connection, site: str | None) -> bool:
    """Begins the work in the transaction of the change: however many stations it is for, the request need not wait."""
    job = NewJob(
        call.tenant.id, uuids.uuid7(), rows.TAKE_UP, None, None, None, call.now, call.now, {"site": site},
        requested_by=call.principal.name, request_id=call.request_id,
    )  # fmt: skip
    return await enqueue(connection, job)


async def list_model_profiles(call: Call[Page, None]) -> Answer:
    return await PROFILES.listed(call, lambda connection, span: rows.list_profiles(connection, *span))


async def create_model_profile(call: Call[NoQuery, ModelProfileCreate]) -> Answer:
    wanted = call.body
    _check_patterns(wanted.vendor, wanted.model, wanted.firmware)
    profile = NewProfile(
        call.tenant.id, uuids.uuid7(), wanted.name, wanted.vendor, wanted.model, wanted.firmware,
        without_nulls(given(wanted.settings)), wanted.note, call.now,
    )  # fmt: skip

    async def insert(connection: Connection) -> bool:
        return await rows.insert_profile(connection, profile) and await _take_up(call, connection, None)

    return await PROFILES.created(call, profile.id, insert, f"a model profile named {profile.name!r} is there")


async def get_model_profile(call: Call[NoQuery, None]) -> Answer:
    return await PROFILES.read(call)


async def patch_model_profile(call: Call[NoQuery, ModelProfilePatch]) -> Answer:
    patch = call.body

    async def change(connection: Connection, there: ProfileRow) -> None:
        names = ("vendor", "model", "firmware", "note")
        asked = {name: getattr(patch, name) for name in names}
        after = {name: getattr(there, name) if value is UNSET else value for name, value in asked.items()}
        _check_patterns(after["vendor"], after["model"], after["firmware"])
        data = {} if patch.settings is None else merged_settings(there.data, given(patch.settings))
        changed = NewProfile(call.tenant.id, there.id, there.name, data=data, now=call.now, **after)
        await rows.update_profile(connection, changed)
        await _take_up(call, connection, None)

    return PROFILES.shown(await PROFILES.changed(call, change))


async def delete_model_profile(call: Call[NoQuery, None]) -> Answer:
    async def delete(connection: Connection, there: ProfileRow) -> None:
        await rows.delete_profile(connection, there.id)
        await _take_up(call, connection, None)

    await PROFILES.deleted(call, delete)
    return Answer(status=204)


def _check_patterns(*patterns: str | None) -> None:
    if not any(patterns):
        raise NotValid([("", "name at least one of `vendor`, `model` and `firmware`")])


POLICIES: Resource[PolicyRow] = Resource(
    "boot-policies", "unknown_boot_policy", "boot policy", rows.get_policy, policy_view
)
PROFILES: Resource[ProfileRow] = Resource(
    "model-profiles", "unknown_model_profile", "model profile", rows.get_profile, profile_view
)
_POLICY = {"site": "depot-north", "admission": "pending", "settings": {"retry_interval": 60}}
_PROFILE = {"name": "ABB Terra", "vendor": "ABB", "model": "TAC*", "settings": {"stack_level_zero_only": True}}

ROUTES = [
    Route("GET", "/boot-policies", list_boot_policies, "List boot policies", {200: ListOf[BootPolicyView]}, query=Page),
    Route("POST", "/boot-policies", create_boot_policy, "Say how stations of a site, or all, are admitted",
          {201: BootPolicyView}, body=BootPolicyCreate, example=_POLICY, creates=True, problems=("already_exists",)),
    Route("GET", "/boot-policies/{id}", get_boot_policy, "Read a boot policy", {200: BootPolicyView},
          problems=("unknown_boot_policy",)),
    Route("PATCH", "/boot-policies/{id}", patch_boot_policy, "Change a boot policy", {200: BootPolicyView},
          body=BootPolicyPatch, example={"settings": {"inventory": "on_change"}}, conditional=True, merge_patch=True,
          problems=("unknown_boot_policy", "precondition_failed")),
    Route("DELETE", "/boot-policies/{id}", delete_boot_policy, "Delete a boot policy", {204: None}, conditional=True,
          problems=("unknown_boot_policy", "precondition_failed")),
    Route("GET", "/model-profiles", list_model_profiles, "List what models need of us", {200: ListOf[ModelProfileView]},
          query=Page, description="The tenant's own; they lie over what is shipped. A station shows what counts."),
    Route("POST", "/model-profiles", create_model_profile, "Say what a model needs of us", {201: ModelProfileView},
          body=ModelProfileCreate, example=_PROFILE, creates=True, problems=("already_exists",)),
    Route("GET", "/model-profiles/{id}", get_model_profile, "Read a model profile", {200: ModelProfileView},
          problems=("unknown_model_profile",)),
    Route("PATCH", "/model-profiles/{id}", patch_model_profile, "Change a model profile", {200: ModelProfileView},
          body=ModelProfilePatch, example={"settings": {"unit": "A"}}, conditional=True, merge_patch=True,
          problems=("unknown_model_profile", "precondition_failed")),
    Route("DELETE", "/model-profiles/{id}", delete_model_profile, "Delete a model profile", {204: None},
          conditional=True, problems=("unknown_model_profile", "precondition_failed")),
]
