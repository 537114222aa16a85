"""Grid controls and battery swaps are looked at before they are sent: 422 says why not."""

from datetime import datetime
from typing import Any

from actors.charging.fitting import Told
from actors.ports import StationConfig
from storage.web import charging as rows
from storage.web.tokens import get_token
from web.context import Reads
from web.problems import ApiProblem


async def der_fit(
    arguments: dict[str, Any], reads: Reads, station: StationConfig, now: datetime
) -> dict[str, Any]:
    """A type that the station has told it does not support is not sent (R04.FR.01).

    DC and AC each have their list: of the EVSE's inverter (R01), of the vehicle's and what the station does for it
    (R02, R03.FR.03).
    """
    values = await reads.run_as_tenant(station.tenant_id, lambda connection: rows.told(connection, station.id, None))
    told = Told(values)
    lists = [told.members(f"{name}.modessupported") for name in ("dcderctrlr", "acderctrlr")]
    known = [each for each in lists if each is not None]
    name = arguments["type"]
    if known and not any(name in each for each in known):
        supported = ", ".join(sorted(set().union(*known)))
        raise ApiProblem(
            "invalid_payload", "this station does not support the control; nothing was sent",
            errors=[("/type", f"the station supports {supported}")],
        )  # fmt: skip
    return arguments


async def swap_fit(arguments: dict[str, Any], reads: Reads, station: StationConfig, now: datetime) -> dict[str, Any]:
    """Only a token that may charge is given batteries (S02.FR.03); its type is taken from what is kept of it."""
    uid = arguments["token"]
    row = await reads.run_as_tenant(station.tenant_id, lambda connection: get_token(connection, uid))
    expired = row is not None and row.expires_at is not None and row.expires_at <= now
    if row is None or row.status != "accepted" or expired:
        why = "is not known" if row is None else "has expired" if expired else f"is {row.status}"
        raise ApiProblem(
            "invalid_payload", "batteries are given to accepted tokens only (S02.FR.03); nothing was sent",
            errors=[("/token", f"{uid[:64]!r} {why}")],
        )  # fmt: skip
    return arguments | {"token": row.uid, "token_type": row.type}

