"""Credentials inside addresses: `ftp://user:pw@host/`, `https://host/?token=…`."""

import re

from protocol.redact.names import HIDDEN, is_secret_parameter

# Escaped slashes (`ftp:\/\/`) are how some encoders write JSON; they stand in frames that could not be decoded.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,20}:(?:\\?/){2}[^\s\"'<>]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{0,20}:(?:\\?/){2}")
_PARAMETER = re.compile(r"([?&;#])([^=?&;#]{1,128})=([^&#]*)")
# The secret part of the file server's one-time addresses (storage/web/file_addresses.py).
_KEY = re.compile(r"(/key-)[A-Za-z0-9_-]{16,}")
_PORT = re.compile(r":\d+\\?\Z")


def holds_address(text: str) -> bool:
    """A quick look: False when there is nothing in the text that `clean_addresses` could change."""
    return "://" in text or ":\\/" in text


def clean_addresses(text: str) -> str:
    """Every address in running text without its credentials; the rest stays."""
    if not holds_address(text):
        return text
    return _ADDRESS.sub(lambda match: clean_address(match.group()), text)


def clean_address(address: str, *, thorough: bool = False) -> str:
    """One address without its credentials.

    `thorough` is for upload and download addresses, where any query value may be the key and whatever stands between a
    colon and an @ may be a password: all of that is hidden, in doubt too much.
    """
    scheme = _SCHEME.match(address)
    start = scheme.end() if scheme else 0
    rest = address[start:]
    if _has_credentials(rest, bare=scheme is None, thorough=thorough):
        # Up to the last @, since passwords with an unescaped / or @ are written by hand into such addresses.
        rest = f"{HIDDEN}@{rest[rest.rindex('@') + 1:]}"
    if "/key-" in rest:
        rest = _KEY.sub(rf"\1{HIDDEN}", rest)
    if "=" in rest:
        rest = _PARAMETER.sub(lambda match: _parameter(match, thorough), rest)
    return address[:start] + rest


def _has_credentials(rest: str, *, bare: bool, thorough: bool) -> bool:
    if "@" not in rest:
        return False
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if bare or "@" in authority:
        return True
    # `user:p/w@host`: what follows the colon is no port, so the password goes on beyond the slash.
    return ":" in authority and (thorough or not (authority.startswith("[") or _PORT.search(authority)))


def _parameter(match: re.Match[str], every: bool) -> str:
    mark, name, value = match.groups()
    return f"{mark}{name}={HIDDEN}" if value and (every or is_secret_parameter(name)) else match.group()
