"""What a charge-point actor is told: one class a kind of message, and how what they bring is shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from actors.ports import StationConfig
from actors.session.instructions import Instruction
from actors.session.notices import whole_wh
from actors.station.attachment import Attached
from actors.station.face import Ending, LiveSession
from actors.station.who import Station
from protocol.ocpp import events as wire
from protocol.ocpp import neutral


class Frame(msgspec.Struct, frozen=True, gc=False):
    """One text from the station; bytes when it was not valid UTF-8."""

    attached: Attached
    text: str | bytes


class Broken(msgspec.Struct, frozen=True):
    """A frame that was no message: `text` is the beginning of its bytes, `code` how the link ends."""

    attached: Attached
    text: bytes
    code: int
    reason: str


class Connected(msgspec.Struct, frozen=True):
    """A connection with the configuration as it now is, and perhaps another version."""

    attached: Attached
    config: StationConfig
    station: Station


class Disconnected(msgspec.Struct, frozen=True):
    """`attempt`: how often it could not be stored so far."""

    ending: Ending
    attempt: int = 0


class Reconfigured(msgspec.Struct, frozen=True):
    config: StationConfig


class Instructed(msgspec.Struct, frozen=True):
    """Something is wanted of a session."""

    instruction: Instruction


class TimePassed(msgspec.Struct, frozen=True):
    """A deadline of the state may have come."""


class Consulted(msgspec.Struct, frozen=True):
    """Somebody outside has been asked about a request, which can now be decided; `answer` None: nothing was heard."""

    attached: Attached
    event: wire.CallReceived
    text: str | bytes
    message: neutral.Message
    received: datetime
    answer: Any


Letter = Frame | Broken | Consulted | Connected | Disconnected | Reconfigured | Instructed | TimePassed


def shown(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "backslashreplace")


def storable_id(message_id: str | None) -> str | None:
    return (
        None if message_id is None else message_id[:100].replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    )


def live_session(station_id: UUID, session: Any) -> LiveSession:
    """The newest of a session for readers ahead of its row."""
    return LiveSession(
        session.id,
        station_id,
        whole_wh(session.imported.total),
        whole_wh(session.exported.total),
        session.power_w,
        session.soc,
        session.last_reading_at or session.last_received_at,
    )
