"""The command of depots: a battery swap."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from web.api.bodies.base import Command, Commands, Examples
from web.api.fields import Label


class BatterySwap(Command, frozen=True, kw_only=True):
    """Asks a swap station to take in a token's batteries and give others; `request_id` ties what follows to it."""

    token: Label
    request_id: Annotated[int, Meta(ge=0, le=2**31 - 1)] | UnsetType = UNSET


COMMANDS: Commands = {"battery-swap": BatterySwap}
EXAMPLES: Examples = {"battery-swap": {"token": "04A2B3C4"}}
