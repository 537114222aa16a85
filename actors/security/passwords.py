"""Requests that set the password a station logs in with, and what their answers say. Pure.

1.6: the key AuthorizationKey (security whitepaper, A01.FR.02). 2.x: SecurityCtrlr.BasicAuthPassword (A01.FR.02).
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

Taken = Literal["at_once", "later", "no"]

_KEY: Final = "authorizationkey"
_COMPONENT: Final = "securityctrlr"
_VARIABLE: Final = "basicauthpassword"
_BOUNDS: Final = ("MinSet", "MaxSet")


def passwords_in(action: str, payload: Any) -> list[str]:
    """Every password that the request sets; it may be of any shape, as an operator sent it unchecked."""
    if not isinstance(payload, Mapping):
        return []
    if action == "ChangeConfiguration":
        named = str(payload.get("key")).casefold() == _KEY
        return [str(payload.get("value") or "")] if named else []
    items = payload.get("setVariableData")
    if action != "SetVariables" or not isinstance(items, list):
        return []
    return [str(item.get("attributeValue") or "") for item in items if isinstance(item, Mapping) and _names_it(item)]


def taken(answer: Any) -> Taken:
    """What became of the password: it counts now, later (after a restart, or nobody knows), or not at all.

    A01.FR.03, A01.FR.04. An answer that does not name it leaves it open.
    """
    if not isinstance(answer, Mapping):
        return "later"
    status = answer.get("status")
    results = answer.get("setVariableResult")
    if isinstance(results, list):
        told = [each for each in results if isinstance(each, Mapping)]
        named = [each for each in told if _names_it(each)] or (told if len(told) == 1 else [])
        if not named:
            return "later"
        status = named[0].get("attributeStatus")
    if status == "Accepted":
        return "at_once"
    return "later" if status == "RebootRequired" else "no"


def _names_it(item: Mapping[str, Any]) -> bool:
    return (
        _name(item.get("component")) == _COMPONENT
        and _name(item.get("variable")) == _VARIABLE
        and item.get("attributeType") not in _BOUNDS
    )


def _name(named: Any) -> str:
    return str(named.get("name")).casefold() if isinstance(named, Mapping) else ""
