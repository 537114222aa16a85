"""The one table of who may call what: every route of the API names its permission here, or nothing starts.

A permission reads `resource:verb`. Today the admin has them all; roles will be sets of these names.
"""

from collections.abc import Iterable, Mapping

PERMISSIONS: Mapping[tuple[str, str], str] = {
    ("GET", "/stations"): "stations:read",
    ("POST", "/stations"): "stations:create",
    ("GET", "/stations/{station}"): "stations:read",
    ("PATCH", "/stations/{station}"): "stations:update",
    ("DELETE", "/stations/{station}"): "stations:delete",
    ("POST", "/stations/{station}/ocpp/{action}"): "stations:command-raw",
    ("POST", "/stations/{station}/commands/{command}"): "stations:command",
    ("GET", "/stations/{station}/commands"): "commands:read",
    ("GET", "/commands/{id}"): "commands:read",
    ("DELETE", "/commands/{id}"): "commands:cancel",
    ("GET", "/stations/{station}/frames"): "frames:read",
    ("GET", "/stations/{station}/variables"): "variables:read",
    ("POST", "/stations/{station}/variables/read"): "variables:read-live",
    ("POST", "/stations/{station}/variables/write"): "variables:write",
    ("GET", "/refusals"): "refusals:read",
    ("POST", "/refusals/{id}/admit"): "refusals:admit",
    ("GET", "/tokens"): "tokens:read",
    ("POST", "/tokens"): "tokens:create",
    ("GET", "/tokens/{uid}"): "tokens:read",
    ("PATCH", "/tokens/{uid}"): "tokens:update",
    ("DELETE", "/tokens/{uid}"): "tokens:delete",
    ("GET", "/token-rules"): "token-rules:read",
    ("POST", "/token-rules"): "token-rules:create",
    ("GET", "/token-rules/{id}"): "token-rules:read",
    ("PATCH", "/token-rules/{id}"): "token-rules:update",
    ("DELETE", "/token-rules/{id}"): "token-rules:delete",
    ("GET", "/sessions"): "sessions:read",
    ("GET", "/sessions/{id}"): "sessions:read",
    ("GET", "/sessions/{id}/meter-values"): "sessions:read",
    ("GET", "/sessions/{id}/facts"): "sessions:read",
    ("GET", "/events"): "events:read",
    ("GET", "/stations/{station}/objects"): "objects:read",
    ("GET", "/stations/{station}/objects/{kind}/{key}"): "objects:read",
    ("GET", "/stations/{station}/reports"): "reports:read",
    ("GET", "/jobs"): "jobs:read",
    ("GET", "/jobs/{id}"): "jobs:read",
    ("DELETE", "/jobs/{id}"): "jobs:cancel",
    ("GET", "/network-profiles"): "network-profiles:read",
    ("GET", "/variable-reports"): "reports:read",
    ("GET", "/certificates"): "certificates:read",
    ("GET", "/certificates/{id}"): "certificates:read",
    ("POST", "/certificates/{id}/revoke"): "certificates:revoke",
    ("GET", "/certificates/authority"): "certificates:read",
    ("POST", "/certificates/authority"): "certificates:authority",
    ("GET", "/stations/{station}/certificates"): "certificates:read",
    ("PATCH", "/sessions/{id}"): "sessions:update",
    ("GET", "/sessions/{id}/signed-values"): "sessions:read",
    ("GET", "/sessions/{id}/signed-values/{number}"): "sessions:read",
    ("GET", "/stations/{station}/meter-values"): "sessions:read",
    ("GET", "/display-messages"): "display-messages:read",
    ("POST", "/display-messages"): "display-messages:create",
    ("DELETE", "/display-messages/{id}"): "display-messages:delete",
    ("GET", "/station-tariffs"): "station-tariffs:read",
    ("POST", "/station-tariffs"): "station-tariffs:create",
    ("GET", "/tariff-contents"): "station-tariffs:read",
    ("GET", "/settlements"): "settlements:read",
    ("GET", "/charging-profiles"): "charging:read",
    ("GET", "/charging-limits"): "charging:read",
    ("GET", "/charging-needs"): "charging:read",
    ("GET", "/stations/{station}/dynamic-limits/{profile}"): "charging:read",
    ("PUT", "/stations/{station}/dynamic-limits/{profile}"): "charging:update",
    ("DELETE", "/stations/{station}/dynamic-limits/{profile}"): "charging:update",
    ("GET", "/der-controls"): "grid:read",
    ("GET", "/der-alarms"): "grid:read",
    ("GET", "/battery-swaps"): "batteries:read",
    ("GET", "/batteries"): "batteries:read",
    ("GET", "/live"): "live:read",
}


class RouteWithoutPermission(Exception):  # noqa: N818 - stops the start
    """A route and the table do not fit together."""


def check_table(routes: Iterable[tuple[str, str]]) -> None:
    """Raises RouteWithoutPermission for a route without an entry, or an entry without a route."""
    served = set(routes)
    lacking = served - PERMISSIONS.keys()
    if lacking:
        raise RouteWithoutPermission(f"web/api/permissions.py names no permission for {_listed(lacking)}")
    unused = PERMISSIONS.keys() - served
    if unused:
        raise RouteWithoutPermission(f"web/api/permissions.py names routes that are not there: {_listed(unused)}")


def _listed(routes: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{method} {path}" for method, path in sorted(routes))
