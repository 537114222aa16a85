"""What a VAT number looks like, by country. Pure.

The shapes are those that the European Commission publishes for VIES; of countries outside of it only the prefix and
the length are looked at.
"""

import re
from typing import Final

_SHAPES: Final = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "BG": r"\d{9,10}", "CY": r"\d{8}[A-Z]", "CZ": r"\d{8,10}", "DE": r"\d{9}",
    "DK": r"\d{8}", "EE": r"\d{9}", "EL": r"\d{9}", "ES": r"[A-Z0-9]\d{7}[A-Z0-9]", "FI": r"\d{8}",
    "FR": r"[A-Z0-9]{2}\d{9}", "HR": r"\d{11}", "HU": r"\d{8}", "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}", "IT": r"\d{11}",
    "LT": r"\d{9}|\d{12}", "LU": r"\d{8}", "LV": r"\d{11}", "MT": r"\d{8}", "NL": r"[A-Z0-9+*]{10}\d{2}",
    "PL": r"\d{10}", "PT": r"\d{9}", "RO": r"\d{2,10}", "SE": r"\d{12}", "SI": r"\d{8}", "SK": r"\d{10}",
    "XI": r"\d{9}|\d{12}|GD\d{3}|HA\d{3}",
}  # fmt: skip
_ELSEWHERE: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{5,15}")


def normal(number: str) -> str:
    """Without blanks, dots and dashes, in capitals."""
    return re.sub(r"[\s.\-]", "", number).upper()


def well_formed(number: str) -> bool:
    """True when such a number can exist: a country's two letters, then what that country's numbers look like."""
    plain = normal(number)
    shape = _SHAPES.get("EL" if plain[:2] == "GR" else plain[:2])
    if shape is not None:
        return re.fullmatch(shape, plain[2:], re.ASCII) is not None
    return _ELSEWHERE.fullmatch(plain) is not None and any(letter.isdigit() for letter in plain)
