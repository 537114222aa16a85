"""What the generated message modules share: the base class, custom data, and the two rules msgspec cannot express.

Written by hand; the modules beside it (`v16`, `v201`, `v21`) are generated and import it.
"""

from decimal import Decimal
from typing import Any

import msgspec

VENDOR_ID_LENGTH = 255


class Message(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """A request, a response or an object inside one.

    An optional field that is absent holds `msgspec.UNSET` and is left out on encoding; JSON `null` is refused, as in
    the schemas. Values are not checked when an object is made in Python, only when it is decoded. Messages are trees,
    so the garbage collector need not look at them (`gc=False`).
    """


class CustomDataType(dict[str, Any]):
    """The 2.x `customData` object: `vendorId` and whatever else the vendor put beside it, kept both ways.

    A plain struct would drop the vendor's own fields, and they would be lost when a message is sent on.
    """

    __slots__ = ()

    @property
    def vendor_id(self) -> str:
        """The vendor's name, at most 255 characters."""
        return str(self["vendorId"])


def decode_custom_data(wanted: type, value: object) -> object:
    """The `dec_hook` that every decoder of these messages needs. The texts of its errors are read by `problems.py`."""
    if wanted is not CustomDataType:
        raise NotImplementedError(f"no decoder for {wanted!r}")
    if not isinstance(value, dict):
        raise ValueError(f"Expected `object`, got {_json_type(value)}")
    if "vendorId" not in value:
        raise ValueError("Object missing required field `vendorId`")
    vendor = value["vendorId"]
    if not isinstance(vendor, str):
        raise ValueError(f"Field `vendorId`: Expected `str`, got {_json_type(vendor)}")
    if len(vendor) > VENDOR_ID_LENGTH:
        raise ValueError(f"Field `vendorId`: Expected `str` of length <= {VENDOR_ID_LENGTH}")
    return CustomDataType(value)


def _json_type(value: object) -> str:
    name = "null" if value is None else "array" if isinstance(value, list) else type(value).__name__
    return f"`{name}`"


def require_tenths(name: str, value: float | msgspec.UnsetType) -> None:
    """Refuse a number with more than one decimal (OCPP 1.6, ChargingSchedulePeriod.limit, minChargingRate).

    Compared as the decimal number that was written: 8.1 is a multiple of 0.1, although the binary remainder of the
    two floats is not zero. Raises ValueError.
    """
    if isinstance(value, msgspec.UnsetType):
        return
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -1:
        raise ValueError(f"Field `{name}`: Expected `float` with at most one decimal, got {value!r}")
