"""Settings every test shares."""

import os

from hypothesis import settings

pytest_plugins = ["tests.support.postgres", "tests.support.sharing"]

# The same examples every time, so that a red run is red again; `VOLTYARD_EXPLORE=1` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
if not os.environ.get("VOLTYARD_EXPLORE"):
    settings.load_profile("same")
