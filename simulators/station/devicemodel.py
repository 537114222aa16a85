"""The device model of 2.x: variables read, written and reported (OCPP 2.0.1 Part 2, B05 to B08)."""

from datetime import datetime
from typing import TYPE_CHECKING

from simulators.station import conduct, settings
from simulators.station.outbox import JsonObject, Outgoing
from simulators.station.settings import Access, Change, Row

if TYPE_CHECKING:
    from simulators.station.station import Station

_ENDLESS_PARTS = 200  # enough to be a nuisance
_PER_COMPONENT = 50
Entry = tuple[JsonObject, JsonObject, str, str, str, str | None]


def get_variables(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """GetVariables, item by item."""
    return {"getVariableResult": [_read(station, item) for item in payload["getVariableData"]]}


def set_variables(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """SetVariables, item by item; a new password makes the station reconnect with it (A01)."""
    return {"setVariableResult": [_write(station, item) for item in payload["setVariableData"]]}


def get_base_report(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """GetBaseReport: answered, then reported in NotifyReport messages."""
    everything = _inventory(station)
    if payload["reportBase"] == "ConfigurationInventory":
        everything = [entry for entry in everything if entry[4] != Access.READ.value]
    _report(station, payload["requestId"], everything, now)
    return {"status": "Accepted"}


def get_report(station: "Station", payload: JsonObject, now: datetime) -> JsonObject:
    """GetReport by component and variable; criteria about problems find nothing in a healthy simulator."""
    wanted = payload.get("componentVariable")
    found = _inventory(station)
    if payload.get("componentCriteria") and "Problem" in payload["componentCriteria"]:
        found = []
    if wanted is not None:
        found = [entry for entry in found if any(_matches(entry, item) for item in wanted)]
    if not found:
        return {"status": "EmptyResultSet"}
    _report(station, payload["requestId"], found, now)
    return {"status": "Accepted"}


def _matches(entry: Entry, item: JsonObject) -> bool:
    variable = item.get("variable")
    same_component = str(entry[0]["name"]).lower() == str(item["component"]["name"]).lower()
    return same_component and (variable is None or entry[1]["name"].lower() == str(variable["name"]).lower())


def _find(station: "Station", item: JsonObject) -> tuple[Row | None, str]:
    component, variable = item["component"], item["variable"]
    row = station.settings.by_variable(component["name"], variable["name"], variable.get("instance"),
                                       (component.get("evse") or {}).get("id"))
    if row is not None:
        return row, "Accepted"
    known = station.settings.has_component(component["name"])
    return None, "UnknownVariable" if known else "UnknownComponent"


def _read(station: "Station", item: JsonObject) -> JsonObject:
    result: JsonObject = {"component": item["component"], "variable": item["variable"]}
    if "attributeType" in item:
        result["attributeType"] = item["attributeType"]
    live = _live(station, item)
    row, status = _find(station, item)
    if item.get("attributeType", "Actual") != "Actual" and (row is not None or live is not None):
        return result | {"attributeStatus": "NotSupportedAttributeType"}
    if live is not None:
        return result | {"attributeStatus": "Accepted", "attributeValue": live}
    if row is None:
        return result | {"attributeStatus": status}
    if row.access is Access.WRITE:
        return result | {"attributeStatus": "Rejected"}
    return result | {"attributeStatus": "Accepted", "attributeValue": station.settings.text(row)}


def _write(station: "Station", item: JsonObject) -> JsonObject:
    result: JsonObject = {"component": item["component"], "variable": item["variable"]}
    if "attributeType" in item:
        result["attributeType"] = item["attributeType"]
    row, status = _find(station, item)
    if row is None:
        return result | {"attributeStatus": "Rejected" if _live(station, item) is not None else status}
    if item.get("attributeType", "Actual") != "Actual":
        return result | {"attributeStatus": "NotSupportedAttributeType"}
    change = station.settings.change(row, item["attributeValue"])
    if row is settings.PASSWORD and change is Change.ACCEPTED:
        station.wants_relink = True
    return result | {"attributeStatus": change.value}


def _live(station: "Station", item: JsonObject) -> str | None:
    """Variables that follow from the state of an outlet: AvailabilityState, Available and Power; and made-up ones."""
    made_up = _extra_value(station, item)
    if made_up is not None:
        return made_up
    for component, variable, value, *_rest in _outlet_entries(station):
        wanted = item["component"]
        same = (component["name"], component["evse"]["id"]) == (wanted["name"], (wanted.get("evse") or {}).get("id"))
        if same and variable["name"] == item["variable"]["name"]:
            return value
    return None


def _outlet_entries(station: "Station") -> list[Entry]:
    found: list[Entry] = []
    for outlet in station.outlets.values():
        evse, connector = {"id": outlet.number}, {"id": outlet.number, "connectorId": 1}
        short = outlet.status.value if outlet.status.value in ("Available", "Reserved", "Unavailable", "Faulted") \
            else "Occupied"
        of_evse: JsonObject = {"name": "EVSE", "evse": evse}
        of_connector: JsonObject = {"name": "Connector", "evse": connector}
        kind = outlet.outlet.connector_type
        found += [
            (of_evse, {"name": "Available"}, "true", "boolean", "ReadOnly", None),
            (of_evse, {"name": "AvailabilityState"}, short, "OptionList", "ReadOnly", None),
            (of_evse, {"name": "SupplyPhases"}, str(outlet.outlet.phases), "integer", "ReadOnly", None),
            (of_evse, {"name": "Power"}, f"{outlet.flow.watts:.1f}", "decimal", "ReadOnly", "W"),
            (of_connector, {"name": "Available"}, "true", "boolean", "ReadOnly", None),
            (of_connector, {"name": "AvailabilityState"}, short, "OptionList", "ReadOnly", None),
            (of_connector, {"name": "ConnectorType"}, kind, "string", "ReadOnly", None),
            (of_connector, {"name": "SupplyPhases"}, str(outlet.outlet.phases), "integer", "ReadOnly", None),
        ]
    return found


def _inventory(station: "Station") -> list[Entry]:
    found: list[Entry] = []
    for row in station.settings.rows:
        if row.component is None or row.variable is None:
            continue
        variable: JsonObject = {"name": row.variable} | ({"instance": row.instance} if row.instance else {})
        value = "" if row.access is Access.WRITE else station.settings.text(row)
        component: JsonObject = {"name": row.component} | ({"evse": {"id": row.evse}} if row.evse else {})
        found.append((component, variable, value, row.kind, row.access.value, row.unit))
    return found + _outlet_entries(station) + _extra_entries(station)


def _extra_entries(station: "Station") -> list[Entry]:
    """As many more as the station was made with, spread over components."""
    found: list[Entry] = []
    for number in range(station.config.extra_variables):
        component: JsonObject = {"name": "Sensor", "instance": str(number // _PER_COMPONENT + 1)}
        variable: JsonObject = {"name": f"Reading{number % _PER_COMPONENT + 1}"}
        found.append((component, variable, str(number), "integer", "ReadOnly", None))
    return found


def _extra_value(station: "Station", item: JsonObject) -> str | None:
    instance, name = str(item["component"].get("instance")), str(item["variable"]["name"])
    if item["component"]["name"] != "Sensor" or not instance.isdecimal() or not name.startswith("Reading"):
        return None
    place = name.removeprefix("Reading")
    if not place.isdecimal() or not 1 <= int(place) <= _PER_COMPONENT:
        return None
    number = (int(instance) - 1) * _PER_COMPONENT + int(place) - 1
    return str(number) if 0 <= number < station.config.extra_variables else None


def _report(station: "Station", request: int, entries: list[Entry], now: datetime) -> None:
    """In parts; badly behaved in another order, with some left out, or without an end."""
    size = station.config.variables_a_part
    chunks = [entries[at:at + size] for at in range(0, len(entries), size)] or [[]]
    endless = conduct.REPORT_ENDLESS in station.manners
    parts = list(enumerate(chunks)) if not endless else [(n, chunks[n % len(chunks)]) for n in range(_ENDLESS_PARTS)]
    if conduct.REPORT_GAPS in station.manners:
        parts = [part for part in parts if part[0] % 3 != 1]
    if conduct.REPORT_SHUFFLED in station.manners:
        station.random.shuffle(parts)
    for number, chunk in parts:
        payload: JsonObject = {"requestId": request, "generatedAt": station.stamp(now), "seqNo": number,
                               "tbc": endless or number < len(chunks) - 1}
        if chunk:
            payload["reportData"] = [_datum(entry, _most(station, entry)) for entry in chunk]
        _send(station, payload)


def _send(station: "Station", payload: JsonObject) -> None:
    station.outbox.put(Outgoing("NotifyReport", lambda: payload))


def _most(station: "Station", entry: Entry) -> float | None:
    """EVSE.Power, maxLimit: what the outlet delivers at most, in W."""
    component, variable, *_ = entry
    if (component["name"], variable["name"]) != ("EVSE", "Power"):
        return None
    outlet = station.outlets[component["evse"]["id"]].outlet
    return outlet.max_watts if outlet.dc else min(outlet.max_watts, outlet.max_amps * 230.0 * outlet.phases)


def _datum(entry: Entry, most: float | None = None) -> JsonObject:
    component, variable, value, kind, access, unit = entry
    attribute: JsonObject = {"mutability": access}
    if access != Access.WRITE.value:
        attribute["value"] = value
    traits: JsonObject = {"dataType": kind, "supportsMonitoring": False} | ({"unit": unit} if unit else {})
    if most is not None:
        traits["maxLimit"] = most
    return {"component": component, "variable": variable, "variableAttribute": [attribute],
            "variableCharacteristics": traits}
