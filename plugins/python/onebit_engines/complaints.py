"""The package's log. What is wrong with the input is logged once a kind with the remedy, and counted ever after."""

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


def tell(message, *arguments):
    """Logs at level INFO; engines set up logging for themselves alone, so on standard error where nobody listens."""
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(levelname)s %(asctime)s %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    logger.info("onebit: " + message, *arguments)
