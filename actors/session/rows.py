"""A session as the row it becomes and back.

Energies are thousandths of a Wh; what the derivation carries on from lies in `registers`.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, cast
from uuid import UUID

from actors.records import ReadingRecord, SessionFactRecord, SessionRecord
from actors.session.details import from_json, to_json
from actors.session.energy import Energy
from actors.session.model import Fact, FactKind, Measured, Session, Status

_THOUSAND = Decimal(1000)
_WHOLE = Decimal(1)


def milli(value: Decimal | None) -> int | None:
    """Thousandths of a Wh; the one place where a register is rounded before it is stored."""
    if value is None:
        return None
    scaled = value * _THOUSAND
    whole = int(scaled)
    return whole if whole == scaled else int(scaled.quantize(_WHOLE, ROUND_HALF_EVEN))


def watt_hours(value: int | None) -> Decimal | None:
    """The reverse of `milli`."""
    return None if value is None else Decimal(value) / _THOUSAND


def to_row(session: Session) -> SessionRecord:
    """The whole row."""
    return SessionRecord(
        id=session.id,
        business_key=session.business_key,
        transaction_id=session.transaction_id,
        evse=session.evse,
        connector=session.connector,
        token=session.token,
        token_type=session.token_type,
        status=session.status,
        charging_state=session.charging_state,
        started_at=session.started_at,
        ended_at=session.ended_at,
        import_milli_wh=milli(session.imported.total),
        export_milli_wh=milli(session.exported.total),
        power_w=session.power_w,
        soc=session.soc,
        last_reading_at=session.last_reading_at,
        stop_reason=session.stop_reason,
        remote_start_id=session.remote_start_id,
        flags=sorted(session.flags),
        registers=_registers(session),
        began_received_at=session.began_received_at,
        last_received_at=session.last_received_at,
        details=to_json(session.details),
    )


def _registers(session: Session) -> dict[str, Any]:
    return {
        "import": _energy(session.imported),
        "export": _energy(session.exported),
        "seen": [list(pair) for pair in session.seen],
        "meter_stop": None if session.meter_stop is None else str(session.meter_stop),
    }


def _energy(energy: Energy) -> list[Any]:
    return [str(energy.closed), _text(energy.first), _text(energy.last), energy.resets]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _energy_of(parts: list[Any] | None) -> Energy:
    if not parts:
        return Energy()
    return Energy(Decimal(parts[0]), _decimal(parts[1]), _decimal(parts[2]), parts[3])


def from_row(row: SessionRecord) -> Session:
    """The session that row was made of."""
    registers = row.registers
    return Session(
        id=row.id,
        business_key=row.business_key,
        began_received_at=row.began_received_at,
        last_received_at=row.last_received_at,
        started_at=row.started_at,
        transaction_id=row.transaction_id,
        evse=row.evse,
        connector=row.connector,
        token=row.token,
        token_type=row.token_type,
        status=cast("Status", row.status),
        charging_state=row.charging_state,
        ended_at=row.ended_at,
        imported=_energy_of(registers.get("import")),
        exported=_energy_of(registers.get("export")),
        power_w=row.power_w,
        soc=row.soc,
        last_reading_at=row.last_reading_at,
        stop_reason=row.stop_reason,
        remote_start_id=row.remote_start_id,
        flags=frozenset(row.flags),
        seen=tuple((first, last) for first, last in registers.get("seen", ())),
        meter_stop=_decimal(registers.get("meter_stop")),
        details=from_json(row.details),
        row_at=row.last_received_at,
    )


def to_fact(record: SessionFactRecord) -> Fact:
    """The fact a stored record holds."""
    return Fact(cast("FactKind", record.kind), record.at, record.received_at, record.data)


def to_measured(record: ReadingRecord) -> Measured:
    """The reading a stored row holds."""
    return Measured(
        record.received_at,
        record.at,
        watt_hours(record.import_milli_wh),
        watt_hours(record.export_milli_wh),
        record.power_w,
        record.soc,
        record.seq_no,
    )


def empty(session_id: UUID, business_key: str, first: Fact) -> Session:
    """A session before its first fact."""
    return Session(
        id=session_id,
        business_key=business_key,
        began_received_at=first.received_at,
        last_received_at=first.received_at,
        started_at=first.at,
    )
