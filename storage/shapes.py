"""Rows of the database as the values actors know. Pure."""

import asyncpg
import msgspec

from actors.ports import StationConfig, StationImage
from actors.records import ConnectorRecord, SessionRecord, StationStateRecord
from protocol.ocpp.version import Version

_state = msgspec.json.Decoder(StationStateRecord)
_connectors = msgspec.json.Decoder(list[ConnectorRecord])
_sessions = msgspec.json.Decoder(list[SessionRecord])


def config_of(row: asyncpg.Record) -> StationConfig:
    """From the columns of station_load_config.sql."""
    pin = row["ocpp_version"]
    return StationConfig(
        tenant_id=row["tenant_id"],
        tenant_slug=row["tenant_slug"],
        id=row["id"],
        identity=row["identity"],
        name=row["name"],
        site=row["site"],
        admission=row["admission"],
        security_profile=row["security_profile"],
        highest_profile=row["highest_profile"],
        password_hash=row["password_hash"],
        pending_password_hash=row["pending_password_hash"],
        ocpp_version=None if pin is None else Version(pin),
        strict=row["strict"],
        frame_log=row["frame_log"],
        settings=row["settings"],
        held_off=row["held_off"],
    )


def image_of(row: asyncpg.Record) -> StationImage:
    """From the columns of station_load.sql, whose nested rows are JSON in the shape of the records."""
    state, connectors, ended, still_open = (
        row[name] for name in ("state", "connectors", "ended_sessions", "open_sessions")
    )
    return StationImage(
        config=config_of(row),
        state=None if state is None else _state.decode(state),
        connectors=[] if connectors is None else _connectors.decode(connectors),
        sessions=[
            *([] if ended is None else _sessions.decode(ended)),
            *([] if still_open is None else _sessions.decode(still_open)),
        ],
    )
