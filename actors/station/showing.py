"""An actor as the web layer sees it. Pure."""

from typing import Any

from actors.session import matching
from actors.station.actor import StationActor
from actors.station.face import LiveConnector, LiveStation
from actors.station.letters import live_session
from actors.station.state import quirk_list


def live_station(actor: StationActor, held_off: dict[str, Any] | None) -> LiveStation:
    """What it knows; wins over the station's row."""
    state, attached, station_id = actor.state, actor.attached, actor.station.id
    open_sessions = [session for session in state.sessions.values() if session.open]
    return LiveStation(
        station_id,
        attached is not None,
        actor.version,
        (attached.last_seen_at if attached is not None else None) or state.last_seen_at,
        state.connected_at,
        state.remote_address,
        state.boot,
        quirk_list(state),
        [
            LiveConnector(c.evse, c.connector, c.status, c.error, c.since, found.id if found else None)
            for c in state.connectors.values()
            for found in [matching.open_at(open_sessions, c.evse, c.connector)]
        ],
        [live_session(station_id, session) for session in open_sessions],
        len(actor.commands) if actor.commands is not None else 0,
        held_off,
        attached.profile if attached is not None else None,
        state.registration,
    )
