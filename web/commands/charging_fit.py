"""Charging profiles are held against what the station holds and has told before they are sent: 422 says why not."""

from datetime import datetime
from typing import Any
from uuid import UUID

import attrs
import msgspec
from msgspec import UNSET

from actors.charging.fitting import Held, Told, in_place, misfits
from actors.charging.limits import limit_profile
from actors.charging.profile import Profile, read
from actors.ports import StationConfig
from protocol.ocpp.version import Version
from storage.pool import Connection
from storage.web import charging as rows
from storage.web.objects import get_object
from storage.web.sessions import get_session
from storage.web.stations import read_limits
from web.context import Reads
from web.problems import ApiProblem


@attrs.frozen
class Known:
    """What is known of a station and of the transaction meant."""

    version: Version | None
    transaction: str | None
    held: list[Held]
    told: Told
    needs: dict[str, Any] | None


async def fit(arguments: dict[str, Any], reads: Reads, station: StationConfig, now: datetime) -> dict[str, Any]:
    """A profile that would conflict or that the station cannot take is refused; one without an id gets it.

    A station that never connected is left to the command itself.
    """
    profile = read(arguments["profile"])
    evse = arguments.get("evse") or 0

    async def look(connection: Connection) -> Known:
        limits = await read_limits(connection, station.id)
        held = [Held.of(data) for data in await rows.held(connection, station.id)]
        told = Told(await rows.told(connection, station.id, evse))
        needs = await get_object(connection, station.id, "charging_needs", str(evse))
        asked = None if needs is None or needs.removed_at is not None else needs.data
        transaction = await _transaction(connection, arguments)
        return Known(limits.version or station.ocpp_version, transaction, held, told, asked)

    known = await reads.run_as_tenant(station.tenant_id, look)
    if known.version is None:
        return arguments
    profile = _with_id(profile, evse, known)
    wrong = misfits(
        known.version, evse, profile, known.transaction, known.held, known.told, known.needs, station.settings
    )
    if wrong:
        raise ApiProblem("invalid_payload", "this station cannot take the profile; nothing was sent", errors=wrong)
    return arguments | {"profile": profile}


async def limit_fit(arguments: dict[str, Any], reads: Reads, station: StationConfig, now: datetime) -> dict[str, Any]:
    """The `limit` command's profile looked at like any other; how its model takes it is seen to when it is sent.

    K02.FR.01: limits are kept by charging profiles. What it lifts needs no look.
    """
    made = limit_profile(arguments, now)
    if made is None:
        return arguments
    evse = arguments.get("evse") or 0

    async def look(connection: Connection) -> list[tuple[str, str]]:
        limits = await read_limits(connection, station.id)
        version = limits.version or station.ocpp_version
        if version is None:
            return []
        held = [Held.of(data) for data in await rows.held(connection, station.id)]
        return misfits(version, evse, made, None, held, Told(await rows.told(connection, station.id, evse)), None, {})

    wrong = await reads.run_as_tenant(station.tenant_id, look)
    if wrong:
        field = "/current_a" if made.schedules[0].unit == "A" else "/power_w"
        named = [(field if at.endswith("/unit") else "", what) for at, what in wrong]
        raise ApiProblem("invalid_payload", "this station cannot take the limit; nothing was sent", errors=named)
    return arguments


async def _transaction(connection: Connection, arguments: dict[str, Any]) -> str | None:
    """The station's transaction id, by itself or by our session."""
    wanted = arguments.get("session")
    if wanted is None:
        return arguments.get("transaction_id")
    session = await get_session(connection, UUID(str(wanted)))
    return None if session is None else session.transaction_id


def _with_id(profile: Profile, evse: int, known: Known) -> Profile:
    """A profile without an id takes that of the one in its place, which it replaces (K01.FR.05)."""
    if profile.id is not UNSET:
        return profile
    found = in_place(known.held, evse, profile, known.transaction)
    return profile if found is None else msgspec.structs.replace(profile, id=found)
