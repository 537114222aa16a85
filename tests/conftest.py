"""Settings every test shares."""

pytest_plugins = ["tests.support.postgres"]
