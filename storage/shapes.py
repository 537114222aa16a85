"""Rows of the database as the values actors know. Pure."""

from typing import Any

import asyncpg
import msgspec

from actors.ports import Held, OpenUse, StationConfig, StationImage, TokenFact, Weighed
from actors.provisioning.models import Plate, effective
from actors.records import ConnectorRecord, SessionRecord, StationStateRecord
from protocol.ocpp.version import Version

_state = msgspec.json.Decoder(StationStateRecord)
_connectors = msgspec.json.Decoder(list[ConnectorRecord])
_sessions = msgspec.json.Decoder(list[SessionRecord])
_uses = msgspec.json.Decoder(list[OpenUse])
_held = msgspec.json.Decoder(list[Held])
_texts = msgspec.json.Decoder(dict[str, str])


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
        settings=settings_of(row),
        held_off=row["held_off"],
        older_pending=() if row["pending_password_hash"] is None else tuple(row["older_pending_hashes"]),
    )


def settings_of(row: asyncpg.Record) -> dict[str, Any]:
    """What counts for the station: its boot policies, then what is known of its model, then its own settings."""
    plate = Plate(row["vendor"], row["model"], row["firmware"])
    return effective(row["settings"], row["policies"] or (), plate, row["profiles"] or ())


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


def token_of(row: asyncpg.Record) -> TokenFact:
    """From the columns of token_find.sql and token_weigh.sql."""
    return TokenFact(
        row["uid"], row["type"], row["status"], row["expires_at"], row["group_uid"], row["master"],
        tuple(row["additional"]), row["language1"], row["language2"], row["message"], tuple(row["more_messages"]),
        row["priority"], tuple(row["places"]), tuple(row["connector_types"]), tuple(row["windows"]),
        row["time_zone"], row["concurrent"], row["cache_seconds"], row["prepaid"],
    )  # fmt: skip


def weighed_of(row: asyncpg.Record) -> Weighed:
    """From the columns of token_weigh.sql."""
    uses, held, connectors = row["uses"], row["held"], row["connectors"]
    return Weighed(
        token=None if row["uid"] is None else token_of(row),
        unknown=row["unknown"] or "reject",
        site=row["site"],
        uses=() if uses is None else _uses.decode(uses),
        held=() if held is None else _held.decode(held),
        connector_types={} if connectors is None else types_by_evse(_texts.decode(connectors)),
    )


def types_by_evse(told: dict[str, str]) -> dict[int, list[str]]:
    """ConnectorType variables by the EVSE of their component; values may be lists in one text."""
    found: dict[int, list[str]] = {}
    for component, value in told.items():
        evse = msgspec.json.decode(component).get("evse", {}).get("id")
        if isinstance(evse, int):
            found.setdefault(evse, []).extend(kind.strip() for kind in value.split(","))
    return found
