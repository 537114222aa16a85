"""Which 2.x sequence numbers of a transaction have arrived (OCPP 2.0.1 Part 2, E01.FR.07; 1.3.2 of the use cases).

Numbers are kept as ranges, since a gap is the exception. A number that came before is a repeat of a message.
"""

Ranges = tuple[tuple[int, int], ...]

MOST_RANGES = 100  # a station that skips more than this is not counting; the ranges would grow without end


def has(ranges: Ranges, number: int) -> bool:
    """True when this number has arrived before."""
    return any(first <= number <= last for first, last in ranges)


def add(ranges: Ranges, number: int) -> Ranges:
    """The ranges with that number in."""
    if ranges and ranges[-1][1] == number - 1:  # nearly always
        return (*ranges[:-1], (ranges[-1][0], number))
    if has(ranges, number):
        return ranges
    merged: list[tuple[int, int]] = []
    for first, last in sorted((*ranges, (number, number))):
        if merged and merged[-1][1] >= first - 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged[-MOST_RANGES:])


def complete(ranges: Ranges) -> bool:
    """True when nothing is missing from 0 on."""
    return not ranges or (len(ranges) == 1 and ranges[0][0] == 0)
