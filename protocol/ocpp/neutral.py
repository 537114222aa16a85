"""What stations say and what we answer, whatever the OCPP version: one class a meaning.

`v16.py` and `v2.py` turn typed messages into these and answers back. Registers are `Decimal` Wh, power in W (import
positive), state of charge in percent; times are the station's claims, in UTC. Structs rather than attrs classes: one
is made for every frame.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

Kind = Literal["began", "updated", "ended"]


class IdToken(msgspec.Struct, frozen=True):
    """An id token as presented; `type` is a name of 2.x IdTokenEnumType, None in 1.6 (matches any).

    `additional`: (value, type) pairs of additionalInfo; tokens are the same without them (C01.FR.25).
    """

    uid: str
    type: str | None = None
    additional: tuple[tuple[str, str], ...] = ()


class Reading(msgspec.Struct, frozen=True, gc=False):
    """One sampled moment, normalised (measurands.py); `sampled` is the sampledValue list as JSON text."""

    at: datetime
    context: str | None
    import_wh: Decimal | None
    export_wh: Decimal | None
    power_w: float | None
    soc: float | None
    sampled: str


class Booted(msgspec.Struct, frozen=True):
    """BootNotification: what the station says of itself, under one set of names."""

    vendor: str
    model: str
    serial_number: str | None
    firmware_version: str | None
    reason: str | None
    more: dict[str, Any]


class HeartbeatAsked(msgspec.Struct, frozen=True):
    """Heartbeat."""


class StatusChanged(msgspec.Struct, frozen=True):
    """The status of one connector, spelled as the station's version spells it.

    1.6: evse is the connector id and connector 1; connector id 0 (the whole station) is evse 0, connector 0.
    """

    evse: int
    connector: int
    status: str
    error: str | None
    info: str | None
    vendor_error: str | None
    at: datetime | None


class StatusesChanged(msgspec.Struct, frozen=True):
    """NotifyEvent: connector availability (OCPP 2.1 Part 2, G01); `more` is the request when it holds anything else."""

    changes: tuple[StatusChanged, ...]
    more: msgspec.Struct | None = None


class AuthorizeAsked(msgspec.Struct, frozen=True):
    """Authorize. `certificate`: a contract's chain in PEM; `certificate_hashes`: OCSPRequestDataType of each (2.x)."""

    token: IdToken
    certificate: str | None = None
    certificate_hashes: tuple[Any, ...] = ()


class TransactionMore(msgspec.Struct, frozen=True, omit_defaults=True):
    """What only some 2.x transaction events tell (OCPP 2.1 Part 2, TransactionEventRequest and TransactionType).

    `limit`: TransactionLimitType, `cost_details`: CostDetailsType, both as plain JSON. Names are those of
    `actors.session.details.Details`.
    """

    phases: int | None = None
    cable_max_current_a: int | None = None
    charging_seconds: int | None = None
    preconditioning: str | None = None
    evse_sleep: bool | None = None
    operation_mode: str | None = None
    tariff_id: str | None = None
    limit: dict[str, Any] | None = None
    cost_details: dict[str, Any] | None = None


def reservation_number(told: int | msgspec.UnsetType) -> int | None:
    """None for what was left out, and for the 0 or -1 of stations that always write the field."""
    return told if told is not msgspec.UNSET and told > 0 else None


class TransactionHappened(msgspec.Struct, frozen=True):
    """Start, update or end of a transaction: TransactionEvent, StartTransaction or StopTransaction.

    `transaction_id`: the station's own (2.x), or the number it echoes as text (1.6 stop; None in a 1.6 start).
    `meter`: the register a 1.6 start or stop carries outside its readings. `reservation_id`: above 0; stations that
    always write the field put 0 or -1 there for none.
    """

    kind: Kind
    transaction_id: str | None
    at: datetime
    evse: int | None = None
    connector: int | None = None
    token: IdToken | None = None
    readings: tuple[Reading, ...] = ()
    meter: Decimal | None = None
    reason: str | None = None
    charging_state: str | None = None
    trigger: str | None = None
    seq_no: int | None = None
    offline: bool = False
    remote_start_id: int | None = None
    reservation_id: int | None = None
    more: TransactionMore | None = None
    undated: bool = False  # the station gave no time: `at` is when it came


class MeterRead(msgspec.Struct, frozen=True, gc=False):
    """MeterValues; `transaction_id` only in 1.6."""

    evse: int
    connector: int | None
    transaction_id: str | None
    readings: tuple[Reading, ...]


