"""One node for the whole walk; every case has a station of its own there."""

from collections.abc import Iterator

import pytest

from tests.support.node import Node, running_node
from tests.support.walking import TOKEN


@pytest.fixture(scope="package")
def walked() -> Iterator[Node]:
    with running_node() as node:
        node.add_token(TOKEN)
        yield node
