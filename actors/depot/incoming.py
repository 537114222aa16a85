"""What swap stations say. Pure. OCPP 2.1 Part 2, S03: batteries in, out, or left there."""

from typing import Final

from actors.depot import objects
from actors.station.heard import EMPTY, Heard, Incoming
from actors.station.work import Work
from protocol.events import types as events
from protocol.events.grid import BatterySwapped
from protocol.ocpp import neutral

_WHAT: Final = {"BatteryIn": "in", "BatteryOut": "out", "BatteryOutTimeout": "out_timeout"}


def _swapped(work: Work, heard: Heard) -> neutral.Reply:
    """BatterySwap: `in` (S03.FR.01), `out` (S03.FR.03), `out_timeout`: offered and not taken (S03.FR.06)."""
    told = heard.json
    work.report(heard.station, heard.action, told)
    what, number = _WHAT[told["eventType"]], told["requestId"]
    batteries = [objects.battery_data(each) for each in told["batteryData"]]
    for battery in batteries:
        serial = battery["serial_number"]
        work.object(heard.station, objects.BATTERY, serial, battery | {"request_id": number}, what)
        if what == "out":
            work.matching(objects.BATTERY, {}, keys=[serial], status="out")
    swap = {
        "request_id": number, "what": what, "token": told["idToken"]["idToken"],
        "token_type": told["idToken"]["type"], "batteries": batteries, "at": events.timestamp(work.now),
    }  # fmt: skip
    work.object(heard.station, objects.SWAP, f"{number}/{what}", swap, what)
    swapped = BatterySwapped(
        station_id=heard.station.id, station=heard.station.identity, request_id=number, what=what,
        serial_numbers=[battery["serial_number"] for battery in batteries],
    )  # fmt: skip
    work.event(events.make(swapped))
    return EMPTY


INCOMING: Final[Incoming] = {"BatterySwap": _swapped}
