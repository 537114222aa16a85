"""Which names stand for a secret: of configuration keys, variables, fields, headers and query parameters."""

import functools
import re

HIDDEN = "***"

# Looked for anywhere in a name, once case and punctuation are gone.
_WORDS = (
    "password", "passwort", "kennwort", "passwd", "passphrase", "passcode", "pwd", "secret", "credential",
    "authorizationkey", "authkey", "authtoken", "authorizationtoken", "accesstoken", "bearertoken", "refreshtoken",
    "apikey", "apitoken", "accesskey", "privatekey", "sharedkey", "encryptionkey", "wifikey", "wpakey", "vpnkey",
    "simpin", "pincode",
)  # fmt: skip
# Too short to be looked for inside other words.
_WHOLE = frozenset({"pin", "psk", "pw", "pass"})
_ENDS = ("psk",)
# A query parameter also gives access when it ends like this: `X-Amz-Signature`, `sig`, `token`, `X-Amz-Credential`.
_PARAMETER_ENDS = ("token", "signature", "sig", "key", "auth", "credential", "sas", "jwt")
_LONGEST = 256  # characters of a name that are looked at; stations send names of any length, and answers are kept
_NOISE = re.compile(r"[\W_]+")

# The same words inside prose, where `api-key`, `api_key` and `apiKey` are all written.
WORDS_PATTERN = "|".join(
    (
        r"pass[_-]?wor[dt]", "kennwort", r"passwd", r"pass[_-]?phrase", r"pass[_-]?code", "pwd", "secret", "credential",
        r"authorization[_-]?key", r"auth[_-]?key", r"auth[_-]?token", r"authorization[_-]?token", r"access[_-]?token",
        r"bearer[_-]?token", r"refresh[_-]?token", r"api[_-]?key", r"api[_-]?token", r"access[_-]?key",
        r"private[_-]?key", r"shared[_-]?key", r"encryption[_-]?key", r"wifi[_-]?key", r"wpa[_-]?key", r"vpn[_-]?key",
        r"sim[_-]?pin", r"pin[_-]?code", r"(?<![a-z0-9])psk(?![a-z0-9])",
    )
)  # fmt: skip


def is_secret_name(name: str) -> bool:
    """True when a value of that name must be hidden: `AuthorizationKey`, `basicAuthPassword`, `ftp_password` …"""
    return _is_secret(name[:_LONGEST])


@functools.lru_cache(maxsize=4096)
def _is_secret(name: str) -> bool:
    plain = _normal(name)
    return plain in _WHOLE or plain.endswith(_ENDS) or any(word in plain for word in _WORDS)


def is_secret_parameter(name: str) -> bool:
    """The same for parameters of an address, where `sig=` and `token=` are keys to what it points to."""
    plain = normal(name)
    return plain.endswith(_PARAMETER_ENDS) or is_secret_name(name)


def normal(name: str) -> str:
    """A name without case and punctuation."""
    return _normal(name[:_LONGEST])


@functools.lru_cache(maxsize=4096)
def _normal(name: str) -> str:
    return _NOISE.sub("", name).lower()
