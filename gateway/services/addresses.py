"""The names of others' machines turned into addresses that may be connected to.

Looking a name up can take as long as somebody's name server likes: it is done in threads of its own, of which each
tenant has its share, and within a deadline.
"""

import ipaddress
import socket
from typing import Final, cast
from uuid import UUID

import trio

from gateway.services.shares import Crowded, Share

_SECONDS: Final = 5.0
# What a gateway may turn into an IPv4 address that is not public, and what was once site-local.
_TRANSLATED: Final = tuple(
    ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96", "fec0::/10")
)


class NoAddress(OSError):  # noqa: N818 - says what is the case
    """The name stands for nothing now; the message says why."""


class ForbiddenError(OSError):
    """The address lies in a private network."""


class Names:
    """Looks names up. `Names()` for addresses that tenants and stations name; one of its own for those of operators."""

    def __init__(self) -> None:
        self._threads = Share(total=64, each=8, queue=64)

    async def address(self, tenant: UUID, host: str, port: int, *, private: bool) -> str:
        """The address to connect to. Without `private` all that the name stands for have to be public.

        Raises NoAddress, ForbiddenError.
        """
        places = [host] if _written_out(host) else await self._looked_up(tenant, host, port)
        if not private and not all(public(place) for place in places):
            raise ForbiddenError(f"{host} lies in a private network; VOLTYARD_OUTSIDE_PRIVATE=true would allow it")
        return places[0]

    async def _looked_up(self, tenant: UUID, host: str, port: int) -> list[str]:
        limiter = cast(trio.CapacityLimiter, self._threads.of(tenant))
        try:
            with trio.fail_after(_SECONDS):
                found = await trio.to_thread.run_sync(_ask, host, port, abandon_on_cancel=True, limiter=limiter)
        except trio.TooSlowError:
            raise NoAddress(f"{host} could not be looked up within {_SECONDS:g} s") from None
        except Crowded:
            raise NoAddress(f"too many names are being looked up to ask for {host} now") from None
        except OSError as error:
            raise NoAddress(f"{host} has no address: {error}") from None
        return [place.partition("%")[0] for place in found]


def _ask(host: str, port: int) -> list[str]:
    return [str(place[0]) for *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _written_out(host: str) -> bool:
    try:
        return not getattr(ipaddress.ip_address(host), "scope_id", None)
    except ValueError:
        return False


def public(place: str) -> bool:
    """False for loopback, private, link-local, multicast and reserved addresses, also inside an IPv6 one."""
    address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(place)
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in _TRANSLATED):
            return False
        address = address.ipv4_mapped or address.sixtofour or address
    return address.is_global and not address.is_multicast
