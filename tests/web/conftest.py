"""What the tests of the web layer share."""

from tests.support.api import api, served_api

__all__ = ["api", "served_api"]
