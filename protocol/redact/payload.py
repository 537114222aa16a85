"""Decoded JSON: secrets found by the field they stand in, the same for every action, with a few rules of actions."""

import json
from collections.abc import Collection
from typing import Any

import msgspec
import orjson

from protocol.redact.addresses import clean_address
from protocol.redact.names import HIDDEN, is_secret_name, normal
from protocol.redact.text import count_names, redact_text

# Fields that hold an upload or download address: there every query value may be the key.
_ADDRESS_FIELDS = frozenset({"location", "remotelocation", "ocppcsmsurl", "urls", "url", "responderurl", "receipturl"})
# Beside a secret name these hold its value, or what a station says about the value.
_VALUE_FIELDS = frozenset({
    "value", "attributevalue", "actualvalue", "newvalue", "previousvalue", "valueslist", "additionalinfo", "techinfo",
    "techcode", "values", "val", "v", "data", "content", "oldvalue", "currentvalue", "defaultvalue",
})  # fmt: skip
_NAME_FIELDS = frozenset({
    "key", "name", "variable", "component", "configurationkey", "variablename", "keys", "names", "id", "k", "item",
    "parameter", "param", "setting", "property", "option", "field",
})  # fmt: skip
_LISTS_OF_NAMES = frozenset({"key", "unknownkey", "keys", "names"})  # there a name's neighbour is another name
_LONGEST_NAME = 128
_LEAST_ECHO = 4  # shorter secrets are not looked for in other fields: they would shred the text
_MOST_NESTED = 4  # JSON inside a string inside JSON …


def redact_payload(action: str, payload: object, *, answer: bool, secrets: Collection[str] = ()) -> object:
    """A request's or answer's payload without its secrets: the very same object when it holds none.

    `payload` is decoded JSON or one of our message structs (which then comes back as plain JSON). `secrets` are values
    to hide wherever they turn up, as `secrets_in` gives them for the request that this answers.
    """
    cleaner = Cleaner(secrets)
    return cleaner.payload(action, payload, answer=answer)


def secrets_in(action: str, payload: object) -> frozenset[str]:
    """The secret texts of a request, so that an answer or error that echoes them can be cleaned too."""
    cleaner = Cleaner()
    cleaner.payload(action, payload, answer=False)
    return cleaner.secrets()


