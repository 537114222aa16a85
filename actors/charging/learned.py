"""What the answers to our smart-charging calls tell of what a station holds. Pure.

OCPP 1.6, 5.5, 5.7, 5.16; OCPP 2.0.1 and 2.1 Part 2: K01 to K05, K08 to K10, K28.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from actors.charging import objects
from actors.records import Record
from actors.station.exchange import Exchange, Learned
from protocol.events.types import timestamp


def _set(exchange: Exchange) -> Iterator[Record]:
    """SetChargingProfile, accepted: the station holds it. A 1.6 station has replaced what stood in its place."""
    if not exchange.accepted or not isinstance(exchange.request, Mapping):
        return
    request = exchange.request
    profile = request.get("csChargingProfiles") or request.get("chargingProfile")
    evse = request.get("connectorId", request.get("evseId"))
    if isinstance(profile, Mapping) and isinstance(evse, int):
        yield from _installed(exchange, profile, evse, replaces="csChargingProfiles" in request)


def _installed(exchange: Exchange, profile: Mapping[str, Any], evse: int, *, replaces: bool) -> Iterator[Record]:
    try:
        data = objects.profile_data(profile, evse, set_by=exchange.requested_by, at=exchange.at)
    except (KeyError, TypeError, ValueError):
        return  # sent unchecked, so that it may be anything; the station will report what it made of it
    data["command_id"] = None if exchange.id is None else str(exchange.id)
    key = str(data["id"])
    if replaces:  # OCPP 1.6, 5.16.2
        place = {"evse": evse, "purpose": data["purpose"], "stack_level": data["stack_level"]}
        yield exchange.matching(objects.PROFILE, place, keep=[key])
    yield from exchange.object(objects.PROFILE, key, data, "installed")


def _started(exchange: Exchange) -> Iterator[Record]:
    """A remote start with a profile, accepted (K05): a TxProfile of the transaction that it will be."""
    request = exchange.request
    if not exchange.accepted or not isinstance(request, Mapping):
        return
    profile, evse = request.get("chargingProfile"), request.get("connectorId", request.get("evseId"))
    if isinstance(profile, Mapping) and isinstance(evse, int):
        told = exchange.answer.get("transactionId")
        named = dict(profile) | ({"transactionId": told} if told is not None else {})
        yield from _installed(exchange, named, evse, replaces="idTag" in request)


def _cleared(exchange: Exchange) -> Iterator[Record]:
    """ClearChargingProfile: by id, or all that fits the criteria (K10.FR.03, K10.FR.04; 1.6, 5.5).

    "Unknown": what was meant is not there, whatever we believed (K10.FR.01).
    """
    request = exchange.request
    if exchange.status not in ("Accepted", "Unknown") or not isinstance(request, Mapping):
        return
    number = request.get("chargingProfileId", request.get("id"))
    if isinstance(number, int):
        yield exchange.matching(objects.PROFILE, {"clearable": True}, keys=[str(number)])
        return
    given = request.get("chargingProfileCriteria") or request
    if not isinstance(given, Mapping):
        return  # sent unchecked
    match: dict[str, Any] = {"clearable": True}
    evse = given.get("evseId", given.get("connectorId"))
    if evse is not None:
        match["evse"] = evse
    if given.get("chargingProfilePurpose") is not None:
        match["purpose"] = objects.purpose_of(str(given["chargingProfilePurpose"]))
    if given.get("stackLevel") is not None:
        match["stack_level"] = given["stackLevel"]
    yield exchange.matching(objects.PROFILE, match)


def _asked(exchange: Exchange) -> Iterator[Record]:
    """GetChargingProfiles: there are none of that kind."""
    if exchange.status == "NoProfiles" and isinstance(exchange.request, Mapping):
        for match, keys in objects.meant(exchange.request):
            yield exchange.matching(objects.PROFILE, match, keys=keys)


def _composite(exchange: Exchange) -> Iterator[Record]:
    """GetCompositeSchedule (K08): the answer of any version in one shape."""
    request = exchange.request
    if not exchange.accepted or not isinstance(request, Mapping):
        return
    evse = request.get("evseId", request.get("connectorId", 0))
    data = objects.composite_data(exchange.answer, evse if isinstance(evse, int) else 0)
    if data is not None:
        yield from exchange.object(objects.COMPOSITE, str(data["evse"]), data, "Accepted")


def _pushed(exchange: Exchange) -> Iterator[Record]:
    """UpdateDynamicSchedule, accepted: these values count now (K28.FR.06)."""
    request = exchange.request
    if not exchange.accepted or not isinstance(request, Mapping):
        return
    number, update = request.get("chargingProfileId"), request.get("scheduleUpdate")
    if isinstance(number, int) and isinstance(update, Mapping):
        data = {
            "profile": number, "values": objects.values_of(update), "at": timestamp(exchange.at), "by": "push",
            "source": "push", "pushed_at": timestamp(exchange.at),
        }  # fmt: skip
        yield from exchange.object(objects.DYNAMIC, str(number), data, "active")


LEARN: Final[Learned] = {
    "SetChargingProfile": _set,
    "RequestStartTransaction": _started,
    "RemoteStartTransaction": _started,
    "ClearChargingProfile": _cleared,
    "GetChargingProfiles": _asked,
    "GetCompositeSchedule": _composite,
    "UpdateDynamicSchedule": _pushed,
}
