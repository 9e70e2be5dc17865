"""What is wrong with the input: logged once a kind with the remedy, counted ever after."""

import logging
from collections import Counter

logger = logging.getLogger("onebit_engines")

#: How often each kind of complaint arose in this process.
COUNTS = Counter()


def complain(kind, message):
    """Counts a complaint, and logs it if it is the first of its kind."""
    COUNTS[kind] += 1
    if COUNTS[kind] == 1:
        logger.warning("onebit: %s", message)