class Cleaner:
    """One walk through a payload. Unchanged parts are kept as they are, so that "nothing found" is told by `is`."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        self.found: list[str] = []
        self._secrets = [secret for secret in secrets if len(secret) >= _LEAST_ECHO]
        self._nested = 0

    def secrets(self) -> frozenset[str]:
        """What was hidden so far, where it is long enough to be looked for elsewhere."""
        return frozenset(text for text in self.found if len(text) >= _LEAST_ECHO)

    def payload(self, action: str | None, payload: object, *, answer: bool) -> object:
        plain: Any = msgspec.to_builtins(payload) if isinstance(payload, msgspec.Struct) else payload
        if action == "DataTransfer" and isinstance(plain, dict):
            plain = self._data_transfer(plain, answer=answer)
        about = plain.get("data") if action == "NotifyCustomerInformation" and isinstance(plain, dict) else None
        if about not in (None, HIDDEN):
            plain = plain | {"data": HIDDEN}  # about a person: it lies where it can be deleted (customer_reports)
        return self.value(plain)

    def value(self, value: Any, field: str = "", *, named: bool = False) -> Any:
        """`named`: a secret's name stands beside or above."""
        if isinstance(value, str):
            return self._text(value, field)
        if isinstance(value, dict):
            return self._object(value, field, named=named)
        if isinstance(value, list | tuple):
            return self._list(value, field, named=named)
        return value

    def _list(self, value: Any, field: str, *, named: bool) -> Any:
        """What follows a secret's name is its value: `["AuthorizationKey", "…"]`."""
        items, after_name = [], False
        for item in value:
            items.append(self._hide(item) if after_name else self.value(item, field, named=named))
            after_name = field not in _LISTS_OF_NAMES and _is_name(item)
        return value if all(new is old for new, old in zip(items, value, strict=True)) else items

    def _object(self, fields: dict[Any, Any], above: str, *, named: bool) -> dict[Any, Any]:
        named = named or _names_secret(fields)
        cleaned = {}
        changed = False
        for key, old in fields.items():
            plain = normal(key) if isinstance(key, str) else ""
            if (
                (plain and is_secret_name(key))
                or (named and plain in _VALUE_FIELDS)
                or (plain == "idtoken" and fields.get("type") == "KeyCode")  # 2.0.1 Part 2, C04.FR.04: in no log
                or (plain == "additionalidtoken" and _is_name(fields.get("type")))
                or (plain == "key" and above == "vpn")  # OCPP 2.0.1 Part 2, VPNType: the key is the shared secret
            ):
                new = self._hide(old)
            elif plain == "customdata" and isinstance(old, dict):
                new = self._vendors(old)
            else:
                new = self.value(old, plain, named=named)
            name = self._text(key, "") if plain else key
            changed = changed or new is not old or name is not key
            cleaned[name] = new
        return cleaned if changed else fields

    def _hide(self, value: Any) -> Any:
        """Absent, empty and truth values say nothing and stay; so does what is hidden already."""
        if value is None or isinstance(value, bool) or value in ("", [], {}, HIDDEN):
            return value
        self.found.extend(_texts(value))
        return HIDDEN

    def _text(self, text: str, field: str) -> str:
        old = text
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        if field in _ADDRESS_FIELDS:
            text = clean_address(text, thorough=True)
        if text[:1] in ("{", "[") and (inner := self._inner(text)) is not None:
            text = inner
        text = redact_text(text)
        return old if text == old else text

    def _inner(self, text: str) -> str | None:
        """JSON inside a string, cleaned; None when it is no JSON."""
        if self._nested >= _MOST_NESTED:
            return None
        try:
            decoded = orjson.loads(text)
        except orjson.JSONDecodeError:
            return None
        self._nested += 1
        try:
            cleaned = self.value(decoded)
        finally:
            self._nested -= 1
        return text if cleaned is decoded else orjson.dumps(cleaned).decode()

    def _data_transfer(self, payload: dict[Any, Any], *, answer: bool) -> dict[Any, Any]:
        """A vendor's own data stays as it is, unless it names a secret in a way that we cannot take apart."""
        data = payload.get("data")
        if data is None:
            return payload
        message = payload.get("messageId")
        if not answer and isinstance(message, str) and is_secret_name(message):
            return payload | {"data": self._hide(data)}
        if self._leaves_some(data, self.value(data, "data")):
            return payload | {"data": self._hide(data)}
        return payload

    def _vendors(self, data: dict[Any, Any]) -> dict[Any, Any]:
        """customData: the same for all but the vendor's id."""
        cleaned: dict[Any, Any] = self.value(data, "")
        if not self._leaves_some(data, cleaned):
            return cleaned
        return {key: old if key == "vendorId" else self._hide(old) for key, old in data.items()}

    @staticmethod
    def _leaves_some(data: Any, cleaned: Any) -> bool:
        """More secrets are named than were hidden: some value stands where it is not looked for."""
        names = count_names(_as_text(data))
        return names > 0 and names > _as_text(cleaned).count(HIDDEN)


def _names_secret(fields: dict[Any, Any]) -> bool:
    """A key, a variable or component by its name or instance, or a list of keys beside a list of values."""
    for key, value in fields.items():
        if isinstance(key, str) and normal(key) in _NAME_FIELDS:
            if isinstance(value, dict):
                if _is_name(value.get("name")) or _is_name(value.get("instance")):
                    return True
            elif any(_is_name(each) for each in value) if isinstance(value, list) else _is_name(value):
                return True
    return False


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_NAME and is_secret_name(value)


def _as_text(data: Any) -> str:
    if isinstance(data, str):
        return data
    try:
        return orjson.dumps(data, default=str).decode()
    except TypeError:  # numbers beyond 64 bits, half surrogate pairs
        return json.dumps(data, default=str)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return []
