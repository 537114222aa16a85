"""Requests that set the password a station logs in with, and what their answers say. Pure.

1.6: the key AuthorizationKey (security whitepaper, A01.FR.02). 2.x: SecurityCtrlr.BasicAuthPassword (A01.FR.02).
2.1: also that of one network slot, by SetNetworkProfile (B09.FR.09) or by NetworkConfiguration.BasicAuthPassword
(B09.FR.24): it counts once the station uses the slot, which nobody hears of before it comes with it.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

Taken = Literal["at_once", "later", "no"]
NOT_IN_A_SLOT: Final = (
    "is not the password in force: with another one in a network slot the station would be locked out once it uses the "
    "slot. Leave it out, or set it with `rotate-password` first, which counts in every slot (B09.FR.27)"
)

_KEY: Final = "authorizationkey"
_COMPONENT: Final = "securityctrlr"
_SLOT: Final = "networkconfiguration"
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


def slot_passwords(action: str, payload: Any) -> list[tuple[str, str]]:
    """Every password of a network slot that the request sets, with its JSON pointer; it may be of any shape."""
    if not isinstance(payload, Mapping):
        return []
    if action == "SetNetworkProfile":
        data = payload.get("connectionData")
        found = data.get("basicAuthPassword") if isinstance(data, Mapping) else None
        return [] if found is None else [("/connectionData/basicAuthPassword", str(found))]
    items = payload.get("setVariableData")
    if action != "SetVariables" or not isinstance(items, list):
        return []
    return [
        (f"/setVariableData/{index}/attributeValue", str(item.get("attributeValue") or ""))
        for index, item in enumerate(items)
        if isinstance(item, Mapping) and _names_it(item, _SLOT)
    ]


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


def _names_it(item: Mapping[str, Any], component: str = _COMPONENT) -> bool:
    return (
        _name(item.get("component")) == component
        and _name(item.get("variable")) == _VARIABLE
        and item.get("attributeType") not in _BOUNDS
    )


def _name(named: Any) -> str:
    return str(named.get("name")).casefold() if isinstance(named, Mapping) else ""