class VariableSeen(msgspec.Struct, frozen=True):
    """One attribute of a variable; component and variable as canonical JSON."""

    component: str
    variable: str
    attribute_type: str
    value: str | None
    detail: dict[str, Any]


class VariablesReported(msgspec.Struct, frozen=True):
    """NotifyReport: one part of a report."""

    request_id: int
    seq_no: int
    more_follows: bool
    items: tuple[VariableSeen, ...]


class DataTransferred(msgspec.Struct, frozen=True):
    """DataTransfer from a station."""

    vendor: str
    message_id: str | None
    data: Any


class Notified(msgspec.Struct, frozen=True):
    """Anything else a station says: `payload` is the request as its version types it (messages/)."""

    action: str
    payload: msgspec.Struct


Message = (
    Booted
    | HeartbeatAsked
    | StatusChanged
    | StatusesChanged
    | AuthorizeAsked
    | TransactionHappened
    | MeterRead
    | VariablesReported
    | DataTransferred
    | Notified
)


class PersonalMessage(msgspec.Struct, frozen=True):
    """What a station shows to whom the token belongs; `format` is a name of MessageFormatEnumType."""

    format: str
    content: str
    language: str | None = None


class TokenVerdict(msgspec.Struct, frozen=True):
    """What we say of a token.

    `status`: accepted, blocked, expired, invalid, unknown, concurrent, no_credit, not_allowed_type,
    not_at_this_location, not_at_this_time. `expires_at`: how long a station may remember it. `evses`: the only ones it
    is accepted for; empty: all. `create`: it was unknown and is to be kept. `reserved`: the number of the reservation
    for somebody else that it is refused for.
    """

    status: str
    expires_at: datetime | None = None
    group: IdToken | None = None
    language1: str | None = None
    language2: str | None = None
    message: PersonalMessage | None = None
    more_messages: tuple[PersonalMessage, ...] = ()
    priority: int | None = None
    evses: tuple[int, ...] = ()
    create: bool = False
    reserved: int | None = None


class BootReply(msgspec.Struct, frozen=True):
    """`status`: accepted, pending, rejected; interval in seconds."""

    status: str
    interval: int
    now: datetime


class HeartbeatReply(msgspec.Struct, frozen=True):
    """Our time, UTC."""

    now: datetime


class AuthorizeReply(msgspec.Struct, frozen=True):
    """What the token may do. `certificate_status`: a name of AuthorizeCertificateStatusEnumType (2.x)."""

    verdict: TokenVerdict
    certificate_status: str | None = None
    allowed_energy_transfer: tuple[str, ...] = ()  # names of EnergyTransferModeEnumType (2.1); empty: not told
    tariff: dict[str, Any] | None = None  # TariffType (2.1): the driver's own


class TransactionTold(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the answer to a 2.x transaction event says beside the token.

    Costs as decimal text, taxes included; `limit`: max_cost, max_energy_wh, max_time_s, max_soc (2.1);
    `messages`: MessageContentType each, the first in the main language, more of them in 2.1 alone.
    """

    total_cost: str | None = None
    priority: int | None = None
    limit: dict[str, Any] | None = None
    messages: list[dict[str, Any]] | None = None


class TransactionReply(msgspec.Struct, frozen=True):
    """`transaction_id`: the number a 1.6 StartTransaction is answered with; verdict when a token was presented."""

    kind: Kind
    transaction_id: int | None = None
    verdict: TokenVerdict | None = None
    told: TransactionTold | None = None


class DataTransferReply(msgspec.Struct, frozen=True):
    """`status`: UnknownVendorId, UnknownMessageId, Accepted, Rejected. `data`: any JSON (1.6: sent as its text).

    `info`: (reason code, more) for statusInfo (2.x).
    """

    status: str
    data: Any = None
    info: tuple[str, str] | None = None


class EmptyReply(msgspec.Struct, frozen=True):
    """A CALLRESULT without content."""


class GivenReply(msgspec.Struct, frozen=True):
    """A CALLRESULT as plain JSON values, in the words of the station's version."""

    payload: dict[str, Any]


class RefusedReply(msgspec.Struct, frozen=True):
    """A CALLERROR; `code` is a name of errors.ErrorCode (2.x spelling)."""

    description: str
    code: str = "NotSupported"


Reply = (
    BootReply
    | HeartbeatReply
    | AuthorizeReply
    | TransactionReply
    | DataTransferReply
    | EmptyReply
    | GivenReply
    | RefusedReply
)
