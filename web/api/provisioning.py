"""/boot-policies and /model-profiles: how stations are admitted, and what their models need of us.

A change counts for a station from its next connection, reload or change on; `taken_up` reloads those in memory.
"""

from typing import Annotated, Any
from uuid import UUID

import uuid_utils.compat as uuids
from msgspec import UNSET, Meta, Struct, UnsetType

from storage.pool import Connection
from storage.web import provisioning as rows
from storage.web.provisioning import NewPolicy, NewProfile, PolicyRow, ProfileRow
from web.api.call import Answer, Call
from web.api.conditions import check_match, etag
from web.api.fields import Admission, Label, Object
from web.api.known_settings import BootSettings, ModelSettings, given, without_nulls
from web.api.once import in_one_transaction
from web.api.route import NoQuery, Route
from web.api.station_rules import merged_settings
from web.api.views import ListOf
from web.instants import Instant, instant
from web.paging import Page, cut, decode_cursor
from web.problems import ApiProblem
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
    query = call.query
    after = decode_cursor("boot-policies", query, UUID)
    found = await call.database(
        lambda connection: rows.list_policies(connection, query.limit + 1, after, query.order == "oldest")
    )
    shown, more = cut("boot-policies", query, found, lambda row: row.id)
    return Answer(ListOf([policy_view(row) for row in shown], more))


async def create_boot_policy(call: Call[NoQuery, BootPolicyCreate]) -> Answer:
    wanted = call.body
    settings = without_nulls(given(wanted.settings))
    policy = NewPolicy(call.tenant.id, uuids.uuid7(), wanted.site, wanted.admission, settings, call.now)

    async def insert(connection: Connection) -> Answer:
        if not await rows.insert_policy(connection, policy):
            where = f"of the site {wanted.site!r}" if wanted.site else "of all stations"
            raise ApiProblem("already_exists", f"there is a boot policy {where}: change it with PATCH")
        row = await _policy(call, connection, policy.id)
        headers = {"Location": f"/api/v1/boot-policies/{row.id}", "ETag": etag(row.revision)}
        return Answer(policy_view(row), 201, headers)

    answer = await in_one_transaction(call, insert)
    await _taken_up(call, wanted.site)
    return answer


async def get_boot_policy(call: Call[NoQuery, None]) -> Answer:
    policy_id = call.id_in_path("id", _no_policy(call))
    row = await call.database(lambda connection: _policy(call, connection, policy_id))
    return Answer(policy_view(row), headers={"ETag": etag(row.revision)})


async def patch_boot_policy(call: Call[NoQuery, BootPolicyPatch]) -> Answer:
    policy_id = call.id_in_path("id", _no_policy(call))
    patch = call.body

    async def change(connection: Connection) -> PolicyRow:
        there = await _policy(call, connection, policy_id, lock=True)
        check_match(call.if_match, there.revision)
        admission = there.admission if patch.admission is UNSET else patch.admission
        settings = {} if patch.settings is None else merged_settings(there.settings, given(patch.settings))
        await rows.update_policy(connection, there.id, admission, settings, call.now)
        return await _policy(call, connection, there.id)

    row = await call.database(change)
    await _taken_up(call, row.site)
    return Answer(policy_view(row), headers={"ETag": etag(row.revision)})


async def delete_boot_policy(call: Call[NoQuery, None]) -> Answer:
    policy_id = call.id_in_path("id", _no_policy(call))

    async def delete(connection: Connection) -> str | None:
        there = await _policy(call, connection, policy_id, lock=True)
        check_match(call.if_match, there.revision)
        await rows.delete_policy(connection, there.id)
        return there.site

    await _taken_up(call, await call.database(delete))
    return Answer(status=204)


async def _policy(call: Call[Any, Any], connection: Connection, policy_id: UUID, *, lock: bool = False) -> PolicyRow:
    row = await rows.get_policy(connection, policy_id, lock=lock)
    if row is None:
        raise _no_policy(call)
    return row


def _no_policy(call: Call[Any, Any]) -> ApiProblem:
    return ApiProblem("unknown_boot_policy", f"no boot policy has the id {call.path['id'][:64]!r}")


