"""A battery swap station: slots are EVSEs, batteries go in and come out. OCPP 2.1 Part 2, S01 to S03."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from simulators.station.acting import Acts
from simulators.station.charging import NotPossible
from simulators.station.depot_state import Battery
from simulators.station.dialect import Handler
from simulators.station.outbox import JsonObject, Outgoing

if TYPE_CHECKING:
    from simulators.station.station import Station

TARGET_SOC: Final = 80.0  # what a battery must have to be given out (S04.FR.05)
IN_AFTER_S: Final = 5.0
OUT_AFTER_S: Final = 10.0


def _requested(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """RequestBatterySwap: a used battery comes in, a full one goes out (S02.FR.01, S02.FR.02, S02.FR.04)."""
    full = _full(station)
    free = next((slot for slot in station.outlets if slot not in station.slots), None)
    if full is None or free is None:
        return {"status": "Rejected", "statusInfo": {"reasonCode": "NoBatteryAvailable"}}
    number, token = payload["requestId"], payload["idToken"]
    used = Battery(f"USED-{number}", 12.0, 91.0)
    station.after(IN_AFTER_S, lambda at: put_in(station, free, used, number, token, at))
    station.after(OUT_AFTER_S, lambda at: take_out(station, full, number, token, at))
    return {"status": "Accepted"}


def _full(station: "Station") -> int | None:
    return next((slot for slot, battery in station.slots.items() if battery.soc >= TARGET_SOC), None)


def put_in(station: "Station", slot: int, battery: Battery, number: int, token: JsonObject, now: datetime) -> None:
    """BatteryIn (S03.FR.01)."""
    if slot not in station.outlets:
        raise NotPossible(f"there is no slot {slot}")
    if slot in station.slots:
        raise NotPossible(f"slot {slot} holds {station.slots[slot].serial}")
    station.slots[slot] = battery
    _tell(station, "BatteryIn", slot, battery, number, token)


def take_out(
    station: "Station", slot: int, number: int, token: JsonObject, now: datetime, *, left: bool = False
) -> None:
    """BatteryOut (S03.FR.03), or BatteryOutTimeout when it was offered and `left` there (S03.FR.06)."""
    battery = station.slots.get(slot)
    if battery is None:
        raise NotPossible(f"slot {slot} holds no battery")
    if not left:
        del station.slots[slot]
    _tell(station, "BatteryOutTimeout" if left else "BatteryOut", slot, battery, number, token)


def _tell(station: "Station", event: str, slot: int, battery: Battery, number: int, token: JsonObject) -> None:
    data = {"evseId": slot, "serialNumber": battery.serial, "soC": battery.soc, "soH": battery.soh}
    payload = {"eventType": event, "requestId": number, "idToken": token, "batteryData": [data]}
    station.outbox.put(Outgoing("BatterySwap", lambda: payload))


def _act_in(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act battery-in SLOT SERIAL SOC REQUEST TOKEN`: a battery is put in."""
    slot, battery, number, token = _read(words, "battery-in SLOT SERIAL SOC REQUEST TOKEN", 5)
    put_in(station, slot, Battery(battery[0], float(battery[1])), number, token, now)


def _act_out(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act battery-out SLOT REQUEST TOKEN`: a battery is taken out."""
    slot, _, number, token = _read(words, "battery-out SLOT REQUEST TOKEN", 3)
    take_out(station, slot, number, token, now)


def _act_left(station: "Station", words: Sequence[str], now: datetime) -> None:
    """`act battery-left SLOT REQUEST TOKEN`: a battery was offered and left there."""
    slot, _, number, token = _read(words, "battery-left SLOT REQUEST TOKEN", 3)
    take_out(station, slot, number, token, now, left=True)


def _read(words: Sequence[str], usage: str, count: int) -> tuple[int, Sequence[str], int, JsonObject]:
    """(slot, what stands between, request, token)."""
    try:
        slot, between, number, token = int(words[0]), words[1:-2], int(words[-2]), words[-1]
        if len(words) != count or (between and not 0 <= float(between[1]) <= 100):
            raise ValueError(usage)
    except (IndexError, ValueError):
        raise NotPossible(f"write: {usage}") from None
    return slot, between, number, {"idToken": token, "type": "ISO14443"}


ACTS: Final[Acts] = {"battery-in": _act_in, "battery-out": _act_out, "battery-left": _act_left}
HANDLERS: Final[dict[str, Handler]] = {"RequestBatterySwap": _requested}
