"""Writes docs/events from the types: `python -m protocol.events.generate`; `--check` says whether it is current."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from protocol.events.base import EventData
from protocol.events.schemas import ENVELOPE, asyncapi, data_schema, description, envelope_schema, example
from protocol.events.types import EVENTS

DIRECTORY = Path(__file__).parents[2] / "docs" / "events"

_INTRODUCTION = """# Events

What happens in Voltyard, for whoever wants to know: the live feed (`/api/v1/live`), the list (`GET /api/v1/events`) and
consumers inside the process. This page, the JSON Schemas beside it and `asyncapi.json` are made from the types in
`protocol/events` by `python -m protocol.events.generate`.

- Every event is a [CloudEvent](https://cloudevents.io) 1.0 in structured JSON. `tenant` and `requestid` are extensions;
  `requestid` is the `X-Request-ID` of the call that led to it, when a call did.
- **At least once.** The same event may come again, with the same `id`: recognise it by that.
- Events of one station come in the order things happened there; between stations there is no promise.
- `time` is when we learnt of it. Times inside `data` are the station's, corrected by what we know of its clock, unless
  their text says otherwise.
- A type's name ends in its version. Fields are added without a new version: ignore those you do not know. Anything that
  could break a reader is a new type, told beside the old one for a while.
- Secrets never appear in events.
- Energy in Wh, power in W, durations in milliseconds, times RFC 3339 in UTC.

An event looks like this:
"""


def files() -> dict[str, str]:
    """Everything in docs/events: file name to text."""
    made = {f"{event.type}.json": _json(data_schema(event)) for event in EVENTS}
    made[f"{ENVELOPE}.json"] = _json(envelope_schema())
    made["asyncapi.json"] = _json(asyncapi())
    made["README.md"] = _page()
    return made


def main(arguments: Sequence[str] = ()) -> int:
    """0 when all is current or was written, 1 when `--check` found a difference."""
    wanted = files()
    there = {path.name: path.read_text(encoding="utf-8") for path in sorted(DIRECTORY.glob("*")) if path.is_file()}
    different = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    if "--check" in arguments:
        for name in different:
            print(f"docs/events/{name} is not current: run python -m protocol.events.generate", file=sys.stderr)
        return 1 if different else 0
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    for name in different:
        if name in wanted:
            (DIRECTORY / name).write_text(wanted[name], encoding="utf-8")
        else:
            (DIRECTORY / name).unlink()
    return 0


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _page() -> str:
    first = _json(example(EVENTS[0]))
    parts = [_INTRODUCTION, f"```json\n{first}```\n", "| Type | Subject | |\n|---|---|---|"]
    for event in EVENTS:
        summary = description(event).split("\n\n")[0]
        parts.append(f"| [`{event.type}`](#{event.type.replace('.', '')}) | `{event.subject}` | {summary} |")
    return "\n".join(parts) + "\n" + "".join(_section(event) for event in EVENTS)


def _section(event: type[EventData]) -> str:
    schema = data_schema(event)
    required = set(schema["required"])
    rows = [
        f"| `{name}` | {_type(field)} | {'yes' if name in required else ''} | {field.get('description', '')} |"
        for name, field in schema["properties"].items()
    ]
    head = f"\n## {event.type}\n\n{description(event)}\n\nAbout `{event.subject}`.\n\n"
    return head + "| Field | Type | Always | |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"




def _type(field: dict[str, Any]) -> str:
    options = field.get("anyOf", [field])
    names = [option.get("format") or option.get("type", "any") for option in options]
    return " or ".join(str(name) for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