async def _taken_up(call: Call[Any, Any], site: str | None) -> None:
    """Stations in memory load their settings again."""
    affected = await call.database(lambda connection: rows.stations_affected(connection, site, site is None))
    for station_id in affected:
        if call.context.stations.live(station_id) is not None:
            await call.context.stations.reconfigured(station_id)


async def list_model_profiles(call: Call[Page, None]) -> Answer:
    query = call.query
    after = decode_cursor("model-profiles", query, UUID)
    found = await call.database(
        lambda connection: rows.list_profiles(connection, query.limit + 1, after, query.order == "oldest")
    )
    shown, more = cut("model-profiles", query, found, lambda row: row.id)
    return Answer(ListOf([profile_view(row) for row in shown], more))


async def create_model_profile(call: Call[NoQuery, ModelProfileCreate]) -> Answer:
    wanted = call.body
    _check_patterns(wanted.vendor, wanted.model, wanted.firmware)
    profile = NewProfile(
        call.tenant.id, uuids.uuid7(), wanted.name, wanted.vendor, wanted.model, wanted.firmware,
        without_nulls(given(wanted.settings)), wanted.note, call.now,
    )  # fmt: skip

    async def insert(connection: Connection) -> Answer:
        if not await rows.insert_profile(connection, profile):
            raise ApiProblem("already_exists", f"a model profile named {profile.name!r} is there")
        row = await _profile(call, connection, profile.id)
        headers = {"Location": f"/api/v1/model-profiles/{row.id}", "ETag": etag(row.revision)}
        return Answer(profile_view(row), 201, headers)

    answer = await in_one_transaction(call, insert)
    await _taken_up(call, None)
    return answer


async def get_model_profile(call: Call[NoQuery, None]) -> Answer:
    profile_id = call.id_in_path("id", _no_profile(call))
    row = await call.database(lambda connection: _profile(call, connection, profile_id))
    return Answer(profile_view(row), headers={"ETag": etag(row.revision)})


async def patch_model_profile(call: Call[NoQuery, ModelProfilePatch]) -> Answer:
    profile_id = call.id_in_path("id", _no_profile(call))
    patch = call.body

    async def change(connection: Connection) -> ProfileRow:
        there = await _profile(call, connection, profile_id, lock=True)
        check_match(call.if_match, there.revision)
        names = ("vendor", "model", "firmware", "note")
        asked = {name: getattr(patch, name) for name in names}
        after = {name: getattr(there, name) if value is UNSET else value for name, value in asked.items()}
        _check_patterns(after["vendor"], after["model"], after["firmware"])
        data = {} if patch.settings is None else merged_settings(there.data, given(patch.settings))
        changed = NewProfile(call.tenant.id, there.id, there.name, data=data, now=call.now, **after)
        await rows.update_profile(connection, changed)
        return await _profile(call, connection, there.id)

    row = await call.database(change)
    await _taken_up(call, None)
    return Answer(profile_view(row), headers={"ETag": etag(row.revision)})


async def delete_model_profile(call: Call[NoQuery, None]) -> Answer:
    profile_id = call.id_in_path("id", _no_profile(call))

    async def delete(connection: Connection) -> None:
        there = await _profile(call, connection, profile_id, lock=True)
        check_match(call.if_match, there.revision)
        await rows.delete_profile(connection, there.id)

    await call.database(delete)
    await _taken_up(call, None)
    return Answer(status=204)


def _check_patterns(*patterns: str | None) -> None:
    if not any(patterns):
        raise NotValid([("", "name at least one of `vendor`, `model` and `firmware`")])


async def _profile(call: Call[Any, Any], connection: Connection, profile_id: UUID, *, lock: bool = False) -> ProfileRow:
    row = await rows.get_profile(connection, profile_id, lock=lock)
    if row is None:
        raise _no_profile(call)
    return row


def _no_profile(call: Call[Any, Any]) -> ApiProblem:
    return ApiProblem("unknown_model_profile", f"no model profile has the id {call.path['id'][:64]!r}")


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
