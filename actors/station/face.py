"""What the gateway and the web layer see of stations: the shapes they pass, and the protocols on both sides.

`Stations` is implemented by actors/station/service.py, `Link` by gateway/link.py, `Outside` by web/live/hub.py.
"""

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import attrs

from actors.ports import StationConfig, StationImage
from actors.session.instructions import Instruction
from protocol.ocpp.version import Version


class Ending(enum.StrEnum):
    """Every way a connection ends has a name, one branch and a counter."""

    PEER_CLOSED = "peer_closed"
    PEER_SILENT = "peer_silent"
    REPLACED = "replaced"
    VIOLATED = "violated"
    REFUSED = "refused"  # deleted, password changed, admission withdrawn: the operator's doing
    STORE_SILENT = "store_silent"  # 1013: a message could not be stored within the deadline
    STOPPING = "stopping"  # 1012
    BUG = "bug"  # 1011


class LinkClosed(Exception):  # noqa: N818 - an ending, not a fault
    """The connection is gone: what was being sent may or may not have arrived."""


class Link(Protocol):
    """One station's connection, as the actor sees it. All writes of a connection go through its one send lock."""

    remote_address: str

    async def send(self, text: str | bytes) -> None:
        """One text message. Raises LinkClosed; has a deadline of its own, past which the link is closed."""

    def close(self, code: int, reason: str, ending: Ending) -> None:
        """Starts closing with that code and reason (cut to 123 bytes) and returns at once; the first ending wins."""


class Attachment(Protocol):
    """A connection that has claimed its station. Its fence is a number that only rises."""

    idle_window: float  # seconds without any frame or pong after which the link is silent (three heartbeat intervals)

    async def receive(self, text: str | bytes) -> None:
        """Handles one message to the end: decoded, decided, stored, answered. bytes when the text was not valid UTF-8.

        Never raises for what a station sends; a bug of ours closes this link (1011), is logged and counted.
        Returns without doing anything when a newer connection holds the station.
        """

    async def violated(self, code: int, reason: str, raw: bytes) -> None:
        """The link ends with this WebSocket code since a frame broke the rules; `raw` is the beginning of that frame.

        Writes it down and never raises.
        """

    async def detach(self, ending: Ending) -> None:
        """The link is gone. Removes only itself: does nothing to a newer connection."""


@attrs.frozen
class LiveConnector:
    evse: int
    connector: int
    status: str
    error: str | None
    since: datetime
    session: UUID | None


@attrs.frozen
class LiveSession:
    """The newest of a session, ahead of its row. Energies in Wh, rounded; power in W (export negative)."""

    id: UUID
    station_id: UUID
    energy_wh: int | None
    export_wh: int | None
    power_w: float | None
    soc: float | None
    at: datetime


@attrs.frozen
class LiveStation:
    """What an actor in memory knows; wins over the row."""

    id: UUID
    online: bool
    version: Version | None
    last_seen_at: datetime | None
    connected_at: datetime | None
    remote_address: str | None
    boot: dict[str, Any] | None
    quirks: Sequence[dict[str, Any]]
    connectors: Sequence[LiveConnector]
    sessions: Sequence[LiveSession]
    waiting_commands: int
    held_off: dict[str, Any] | None
    security_profile: int | None = None  # of this connection; None while there is none
    registration: str | None = None  # our last answer to a boot; before the first one, its `admission`


@attrs.frozen
class RawCommand:
    """`POST /stations/{station}/ocpp/{Action}`: payload is the JSON the operator sent (decoded).

    `rotates`: it sets the station's password, which is kept as pending. `vouched`: a password of a network slot in it
    is the one in force, or the operator answers for it.
    """

    action: str
    payload: Any
    validate: bool = True
    rotates: bool = False
    vouched: bool = False


@attrs.frozen
class NeutralCommand:
    """start, stop, reset, unlock, availability, trigger, limit, rotate-password, with type-checked arguments.

    `vouched`: a password of a network slot among them is the one in force.
    """

    name: str
    arguments: dict[str, Any]
    vouched: bool = False

    @property
    def rotates(self) -> bool:
        return self.name == "rotate-password"


@attrs.frozen
class Problem:
    """One field that is wrong: JSON pointer and what to do."""

    path: str
    message: str


CommandStatus = Literal[
    "answered",
    "station_error",  # it answered with an error
    "invalid_answer",  # it answered something that is not valid for its type
    "station_silent",  # no answer in time; `id` is None when its turn never came, so that nothing was sent
    "station_offline",
    "station_busy",
    "not_accepted",  # the station is pending or rejected, and this may not be sent to it
    "version_unknown",  # it never connected, so that nobody knows how to say it
    "invalid_payload",
    "unknown_action",
    "not_found",  # the session or transaction named is not this station's
    "unsupported",  # a neutral command that this station's version or state has no message for
]
"""How a command can end. Who has to tell all of them apart ends with `assert_never`."""


@attrs.frozen
class CommandResult:
    """What became of a command. `id` is None when nothing was sent."""

    id: UUID | None
    status: CommandStatus
    action: str | None = None
    version: Version | None = None
    payload: Any = None
    duration_ms: int | None = None
    outcome: str | None = None  # accepted, partly, rejected, scheduled, unsupported; None: it says neither
    error_code: str | None = None
    error_description: str | None = None
    error_details: Any = None
    raw: str | None = None
    problems: Sequence[Problem] = ()
    nearest: Sequence[str] = ()
    delivery: str | None = None  # "unknown" when the connection was lost while waiting
    retry_after: int | None = None
    detail: str | None = None


class Stations(Protocol):
    """All stations of this node."""

    def held_off(self, station_id: UUID) -> float | None:
        """Seconds a station that crashed us again and again must still stay away; None when it may come."""

    async def attach(
        self, image: StationImage, link: Link, version: Version, profile: int, restricted: str | None = None,
        certified: str | None = None,
    ) -> Attachment:
        """Claims the station for this link; an older link is closed as replaced and its frames are dropped.

        `restricted`: why it is let in as Pending only, whatever its admission (A00.FR.429). `certified`: the common
        name of its certificate, where the serial number it tells has to be that (B01.FR.11).
        """

    def live(self, station_id: UUID) -> LiveStation | None:
        """None when no actor is in memory: the row is all there is."""

    def live_session(self, station_id: UUID, session_id: UUID) -> LiveSession | None: ...

    async def command(
        self,
        station: StationConfig,
        command: RawCommand | NeutralCommand,
        *,
        timeout: float,
        requested_by: str,
        request_id: str | None,
        command_id: UUID | None = None,
        unattended: bool = False,
    ) -> CommandResult:
        """Sends it and waits at most `timeout` seconds for the answer; never raises for what a station does.

        `command_id`: the id it has already, when it waited for the station. `unattended`: nobody asked for it, so it
        spares stations that are known to suffer from it, or want to be left alone after they connected.
        """

    async def instruct(self, station: StationConfig, instruction: Instruction) -> bool:
        """Something is wanted of a session. False when no such session is open. Raises StoreUnavailable."""

    async def reconfigured(self, station_id: UUID) -> None:
        """The operator changed the station's row: the actor takes it up, and closes a link that may not stay."""

    async def removed(self, station_id: UUID) -> None:
        """The station was deleted: its link ends, its actor goes."""

    def counts(self) -> dict[str, int]:
        """online, actors, by version …, endings: for metrics."""


class Outside(Protocol):
    """Whom actors tell without waiting. Must be cheap: called for every reading."""

    @property
    def quiet(self) -> bool:
        """True while nobody listens: readings need not be told."""

    def measured(self, tenant_id: UUID, session: LiveSession) -> None: ...
