"""How a station is shown: its row, overlaid with what its actor knows now."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from actors.station.face import LiveConnector, LiveStation
from storage.web.stations import StationRow
from web.api.fields import Object
from web.instants import Instant, instant


class ConnectorView(Struct, frozen=True, kw_only=True):
    """A connector as it last said it was."""

    evse: int
    connector: int
    status: str
    error: str | None
    since: Instant
    session: str | None


class StationView(Struct, frozen=True, kw_only=True):
    """A station. `password` is there once only: in the answer to the request that had one generated."""

    id: str
    identity: str
    name: str | None
    site: str | None
    admission: str
    security_profile: int
    highest_profile: int
    has_password: bool
    password_pending: bool
    ocpp_version: str | None
    strict: bool
    frame_log: str
    items_per_message: dict[str, int]
    compression: bool | None
    subprotocol_optional: bool | None
    settings: Object
    effective_settings: Object
    model_profile: Object
    online: bool
    version: str | None
    last_seen_at: Instant | None
    connected_at: Instant | None
    remote_address: str | None
    boot: Object | None
    quirks: list[Object]
    clock_offset_ms: int | None
    held_off: Object | None
    waiting_commands: int
    connectors: list[ConnectorView]
    created_at: Instant
    updated_at: Instant
    revision: int
    password: str | UnsetType = UNSET


def station_view(row: StationRow, live: LiveStation | None, password: str | None = None) -> StationView:
    """`live` None: no actor in memory, the row is all there is."""
    return StationView(
        id=str(row.id), identity=row.identity, name=row.name, site=row.site, admission=row.admission,
        security_profile=row.security_profile, highest_profile=row.highest_profile, has_password=row.has_password,
        password_pending=row.password_pending, ocpp_version=row.ocpp_version, strict=row.strict,
        frame_log=row.frame_log,
        items_per_message=row.settings.get("items_per_message", {}), compression=row.settings.get("compression"),
        subprotocol_optional=row.settings.get("subprotocol_optional"),
        settings=row.settings, effective_settings=row.effective, model_profile=row.model_profile,
        online=live.online if live else row.online,
        version=(live.version.value if live and live.version else row.version),
        last_seen_at=instant((live and live.last_seen_at) or row.last_seen_at),
        connected_at=instant((live and live.connected_at) or row.connected_at),
        remote_address=(live and live.remote_address) or row.remote_address,
        boot=_with_instants((live and live.boot) or row.boot),
        quirks=[_plain(quirk) for quirk in (live.quirks if live else row.quirks)],
        clock_offset_ms=row.clock_offset_ms,
        held_off=_with_instants((live and live.held_off) or row.held_off),
        waiting_commands=live.waiting_commands if live else 0,
        connectors=[_live(each) for each in live.connectors] if live and live.connectors else
        [_kept(each) for each in row.connectors],
        created_at=instant(row.created_at), updated_at=instant(row.updated_at), revision=row.revision,
        password=password if password is not None else UNSET,
    )


def _live(connector: LiveConnector) -> ConnectorView:
    return ConnectorView(
        evse=connector.evse, connector=connector.connector, status=connector.status, error=connector.error,
        since=instant(connector.since), session=str(connector.session) if connector.session else None,
    )


def _kept(connector: dict[str, Any]) -> ConnectorView:
    since = instant(datetime.fromisoformat(connector["since"]))
    return ConnectorView(**{**connector, "since": since})


def _with_instants(value: Any) -> Any:
    return _plain(value) if value else None


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """JSON values; a time that an actor still holds as one is written as the API writes times."""
    return {name: instant(each) if isinstance(each, datetime) else each for name, each in value.items()}
