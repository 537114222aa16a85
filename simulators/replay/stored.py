"""A station's stored frames, read over the API of the node that has them."""

from datetime import datetime
from typing import Any
from urllib.parse import quote

import attrs
import httpx

from simulators.replay.conversation import Stored

_DEADLINE = 30.0
_MOST = 100_000  # frames; a longer conversation is played in pieces


class CannotRead(Exception):  # noqa: N818 - a sentence for whoever asks
    """The frames cannot be had; the text says why and what to do."""


@attrs.frozen
class Source:
    """Where frames are: the address of a node, a token that may read them, the tenant's slug."""

    url: str
    token: str = attrs.field(repr=False)
    tenant: str = "default"


async def read_frames(
    source: Source, station: str, since: datetime, until: datetime | None
) -> tuple[str | None, list[Stored]]:
    """(the OCPP version it last spoke, its frames by time). Raises CannotRead."""
    headers = {"Authorization": f"Bearer {source.token}", "Voltyard-Tenant": source.tenant}
    name = quote(station, safe="")
    try:
        async with httpx.AsyncClient(
            base_url=source.url.rstrip("/"), headers=headers, timeout=_DEADLINE, trust_env=False
        ) as client:
            shown = await _get(client, f"/api/v1/stations/{name}", {})
            frames: list[Stored] = []
            query = {"order": "oldest", "limit": "500", "from": since.isoformat()}
            query |= {} if until is None else {"to": until.isoformat()}
            while True:
                page = await _get(client, f"/api/v1/stations/{name}/frames", query)
                frames += [_stored(item) for item in page["items"]]
                if page["next"] is None:
                    return shown.get("version") or shown.get("ocpp_version"), frames
                if len(frames) >= _MOST:
                    raise CannotRead(f"there are more than {_MOST:,} frames: choose a shorter time")
                query["cursor"] = page["next"]
    except httpx.TransportError as error:
        raise CannotRead(f"no node answers at {source.url}: {str(error) or type(error).__name__}") from error


async def _get(client: httpx.AsyncClient, path: str, query: dict[str, str]) -> Any:
    answer = await client.get(path, params=query)
    if answer.status_code != 200:
        try:
            detail = answer.json().get("detail", "")
        except (ValueError, AttributeError):
            detail = answer.text[:200]
        raise CannotRead(f"{path} is answered {answer.status_code}: {detail}")
    return answer.json()


def _stored(item: dict[str, Any]) -> Stored:
    return Stored(datetime.fromisoformat(item["received_at"]), item["direction"], item["text"])
