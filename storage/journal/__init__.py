"""The journal: units of work of many stations become few transactions, and every caller learns its unit's fate.

`journal.py` holds the loop, `queue.py` who waits, `hold.py` who waits for a refusing table, `rows.py` and `tables.py`
what is written, `writer.py` the attempts, `verdict.py` and `split.py` what to do when one fails.
"""

from storage.journal.journal import Journal, open_journal
from storage.journal.stats import JournalStats

__all__ = ["Journal", "JournalStats", "open_journal"]
