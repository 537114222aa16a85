"""Templates: which values a station shall have, where it differs, and what to write. Pure.

Templates that match a station are laid over each other: by priority, then by how much they name. An item is a variable
of 2.x, a key of 1.6, or both, so that one template can serve both. Values compare by meaning: numbers as numbers,
lists without their order, booleans ignoring case.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

import msgspec

from actors.device.items import Item, known_name, mutability_of, name_of
from actors.provisioning.models import Plate, fits, matches
from protocol.ocpp.version import Version

Standing = Literal["ok", "differs", "unknown", "read_only", "write_only", "absent", "refused"]
DRIFT: Final = frozenset(("differs", "refused", "read_only", "absent"))
"""Standings that are not as the template says; what is unknown has to be read first."""

# What other parts of the platform set, with what follows from it: not by a template.
_NOT_BY_TEMPLATE: Final = {
    "authorizationkey": "rotate-password",
    "basicauthpassword": "rotate-password",
    "securityprofile": "the move to another security profile",
}


class Template(msgspec.Struct, frozen=True):
    """A template as kept. Patterns as in `models.matches`; `site` is compared to the letter."""

    name: str
    vendor: str | None
    model: str | None
    firmware: str | None
    site: str | None
    priority: int
    items: Sequence[Item]
    correction: str = "report"
    reboot: str = "never"


class Wanted(msgspec.Struct, frozen=True):
    """One value that a station shall have, and which template says so. `item` names it as its version does."""

    item: Item
    value: str
    template: str

    @property
    def name(self) -> str:
        return name_of(self.item)


class Effective(msgspec.Struct, frozen=True):
    """All that counts for one station."""

    wanted: tuple[Wanted, ...]
    correction: str = "report"
    reboot: str = "never"
    templates: tuple[str, ...] = ()


class Known(msgspec.Struct, frozen=True):
    """What was last told of a variable; `gone`: a full inventory lacks it."""

    value: str | None
    mutability: str | None
    data_type: str | None
    gone: bool = False


class Compared(msgspec.Struct, frozen=True):
    """A wanted value beside what is known."""

    wanted: Wanted
    standing: Standing
    value: str | None


def why_not(item: Mapping[str, Any]) -> str | None:
    """Why a template may not set this; None when it may."""
    name = str(item.get("key") or (item.get("variable") or {}).get("name", "")).casefold()
    other = _NOT_BY_TEMPLATE.get(name)
    return None if other is None else f"is not set by a template but by {other}"


def applies(template: Template, plate: Plate, site: str | None) -> bool:
    """True for a station of that plate at that site."""
    here = template.site is None or fits(template.site, site)
    return here and matches(plate, template.vendor, template.model, template.firmware)


def effective(templates: Iterable[Template], plate: Plate, site: str | None, version: Version) -> Effective:
    """What counts for a station; the last word on each value is that of the highest priority."""
    found = sorted((each for each in templates if applies(each, plate, site)), key=_rank)
    wanted: dict[str, Wanted] = {}
    for template in found:
        for given in template.items:
            item = of_version(given, version)
            if item is not None:
                made = Wanted(item, str(given["value"]), template.name)
                wanted[made.name] = made
    top = found[-1] if found else None
    return Effective(
        tuple(wanted.values()), top.correction if top else "report", top.reboot if top else "never",
        tuple(each.name for each in found),
    )  # fmt: skip


def _rank(template: Template) -> tuple[int, int, str]:
    named = (template.vendor, template.model, template.firmware, template.site)
    return template.priority, sum(each is not None for each in named), template.name


def of_version(given: Mapping[str, Any], version: Version) -> Item | None:
    """How that version names the item; None when it does not."""
    if not version.is_v2:
        return {"key": given["key"]} if given.get("key") else None
    if not given.get("component"):
        return None
    item = {"component": given["component"], "variable": given["variable"]}
    kind = given.get("attribute_type")
    return item if kind in (None, "Actual") else item | {"attributeType": kind}


def known_of(
    rows: Iterable[tuple[str, str, str, str | None, Mapping[str, Any], bool]]
) -> dict[str, Known]:
    """By name, from rows of table variables: component, variable, attribute, value, detail, gone."""
    found = {}
    for component, variable, attribute, value, detail, gone in rows:
        traits = detail.get("characteristics") or {}
        found[known_name(component, variable, attribute)] = Known(
            value, mutability_of(detail), traits.get("dataType"), gone
        )
    return found


def compare(
    wanted: Sequence[Wanted], known: Mapping[str, Known], refused: Mapping[str, str], written: Mapping[str, str]
) -> list[Compared]:
    """Each value beside what is known. `refused`: values the station did not take, `written`: what it took unseen."""
    return [_compared(each, known.get(each.name), refused, written) for each in wanted]


def _compared(each: Wanted, known: Known | None, refused: Mapping[str, str], written: Mapping[str, str]) -> Compared:
    value = None if known is None else known.value
    if known is not None and known.gone:
        return Compared(each, "absent", value)
    if known is not None and known.mutability == "WriteOnly":
        done = written.get(each.name) == each.value
        return Compared(each, "refused" if refused.get(each.name) == each.value and not done else
                        "ok" if done else "write_only", None)  # fmt: skip
    if known is not None and value is not None and same(value, each.value, known.data_type):
        return Compared(each, "ok", value)
    if refused.get(each.name) == each.value:
        return Compared(each, "refused", value)
    if known is None or (value is None and known.mutability is None):
        return Compared(each, "unknown", value)
    return Compared(each, "read_only" if known.mutability == "ReadOnly" else "differs", value)


def to_write(compared: Iterable[Compared]) -> list[Wanted]:
    """What has to be written. A value that the station has refused is not sent again until it is another one."""
    return [each.wanted for each in compared if each.standing in ("differs", "unknown", "write_only")]


def drift(compared: Iterable[Compared]) -> int:
    """How many values are not as they shall be, as far as is known."""
    return sum(each.standing in DRIFT for each in compared)


def same(one: str, other: str, data_type: str | None = None) -> bool:
    """Whether two values mean the same."""
    one, other = one.strip(), other.strip()
    if one == other:
        return True
    if data_type in ("MemberList", "SequenceList") or (data_type is None and "," in one + other):
        left, right = _members(one), _members(other)
        return left == right if data_type == "SequenceList" else sorted(left) == sorted(right)
    if {one.casefold(), other.casefold()} <= {"true", "false"} or data_type == "boolean":
        return one.casefold() == other.casefold()
    if data_type in (None, "integer", "decimal"):
        left_number, right_number = _number(one), _number(other)
        return left_number is not None and left_number == right_number
    return False


def _members(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
