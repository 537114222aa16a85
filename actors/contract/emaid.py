"""Contract ids (eMAID): one form for all spellings, and the check digit. Pure.

ISO 15118-2 writes country (2 letters), provider (3), instance (9) and an optional check digit, with or without
hyphens, in any case. The check digit is that of the eMI³ group: two codes over the characters, one modulo 2 and one
modulo 3, whose remainder is itself a character.
"""

import re
from typing import Final

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE: Final = re.compile(r"[A-Z]{2}[A-Z0-9]{3}[A-Z0-9]{9}[A-Z0-9]?")
_LONGEST: Final = 36  # an idToken
Pair = tuple[int, int]


def normal(emaid: str) -> str:
    """Without separators and in capitals; whatever is no eMAID comes back so too."""
    return re.sub(r"[-*\s]", "", emaid[:_LONGEST]).upper()


def spellings(emaid: str) -> tuple[str, ...]:
    """The normal forms under which the same contract may be kept: with its check digit and without it.

    A wrong check digit names nobody else: then there is only the one form. Empty for what is no eMAID.
    """
    form = normal(emaid)
    if _SHAPE.fullmatch(form) is None:
        return ()
    if len(form) == 14:
        return form, form + check_digit(form)
    return (form, form[:14]) if check_digit(form[:14]) == form[14] else (form,)


def same(one: str, other: str) -> bool:
    """True when both name the same contract."""
    forms = spellings(one)
    return normal(other) in forms if forms else normal(one) == normal(other)


def check_digit(form: str) -> str:
    """The check digit of the 14 characters. Raises ValueError for a character that none has."""
    twos = threes = (0, 0)
    power2, power3 = (0, 1, 1, 1), (0, 1, 1, 2)
    step2: tuple[int, ...] = power2
    step3: tuple[int, ...] = power3
    for letter in form:
        a, b, c, d = _parts(letter)
        twos = _plus(twos, _times((a, b), step2), 2)
        threes = _plus(threes, _times((c, d), step3), 3)
        step2, step3 = _matrix(step2, power2, 2), _matrix(step3, power3, 3)
    return _remainder(twos, threes, step2, step3)


def _parts(letter: str) -> tuple[int, int, int, int]:
    """A character as two bits and two digits of base 3: its two halves of the code."""
    high, low = divmod(_LETTERS.index(letter), 9)
    return high // 2, high % 2, low // 3, low % 3


def _remainder(twos: Pair, threes: Pair, step2: tuple[int, ...], step3: tuple[int, ...]) -> str:
    """The character that, one place further, makes both sums nought."""
    for letter in _LETTERS:
        a, b, c, d = _parts(letter)
        if _plus(twos, _times((a, b), step2), 2) == (0, 0) and _plus(threes, _times((c, d), step3), 3) == (0, 0):
            return letter
    raise ValueError(f"no check digit for {twos} {threes}")


def _times(pair: Pair, matrix: tuple[int, ...]) -> Pair:
    return pair[0] * matrix[0] + pair[1] * matrix[2], pair[0] * matrix[1] + pair[1] * matrix[3]


def _plus(one: Pair, other: Pair, modulus: int) -> Pair:
    return (one[0] + other[0]) % modulus, (one[1] + other[1]) % modulus


def _matrix(one: tuple[int, ...], other: tuple[int, ...], modulus: int) -> tuple[int, ...]:
    a, b, c, d = one
    e, f, g, h = other
    return ((a * e + b * g) % modulus, (a * f + b * h) % modulus, (c * e + d * g) % modulus, (c * f + d * h) % modulus)
