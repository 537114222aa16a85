"""/stations/{station}/diagnosis: why a station does not connect, and what to do."""

from storage.web.diagnosis import gather
from web.api.call import Answer, Call
from web.api.route import NoQuery, Route
from web.api.stations import unknown_station
from web.diagnosis import DiagnosisView, diagnose


async def get_diagnosis(call: Call[NoQuery, None]) -> Answer:
    """Also of a station that is not configured, when something like it was refused."""
    name = call.path["station"]
    if "\x00" in name or len(name) > 255:
        raise unknown_station(name)
    known = await call.database(lambda connection: gather(connection, name, call.tenant.slug, call.now))
    if known.row is None and not known.refusals:
        raise unknown_station(name)
    live = call.context.stations.live(known.row.id) if known.row else None
    return Answer(diagnose(known, live, call.tenant.slug, call.now))


ROUTES = [
    Route("GET", "/stations/{station}/diagnosis", get_diagnosis, "Find out why a station does not connect",
          {200: DiagnosisView}, problems=("unknown_station",),
          description="What is configured, what was refused that may be this station, how its last connection ended, "
                      "and what of its frames was refused within the last hour: each with what to do. Of a station "
                      "that is not configured too, when something like it was refused within 30 days."),
]
