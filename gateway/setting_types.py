"""How the text of a setting becomes a value: durations, sizes, lists, networks, addresses to listen at.

Every function here takes the text as written and returns the value, or raises ValueError saying what is allowed.
"""

import ipaddress
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, urlsplit

import attrs

T = TypeVar("T")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SHORT = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_LONG = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_SIZE = re.compile(r"(\d+)\s*(B|KiB|MiB|GiB|kB|MB|GB)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_BYTES = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "MB": 10**6, "GB": 10**9}
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


@attrs.frozen
class ListenAddress:
    """Where to listen. `profiles` are the OCPP security profiles accepted there (empty for HTTP).

    `certificates` are pairs of certificate chain and key in PEM, more than one for ECDSA beside RSA.
    """

    scheme: str
    host: str
    port: int
    profiles: frozenset[int] = frozenset()
    certificates: tuple[tuple[Path, Path], ...] = ()
    client_ca: Path | None = None

    @property
    def tls(self) -> bool:
        return self.scheme in ("wss", "https")

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def text(value: str) -> str:
    """A text without blanks around it."""
    if not value.strip():
        raise ValueError("allowed: a text that is not empty")
    return value.strip()


def path(value: str) -> Path:
    """A path; `~` is the home directory."""
    return Path(text(value)).expanduser()


def flag(value: str) -> bool:
    """`true`/`false` and their usual spellings."""
    lowered = value.strip().lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError("allowed: true, false")


def seconds(value: str) -> float:
    """A duration, `20s`, `1m30s`, `500ms` or ISO 8601 `PT1H`, in seconds. Must be more than nothing."""
    stripped = value.strip()
    total = 0.0
    if iso := _LONG.fullmatch(stripped):
        total = sum(float(part or 0) * scale for part, scale in zip(iso.groups(), (86400, 3600, 60, 1), strict=True))
    elif stripped and not _SHORT.sub("", stripped):
        total = sum(float(number) * _SECONDS[unit] for number, unit in _SHORT.findall(stripped))
    if total <= 0:
        raise ValueError("allowed: a duration above zero such as 500ms, 20s, 5m, 1h, 30d or PT1H")
    return total


def size(value: str) -> int:
    """A number of bytes, `65536`, `64KiB` or `1MB`."""
    found = _SIZE.fullmatch(value.strip())
    if found is None or int(found[1]) == 0:
        raise ValueError("allowed: a number of bytes above zero such as 65536, 64KiB or 1MiB")
    return int(found[1]) * _BYTES[found[2] or "B"]


def whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number from `least` to `most`."""
    def parse(value: str) -> int:
        try:
            number = int(value.strip())
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ValueError(f"allowed: a whole number from {least} to {most}")
        return number

    return parse


def choice(*allowed: str) -> Callable[[str], str]:
    """One of these words, in any case."""
    def parse(value: str) -> str:
        lowered = value.strip().lower()
        if lowered not in allowed:
            raise ValueError(f"allowed: {', '.join(allowed)}")
        return lowered

    return parse


def listed(parse_one: Callable[[str], T], *, empty: bool = False) -> Callable[[str], tuple[T, ...]]:
    """A comma list; `empty` says whether no member at all is allowed."""

    def parse(value: str) -> tuple[T, ...]:
        members = tuple(parse_one(part) for part in value.split(",") if part.strip())
        if not members and not empty:
            raise ValueError("allowed: at least one value, separated by commas")
        return members

    return parse


def listed_ocpp(value: str) -> tuple[ListenAddress, ...]:
    """A comma list of `listen_ocpp`; commas inside one (`profiles=0,1`) are its own."""
    return tuple(listen_ocpp(part) for part in re.split(r",(?=\s*\w+://)", value))


def network(value: str) -> Network:
    """A network, or one address."""
    try:
        return ipaddress.ip_network(value.strip(), strict=False)
    except ValueError:
        raise ValueError("allowed: networks or addresses such as 10.0.0.0/8 or 2001:db8::1") from None


def url(*schemes: str) -> Callable[[str], str]:
    """An address with one of `schemes`, kept as written without a slash at its end."""

    def parse(value: str) -> str:
        split = urlsplit(text(value))
        if split.scheme not in schemes or not (split.netloc or split.query):
            raise ValueError(f"allowed: an address that begins with {' or '.join(f'{name}://' for name in schemes)}")
        return value.strip().rstrip("/")

    return parse


def listen_http(value: str) -> ListenAddress:
    """`http://HOST:PORT` or `https://HOST:PORT?cert=FILE&key=FILE`."""
    allowed = "allowed: http://HOST:PORT or https://HOST:PORT?cert=FILE&key=FILE"
    split, host, port = _split(value, ("http", "https"), {"http": 80, "https": 443}, allowed)
    certificates, rest = _certificates(split, allowed)
    if rest or len(certificates) != (split.scheme == "https"):
        raise ValueError(allowed)
    return ListenAddress(split.scheme, host, port, certificates=certificates)


def listen_ftp(value: str) -> ListenAddress:
    """`ftp://HOST:PORT`."""
    allowed = "allowed: ftp://HOST:PORT"
    split, host, port = _split(value, ("ftp",), {"ftp": 21}, allowed)
    if split.query:
        raise ValueError(allowed)
    return ListenAddress("ftp", host, port)


def ports(value: str) -> tuple[int, int]:
    """A range of ports, `50000-50100`."""
    first, dash, last = value.strip().partition("-")
    if not (dash and first.isdecimal() and last.isdecimal() and 0 < int(first) <= int(last) < 65536):
        raise ValueError("allowed: two port numbers such as 50000-50100")
    return int(first), int(last)


def listen_ocpp(value: str) -> ListenAddress:
    """`ws://HOST:PORT?profiles=0,1`, `wss://HOST:PORT?cert=FILE&key=FILE[&profiles=3&client-ca=FILE]`."""
    allowed = (
        "allowed: ws://HOST:PORT (profiles 0 and 1), wss://HOST:PORT?cert=FILE&key=FILE (profile 2), "
        "with &profiles=3 for profile 3 (&client-ca=FILE: authorities beside those of tenants); profiles= narrows"
    )
    split, host, port = _split(value, ("ws", "wss"), {"ws": 80, "wss": 443}, allowed)
    certificates, rest = _certificates(split, allowed)
    possible = frozenset({0, 1}) if split.scheme == "ws" else frozenset({2, 3})
    usual = possible if split.scheme == "ws" else frozenset({2})
    profiles = _profiles(rest.pop("profiles", None), usual, possible, allowed)
    client_ca = rest.pop("client-ca", None)
    if rest or bool(certificates) != (split.scheme == "wss") or (client_ca is not None and 3 not in profiles):
        raise ValueError(allowed)
    return ListenAddress(split.scheme, host, port, profiles, certificates, Path(client_ca) if client_ca else None)


def _split(
    value: str, schemes: Sequence[str], ports: dict[str, int], allowed: str
) -> tuple[SplitResult, str, int]:
    try:
        split = urlsplit(value.strip())
        port = split.port
    except ValueError:
        raise ValueError(allowed) from None
    if split.scheme not in schemes or not split.hostname or split.path not in ("", "/") or split.username is not None:
        raise ValueError(allowed)
    return split, split.hostname, ports[split.scheme] if port is None else port


def _certificates(split: SplitResult, allowed: str) -> tuple[tuple[tuple[Path, Path], ...], dict[str, str]]:
    pairs = parse_qsl(split.query, keep_blank_values=True)
    chains = [Path(item) for name, item in pairs if name == "cert" and item]
    keys = [Path(item) for name, item in pairs if name == "key" and item]
    if len(chains) != len(keys):
        raise ValueError(f"{allowed}; every cert needs its key")
    rest = {name: item for name, item in pairs if name not in ("cert", "key")}
    return tuple(zip(chains, keys, strict=True)), rest


def _profiles(value: str | None, usual: frozenset[int], possible: frozenset[int], allowed: str) -> frozenset[int]:
    if value is None:
        return usual
    parts = value.split(",")
    if not all(part in ("0", "1", "2", "3") for part in parts):
        raise ValueError(allowed)
    profiles = frozenset(int(part) for part in parts)
    if not profiles <= possible:
        raise ValueError(allowed)
    return profiles
