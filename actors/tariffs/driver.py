"""A driver's own tariff, told with the authorization. Pure. OCPP 2.1 Part 2, I01, I08.

Setting `driver_tariffs` of a station: {token or its group: TariffType}. Set it for stations that know tariffs, and for
no others (I01.FR.02; `TariffCostCtrlr`, `Available[Tariff]`). What is shown in words is the token's message.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from actors.station.state import StationState
from protocol.ocpp import neutral
from protocol.ocpp.version import Version

SETTING: Final = "driver_tariffs"
_LONGEST_ID: Final = 60
_canonical = msgspec.json.Encoder(order="sorted").encode


def with_tariff(
    version: Version, state: StationState, message: neutral.AuthorizeAsked, reply: neutral.Reply
) -> neutral.Reply:
    """I08.FR.01: the answer to an accepted token brings the tariff that is its own, or its group's."""
    kept = state.settings.get(SETTING)
    if version is not Version.V21 or not kept or not isinstance(reply, neutral.AuthorizeReply):
        return reply
    if reply.verdict.status != "accepted":
        return reply
    group = reply.verdict.group
    tariffs = {uid.casefold(): tariff for uid, tariff in kept.items()}
    names = [message.token.uid, *([group.uid] if group is not None else [])]
    found = next((tariffs[name.casefold()] for name in names if name.casefold() in tariffs), None)
    return reply if found is None else replace(reply, tariff=told(found))


def told(tariff: Mapping[str, Any]) -> dict[str, Any]:
    """As it is sent: without `validFrom` (I08.FR.09), and other contents under another id (I08.FR.08)."""
    content = {name: value for name, value in tariff.items() if name not in ("validFrom", "tariffId")}
    mark = sha256(_canonical(content)).hexdigest()[:8]
    return {"tariffId": f"{str(tariff['tariffId'])[: _LONGEST_ID - 9]}-{mark}", **content}
