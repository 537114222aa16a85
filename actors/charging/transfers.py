"""Which energy transfers a token may use, as an authorization says it. Pure. OCPP 2.1 Part 2, Q01.FR.01.

Settings of a station: `driver_energy_transfers`, {token or its group: names}, and for all others
`allowed_energy_transfer`. Set them for stations that speak ISO 15118 and feed back; others have no use for them.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from actors.station.state import StationState
from protocol.ocpp import neutral
from protocol.ocpp.version import Version


def transfers_of(state: StationState, names: Sequence[str]) -> tuple[str, ...]:
    """What who has these names (a token, its group) may use there; none: nothing is said of it."""
    listed = _drivers(state)
    own = next((listed[name.casefold()] for name in names if name.casefold() in listed), None)
    return tuple(own or state.settings.get("allowed_energy_transfer") or ())


def with_transfers(
    version: Version, state: StationState, message: neutral.AuthorizeAsked, reply: neutral.Reply
) -> neutral.Reply:
    """The reply to an accepted token with its list, or the station's. Without one, none (Q01.FR.08, Q02.FR.03)."""
    if version is not Version.V21 or not isinstance(reply, neutral.AuthorizeReply):
        return reply
    if reply.verdict.status != "accepted":
        return reply
    group = reply.verdict.group
    names = [message.token.uid, *([group.uid] if group is not None else [])]
    transfers = transfers_of(state, names)
    return replace(reply, allowed_energy_transfer=transfers) if transfers else reply


def may_use(state: StationState, token: str | None, transfer: str) -> bool:
    """Whether the session of that token may ask for this transfer (K18.FR.22, Q01.FR.04).

    A session does not say its token's group: who is not named may be of any group that is.
    """
    drivers = _drivers(state)
    everybody = state.settings.get("allowed_energy_transfer") or ()
    if token is not None and token.casefold() in drivers:
        return transfer in drivers[token.casefold()]
    return not everybody or transfer in everybody or any(transfer in transfers for transfers in drivers.values())


def _drivers(state: StationState) -> dict[str, list[str]]:
    listed = state.settings.get("driver_energy_transfers") or {}
    return {uid.casefold(): transfers for uid, transfers in listed.items()}
