"""PATCH /sessions/{id}: what a station is told with the answer to the session's next event (OCPP 2.x, E and I).

Limits are those of OCPP 2.1 (E16), costs and messages are told by both 2.x versions.
"""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from actors.session.instructions import Instruction
from protocol.ocpp.version import Version
from storage.web.display import variable_values
from storage.web.sessions import SessionRow, get_session
from storage.web.stations import find_station
from web.api.bodies.display import Amount, MessageText
from web.api.call import Answer, Call
from web.api.route import NoQuery, Route
from web.api.sessions import SessionView, found_session, shown_session
from web.problems import ApiProblem

_NAMES = {"max_cost": "maxCost", "max_energy_wh": "maxEnergy", "max_time_s": "maxTime", "max_soc": "maxSoC"}


class Limit(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """When the station shall end the session. A limit goes only by a higher one (E16.FR.17)."""

    max_cost: Amount | UnsetType = UNSET
    max_energy_wh: Annotated[float, Meta(gt=0, le=1e9)] | UnsetType = UNSET
    max_time_s: Annotated[int, Meta(ge=1, le=31_536_000)] | UnsetType = UNSET
    max_soc: Annotated[int, Meta(ge=0, le=100)] | UnsetType = UNSET


class SessionPatch(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What the next answer says. `messages`: one for each language, the main one first."""

    limit: Limit | UnsetType = UNSET
    charging_priority: Annotated[int, Meta(ge=-9, le=9)] | UnsetType = UNSET
    total_cost: Amount | UnsetType = UNSET
    messages: Annotated[list[MessageText], Meta(min_length=1, max_length=5)] | UnsetType = UNSET


async def patch_session(call: Call[NoQuery, SessionPatch]) -> Answer:
    session = await found_session(call)
    wish = _wish(call.body)
    if wish:
        await _tell(call, session, wish)
    row = await call.database(lambda connection: get_session(connection, session.id))
    return Answer(shown_session(call, row or session))


def _wish(body: SessionPatch) -> dict[str, Any]:
    """As `actors.session.instructions` has it."""
    wish: dict[str, Any] = {}
    if body.limit is not UNSET:
        wish["limit"] = msgspec.to_builtins(body.limit)
    if body.charging_priority is not UNSET:
        wish["priority"] = body.charging_priority
    if body.total_cost is not UNSET:
        wish["total_cost"] = body.total_cost
    if body.messages is not UNSET:
        plain = msgspec.to_builtins(body.messages)
        wish["messages"] = [{name: value for name, value in text.items() if value is not None} for text in plain]
    return wish


async def _tell(call: Call[Any, Any], session: SessionRow, wish: dict[str, Any]) -> None:
    station = await call.database(
        lambda connection: find_station(connection, str(session.station_id), call.tenant.slug)
    )
    if station is None or session.status != "active":
        raise ApiProblem("session_over", "the session has ended: its station is told nothing more of it")
    live = call.context.stations.live(session.station_id)
    version = live.version if live is not None else station.config.ocpp_version
    if version is Version.V16:
        raise ApiProblem("not_supported", "OCPP 1.6 has no answer that could say this")
    if "limit" in wish:
        await _check_limit(call, session, version, wish["limit"])
    if not await call.context.stations.instruct(station.config, Instruction(session.id, "wish", wish)):
        raise ApiProblem("session_over", "the session has ended meanwhile")


async def _check_limit(
    call: Call[Any, Any], session: SessionRow, version: Version | None, limit: dict[str, Any]
) -> None:
    """Only what the station says it can keep to (E16.FR.12)."""
    if version is Version.V201:
        raise ApiProblem("not_supported", "transaction limits came with OCPP 2.1; this station speaks 2.0.1")
    found = await call.database(
        lambda connection: variable_values(connection, session.station_id, "TxCtrlr", "SupportedLimits")
    )
    told = found.get("supportedlimits")
    if told is None:
        raise ApiProblem(
            "not_supported", "it is not known which limits the station supports: read TxCtrlr/SupportedLimits first "
            "(POST /stations/{station}/variables/read)"
        )  # fmt: skip
    supported = {name.strip().casefold() for name in told.split(",")}
    wrong = [name for name in limit if _NAMES[name].casefold() not in supported]
    if wrong:
        raise ApiProblem(
            "not_supported", f"the station supports these limits: {told}",
            errors=[(f"/limit/{name}", "not supported by the station") for name in wrong],
        )  # fmt: skip


ROUTES = [
    Route("PATCH", "/sessions/{id}", patch_session, "Say what a session's station is told next", {200: SessionView},
          body=SessionPatch, example={"limit": {"max_energy_wh": 20000}}, merge_patch=True,
          problems=("unknown_session", "session_over", "not_supported"),
          description="Told with the answer to the session's next event (OCPP 2.x). Limits need OCPP 2.1 and a station "
                      "that lists them in TxCtrlr/SupportedLimits."),
]
