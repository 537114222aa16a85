"""How much flows through an outlet now: the least of vehicle, outlet and limit, and why it is not more."""

import enum
from decimal import Decimal

import attrs

from simulators.station.config import VOLTAGE, Outlet
from simulators.station.limits import Limit
from simulators.station.meter import Meter, Reading
from simulators.station.vehicle import Vehicle


class ChargingState(enum.StrEnum):
    """The charging states of OCPP 2.x (ChargingStateEnumType), which 1.6 knows as connector statuses."""

    IDLE = "Idle"
    EV_CONNECTED = "EVConnected"
    CHARGING = "Charging"
    SUSPENDED_EV = "SuspendedEV"
    SUSPENDED_EVSE = "SuspendedEVSE"


@attrs.frozen
class Flow:
    """What flows: power in W, current in A per phase, and what the station offers in A per phase."""

    state: ChargingState
    watts: float = 0.0
    amps: float = 0.0
    phases: int = 0
    offered_amps: float = 0.0


NO_FLOW = Flow(ChargingState.IDLE)


def flow_now(outlet: Outlet, vehicle: Vehicle, limit: Limit) -> Flow:
    """The flow while a transaction is open and nothing is broken. Negative power feeds back into the grid."""
    if limit.discharge_watts > 0 and vehicle.max_discharge_watts > 0 and vehicle.soc > vehicle.min_soc:
        watts = min(limit.discharge_watts, vehicle.max_discharge_watts, outlet.max_watts)
        phases = max(1, min(vehicle.phases, outlet.phases))
        return Flow(ChargingState.CHARGING, -watts, -watts / (VOLTAGE * phases), phases)
    return _dc_flow(outlet, vehicle, limit) if outlet.dc else _ac_flow(outlet, vehicle, limit)


def _ac_flow(outlet: Outlet, vehicle: Vehicle, limit: Limit) -> Flow:
    phases = max(1, min(vehicle.phases, outlet.phases, limit.phases or 3))
    offered = min(outlet.max_amps, limit.amps_per_phase(phases, VOLTAGE))
    if offered < vehicle.min_amps:
        # IEC 61851 cannot offer less than 6 A: below that the station pauses the vehicle.
        return Flow(ChargingState.SUSPENDED_EVSE, phases=phases, offered_amps=offered)
    if vehicle.full:
        return Flow(ChargingState.SUSPENDED_EV, phases=phases, offered_amps=offered)
    wish = max(vehicle.min_amps, vehicle.wish_watts(dc=False) / (VOLTAGE * phases))
    amps = min(offered, wish)
    return Flow(ChargingState.CHARGING, amps * VOLTAGE * phases, amps, phases, offered)


def _dc_flow(outlet: Outlet, vehicle: Vehicle, limit: Limit) -> Flow:
    offered = min(outlet.max_watts, limit.total_watts(outlet.phases, VOLTAGE))
    pack_voltage = 360 + 0.8 * vehicle.soc
    if offered <= 0:
        return Flow(ChargingState.SUSPENDED_EVSE, phases=outlet.phases)
    if vehicle.full:
        return Flow(ChargingState.SUSPENDED_EV, phases=outlet.phases, offered_amps=offered / pack_voltage)
    watts = min(offered, vehicle.wish_watts(dc=True))
    return Flow(ChargingState.CHARGING, watts, watts / pack_voltage, outlet.phases, offered / pack_voltage)


def readings(outlet: Outlet, meter: Meter, flow: Flow, vehicle: Vehicle | None) -> tuple[Reading, ...]:
    """All that can be measured now: register, power, current and voltage per phase, offer, state of charge."""
    found = [
        Reading("Energy.Active.Import.Register", meter.register_wh.quantize(Decimal("0.1")), "Wh"),
        Reading("Power.Active.Import", _tenth(max(0.0, flow.watts)), "W"),
        Reading("Current.Offered", _tenth(flow.offered_amps), "A"),
    ]
    if outlet.dc:
        volts = flow.watts / flow.amps if flow.amps else 0.0
        found += [Reading("Current.Import", _tenth(flow.amps), "A"), Reading("Voltage", _tenth(volts), "V")]
    else:
        for phase in range(1, outlet.phases + 1):
            amps = flow.amps if phase <= flow.phases else 0.0
            found.append(Reading("Current.Import", _tenth(amps), "A", f"L{phase}"))
            found.append(Reading("Voltage", _tenth(VOLTAGE), "V", f"L{phase}-N"))
    if meter.exported.joules > 0 or flow.watts < 0:
        exported = meter.exported.register_wh.quantize(Decimal("0.1"))
        found.append(Reading("Energy.Active.Export.Register", exported, "Wh"))
        found.append(Reading("Power.Active.Export", _tenth(max(0.0, -flow.watts)), "W"))
    if vehicle is not None:
        found.append(Reading("SoC", _tenth(vehicle.soc), "Percent"))
    return tuple(found)


def _tenth(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.1"))
