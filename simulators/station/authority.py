"""Who may charge when the platform cannot be asked: the local list and the authorisation cache."""

from datetime import datetime

import attrs

MOST_CACHED = 1000


@attrs.frozen
class TokenInfo:
    """What is known about a token: status as the platform named it, group, end of validity."""

    status: str
    group: str | None = None
    expires_at: datetime | None = None

    def accepted(self, now: datetime) -> bool:
        """True when the token may charge now."""
        return self.status == "Accepted" and (self.expires_at is None or self.expires_at > now)


class Authority:
    """The local list with its version and the cache; tokens are compared without regard to case."""

    def __init__(self) -> None:
        self.list_version = 0
        self._list: dict[str, TokenInfo] = {}
        self._cache: dict[str, TokenInfo] = {}

    def known(self, token: str) -> TokenInfo | None:
        """The list's word, else the cache's (OCPP 1.6, 3.5: the list has priority)."""
        key = token.lower()
        return self._list.get(key) or self._cache.get(key)

    def remember(self, token: str, info: TokenInfo) -> None:
        """Keep the platform's answer; the oldest goes when the cache is full."""
        key = token.lower()
        self._cache.pop(key, None)
        if len(self._cache) >= MOST_CACHED:
            self._cache.pop(next(iter(self._cache)))
        self._cache[key] = info

    def clear_cache(self) -> None:
        """Forget what the platform answered before."""
        self._cache.clear()

    def too_much(self, sent: int, most_sent: int, most: int, *, full: bool) -> bool:
        """Whether a message, or the list after it, holds more than the station can take (OCPP 1.6, 9.3)."""
        return sent > most_sent or (0 if full else len(self._list)) + sent > most

    def replace_list(self, version: int, entries: dict[str, TokenInfo]) -> None:
        """A full update."""
        self._list = {token.lower(): info for token, info in entries.items()}
        self.list_version = version

    def update_list(self, version: int, entries: dict[str, TokenInfo | None]) -> bool:
        """A differential update; None removes. False when the version does not rise."""
        if version <= self.list_version:
            return False
        for token, info in entries.items():
            if info is None:
                self._list.pop(token.lower(), None)
            else:
                self._list[token.lower()] = info
        self.list_version = version
        return True
