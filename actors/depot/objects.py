"""What swap stations hold, as kinds of station_objects. Pure. OCPP 2.1 Part 2, S.

| Kind | Key | `data` |
|---|---|---|
| `battery` | serial number | `serial_number`, `evse` (its slot), `soc`, `soh`, `production_date`, `vendor_info`, |
| | | `request_id`; status `in`, `out` or `out_timeout`; gone when it was taken out |
| `battery_swap` | request id/what | `request_id`, `what`, `token`, `token_type`, `batteries`, `at` |
"""

from collections.abc import Mapping
from typing import Any, Final

BATTERY: Final = "battery"
SWAP: Final = "battery_swap"
_NAMES: Final = {
    "serialNumber": "serial_number", "evseId": "evse", "soC": "soc", "soH": "soh",
    "productionDate": "production_date", "vendorInfo": "vendor_info",
}  # fmt: skip


def battery_data(told: Mapping[str, Any]) -> dict[str, Any]:
    """BatteryDataType under our names."""
    return {name: told.get(theirs) for theirs, name in _NAMES.items()}
