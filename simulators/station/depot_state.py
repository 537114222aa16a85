"""A battery in a slot of a swap station."""

import attrs


@attrs.define
class Battery:
    """`soc` and `soh` in percent."""

    serial: str
    soc: float = 100.0
    soh: float = 100.0
