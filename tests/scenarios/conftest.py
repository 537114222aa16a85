"""One node for the tests of a module, where what they leave behind does not disturb the next one."""

from collections.abc import Iterator

import pytest

from tests.support.node import Node, running_node


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with running_node() as node:
        yield node
