"""What no station has more of, whatever it says."""

from typing import Final

MOST_CONNECTORS: Final = 500
"""One that counts on for ever fills neither memory nor table (quirk 28)."""
