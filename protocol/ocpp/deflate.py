"""The offers of `Sec-WebSocket-Extensions` → what to answer for permessage-deflate (RFC 7692).

No context takeover in either direction: a pair of contexts costs far more than a station's whole connection.
"""

from typing import Final

import attrs

NAME: Final = "permessage-deflate"
_FLAGS: Final = ("server_no_context_takeover", "client_no_context_takeover")
_WIDTHS: Final = {str(bits): bits for bits in range(8, 16)}


@attrs.frozen
class Offer:
    """One extension as offered; a parameter without a value has None."""

    name: str
    parameters: tuple[tuple[str, str | None], ...] = ()


@attrs.frozen
class Deflate:
    """Agreed compression: the window (9 to 15 bits) of what we deflate, and the header that says so."""

    bits: int
    header: str


def read(headers: list[bytes]) -> tuple[Offer, ...]:
    """The offers in their order; what is no offer at all is left out."""
    offers = []
    for text in b",".join(headers).decode("latin-1").split(",")[:16]:
        name, *rest = (part.strip() for part in text.split(";"))
        parameters = []
        for part in rest[:16]:
            key, sign, value = part.partition("=")
            parameters.append((key.strip().lower(), value.strip().strip('"') if sign else None))
        if name:
            offers.append(Offer(name.lower(), tuple(parameters)))
    return tuple(offers)


def agree(offers: tuple[Offer, ...]) -> Deflate | None:
    """The first offer that can be met, or None."""
    return next((agreed for offer in offers if offer.name == NAME and (agreed := _meet(offer))), None)


def _meet(offer: Offer) -> Deflate | None:
    given = dict(offer.parameters)
    if len(given) != len(offer.parameters):
        return None
    parts, bits = [NAME, *_FLAGS], 15
    for key, value in given.items():
        if key in _FLAGS and value is None:
            continue
        if key == "server_max_window_bits" and value in _WIDTHS:
            bits = _WIDTHS[value]
            parts.append(f"{key}={bits}")
        elif not (key == "client_max_window_bits" and (value is None or value in _WIDTHS)):
            return None
    # zlib cannot deflate raw with a window of 8 bits: it would silently use 9.
    return Deflate(bits, "; ".join(parts)) if bits > 8 else None
