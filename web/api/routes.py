"""All routes of the API."""

from web.api import (
    certificates,
    commands,
    display_messages,
    events,
    frames,
    jobs,
    network_profiles,
    objects,
    refusals,
    reports,
    session_wishes,
    sessions,
    signed_values,
    station_tariffs,
    stations,
    token_rules,
    tokens,
    variables,
)
from web.api.route import Route

ROUTES: tuple[Route, ...] = (
    *stations.ROUTES,
    *commands.ROUTES,
    *frames.ROUTES,
    *variables.ROUTES,
    *refusals.ROUTES,
    *tokens.ROUTES,
    *token_rules.ROUTES,
    *sessions.ROUTES,
    *events.ROUTES,
    *objects.ROUTES,
    *jobs.ROUTES,
    *certificates.ROUTES,
    *network_profiles.ROUTES,
    *reports.ROUTES,
    *display_messages.ROUTES,
    *session_wishes.ROUTES,
    *signed_values.ROUTES,
    *station_tariffs.ROUTES,
)
LIVE = ("GET", "/live")  # the WebSocket, served by web/live/feed.py
