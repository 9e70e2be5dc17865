"""The library's operation logs, replayed: every victim must be the same."""

import json
import os
from pathlib import Path

import pytest
from onebit_engines.engine_run import EngineRun
from onebit_engines.frozen_policy import FrozenPolicy

FOLDER = Path(os.environ.get("ONEBIT_GOLDEN", "golden"))
LOGS = sorted(FOLDER.glob("*.jsonl"))


def perform(run, name, arguments):
    """One operation of a log; the answer of an eviction."""
    if name == "evict":
        count, spared, incoming, _ = arguments
        return run.evict(count, frozenset(spared), incoming)
    if name in ("pin", "unpin"):
        (run.pinned.add if name == "pin" else run.pinned.discard)(*arguments)
    else:
        getattr(run, name)(*arguments)
    return None


@pytest.mark.skipif(not LOGS, reason="no logs; run by test/plugins/python.test.ts, which makes them")
@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_every_victim_is_the_library_s(log):
    run, seen, turns = None, 0, 0
    with open(log, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            operation = json.loads(line)
            if isinstance(operation, dict):
                run = EngineRun(operation["capacity"], FrozenPolicy(operation["policy"], operation["seed"]))
                continue
            name, *arguments = operation
            seen += 1
            answer = perform(run, name, arguments)
            if name == "evict":
                assert answer == arguments[-1], f"line {number}: {operation}"
            turns = max(turns, getattr(run.cache and run.cache.policy, "changes", 0))
    assert seen >= 10_000
    assert turns > 1 or "switch" not in log.stem
