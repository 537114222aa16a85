"""What is known of a model, and what of it counts for a station. Pure.

A profile is matched by patterns over vendor, model and firmware as the station names them at boot (`*` for anything,
ignoring case). All that match are laid over each other, those that name more on top; a tenant's own lie over what is
shipped, boot policies below both, and a station's own settings above all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from actors.provisioning.shipped import SHIPPED

Settings = dict[str, Any]


class Plate(msgspec.Struct, frozen=True):
    """What a station says it is; all None before its first boot."""

    vendor: str | None = None
    model: str | None = None
    firmware: str | None = None


def of_model(plate: Plate, profiles: Sequence[Mapping[str, Any]] = ()) -> Settings:
    """Quirks of that model: shipped ones, and over them `profiles`, which match already, in order."""
    found: Settings = {}
    for shipped in SHIPPED:
        if matches(plate, shipped.vendor, shipped.model, shipped.firmware):
            found |= shipped.data
    for data in profiles:
        found.update(data)
    return found


def effective(
    own: Mapping[str, Any], policies: Sequence[Mapping[str, Any]], plate: Plate, profiles: Sequence[Mapping[str, Any]]
) -> Settings:
    """What counts for a station."""
    found: Settings = {}
    for policy in policies:
        found.update(policy)
    quirks = of_model(plate, profiles)
    merged = {**found, **quirks, **own}
    items = [each.get("items_per_message") or {} for each in (quirks, own)]
    if any(items):
        merged["items_per_message"] = {**items[0], **items[1]}
    return merged


def matches(plate: Plate, vendor: str | None, model: str | None, firmware: str | None) -> bool:
    """Every pattern given fits what the station says; a station that says nothing fits none."""
    pairs = ((vendor, plate.vendor), (model, plate.model), (firmware, plate.firmware))
    return all(fits(pattern, told) for pattern, told in pairs)


def fits(pattern: str | None, told: str | None) -> bool:
    """None fits anything."""
    if pattern is None:
        return True
    return told is not None and _like(pattern.casefold(), told.casefold())


def _like(pattern: str, text: str) -> bool:
    """`*` stands for any letters. Each part between two stars is looked for once, so no pattern takes long."""
    first, *middle = pattern.split("*")
    if not middle:
        return text == first
    last = middle.pop()
    place, end = len(first), len(text) - len(last)
    if place > end or not text.startswith(first) or not text.endswith(last):
        return False
    for part in middle:
        found = text.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True
