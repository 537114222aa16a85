"""What may happen at any pace is told seldom, and nothing of it is lost."""

from gateway.tally import Tally


def test_the_first_at_once_the_others_together() -> None:
    tally: Tally[str] = Tally(10.0)
    assert [tally.add("a", at) for at in (0.0, 1.0, 2.0)] == [1, 0, 0]
    assert tally.add("b", 3.0) == 1
    assert tally.due(9.0) == []
    assert tally.due(10.0) == [("a", 2)]
    assert tally.add("a", 11.0) == 0  # told a moment ago
    assert tally.add("a", 21.0) == 2
    assert [tally.add("b", 21.0), tally.add("b", 21.0)] == [1, 0]
    assert tally.due(31.0) == [("b", 1)]
    assert tally.due(99.0) == []
