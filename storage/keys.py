"""The forms under which what people and stations write is found again. Pure."""


def identity_key(identity: str) -> str:
    """Of a station's identity: unique ignoring case."""
    return identity.casefold()


def uid_key(uid: str) -> str:
    """Of a token's uid: unique ignoring case."""
    return uid.casefold()
