"""All routes of the API."""

from web.api import (
    certificates,
    commands,
    events,
    frames,
    jobs,
    network_profiles,
    objects,
    refusals,
    reports,
    sessions,
    stations,
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
    *sessions.ROUTES,
    *events.ROUTES,
    *objects.ROUTES,
    *jobs.ROUTES,
    *certificates.ROUTES,
    *network_profiles.ROUTES,
    *reports.ROUTES,
)
LIVE = ("GET", "/live")  # the WebSocket, served by web/live/feed.py
