"""The library's operation logs, replayed: every victim must be the same."""

import json
import os
from itertools import islice
from pathlib import Path

import pytest
from onebit_engines.engine_run import EngineRun
from onebit_engines.frozen_policy import FrozenPolicy, read_frozen_policy
from onebit_engines.policies.trust import Trust

FOLDER = Path(os.environ.get("ONEBIT_GOLDEN", "golden"))
LOGS = sorted(FOLDER.glob("*.jsonl"))


def foreseen(run, count, spared, incoming):
    """The victims by the policy's own walk, which LMCache asks for; None where there is none."""
    if run.cache is None or incoming:
        return None
    walk = run.cache.policy.walk(run.pinned.union(key for key in spared if key in run.recency))
    return None if walk is None else list(islice(walk, count))


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


@pytest.mark.skipif(not LOGS, reason="no logs; run by test/slow/python-engines.test.ts, which makes them")
@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_every_victim_is_the_library_s(log):
    run, seen, turns, guarded = None, 0, 0, 0
    with open(log, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            operation = json.loads(line)
            if isinstance(operation, dict):
                run = EngineRun(operation["capacity"], FrozenPolicy(operation["policy"], operation["seed"]))
                continue
            name, *arguments = operation
            seen += 1
            walked = foreseen(run, *arguments[:3]) if name == "evict" and arguments[-1] is not None else None
            answer = perform(run, name, arguments)
            if name == "evict":
                assert answer == arguments[-1], f"line {number}: {operation}"
                assert walked in (None, answer), f"line {number}: {operation}"
            guarded += bool(getattr(run.cache and run.cache.policy, "guarded", ()))
            turns = max(turns, getattr(run.cache and run.cache.policy, "changes", 0))
    assert seen >= 10_000
    # The default margin is several times those that a log's name gives, and lets sides change once.
    assert turns > ("margin" in log.stem) or not log.stem.startswith("switch")
    assert guarded > 50 or not log.stem.startswith("guard")


@pytest.mark.skipif(not LOGS, reason="no logs; run by test/slow/python-engines.test.ts, which makes them")
@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_a_policy_that_the_library_froze_is_read_as_it_was_written(log, tmp_path):
    with open(log, encoding="utf-8") as lines:
        record = json.loads(next(lines))
    path = tmp_path / "policy.json"
    path.write_text(json.dumps(record))
    frozen = read_frozen_policy(path)
    assert (frozen.policy, frozen.seed) == (record["policy"], record["seed"])


def changes_of_side(margin, spells):
    """The requests at which sides change: of each spell how many requests it has, and whether the first policy, the second and the real
    cache hit."""
    rule, changes = Trust(margin), []
    requests = (hits for length, *hits in spells for _ in range(length))
    for request, (first, second, real) in enumerate(requests):
        hits = (second, first) if len(changes) % 2 else (first, second)
        if rule.changes(*hits, real):
            changes.append(request)
    return changes


@pytest.mark.skipif(not LOGS, reason="no logs; run by test/slow/python-engines.test.ts, which makes them")
def test_sides_change_when_the_library_s_do():
    cases = json.loads((FOLDER / "switch-rule.json").read_text())
    for case in cases:
        assert changes_of_side(case["margin"], case["spells"]) == case["changes"], case["margin"]
    assert sum(len(case["changes"]) for case in cases if case["margin"] >= 100) > 100
