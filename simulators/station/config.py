"""What a simulated station is: its plate and its outlets. Nothing here changes while it runs."""

from collections.abc import Mapping

import attrs

from protocol.ocpp.version import Version

VOLTAGE = 230


@attrs.frozen
class Outlet:
    """One EVSE with one connector. An AC outlet is limited by `max_amps` per phase, a DC outlet by `max_watts`."""

    number: int
    phases: int = 3
    max_amps: float = 32.0
    max_watts: float = 22_080.0
    dc: bool = False
    connector_type: str = "cType2"


@attrs.frozen
class StationConfig:
    """Identity, plate and outlets of one station. `seed` makes its random choices repeatable."""

    identity: str
    version: Version
    vendor: str = "Voltyard"
    model: str = "Simulator"
    serial: str = ""
    firmware: str = "1.0.0"
    outlets: tuple[Outlet, ...] = (Outlet(1),)
    password: str | None = None
    seed: int | None = None
    extra_variables: int = 0  # of the device model, beyond those that mean something (2.x)
    variables_a_part: int = 20
    profile_urls: Mapping[int, str] = attrs.field(factory=dict)  # by security profile (1.6)


def make_outlets(count: int, *, dc: bool = False, max_amps: float = 32.0, max_watts: float = 150_000.0,
                 phases: int = 3) -> tuple[Outlet, ...]:
    """`count` equal outlets, numbered from 1; amperes count for AC and watts for DC."""
    if count < 1:
        raise ValueError(f"a station needs at least one EVSE, not {count}")
    if dc:
        return tuple(Outlet(n, 3, 500.0, max_watts, True, "cCCS2") for n in range(1, count + 1))
    watts = max_amps * VOLTAGE * phases
    return tuple(Outlet(n, phases, max_amps, watts) for n in range(1, count + 1))
