"""All routes of the API."""

from web.api import commands, events, frames, jobs, objects, refusals, sessions, stations, tokens, variables
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
)
LIVE = ("GET", "/live")  # the WebSocket, served by web/live/feed.py
