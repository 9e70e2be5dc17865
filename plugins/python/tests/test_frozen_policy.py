"""Policy files: good ones are run, bad ones are logged once with the remedy and mean LRU."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from onebit_engines.complaints import COUNTS
from onebit_engines.frozen_policy import DEFAULT, LRU, FrozenPolicy, chosen_policy, read_frozen_policy

GOOD = {"format": "onebit policy", "version": 1, "policy": DEFAULT.policy, "seed": 1}


def write(folder, record):
    path = folder / "policy.json"
    path.write_text(record if isinstance(record, str) else json.dumps(record))
    return str(path)


def test_without_a_file_the_default_runs(monkeypatch):
    monkeypatch.delenv("ONEBIT_POLICY_FILE", raising=False)
    assert str(chosen_policy()) == "switch(discard(lru),lru,margin=500)"


def test_a_good_file_is_read_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("ONEBIT_POLICY_FILE", write(tmp_path, {**GOOD, "seed": 5, "written by": "a later release"}))
    frozen = chosen_policy()
    assert (str(frozen), frozen.seed) == (str(DEFAULT), 5)


@pytest.mark.parametrize(
    ("record", "remedy"),
    [
        ({**GOOD, "version": 2}, "upgrade onebit-engines"),
        ({**GOOD, "version": "1"}, "write it again"),
        ({**GOOD, "format": "onebit model"}, "write it again"),
        ({**GOOD, "seed": 1.5}, "write it again"),
        ({**GOOD, "policy": {"name": "arc", "policies": [], "parameters": {}}}, "write it again"),
        ({**GOOD, "policy": {**DEFAULT.policy, "parameters": {}}}, "write it again"),
        ({**GOOD, "policy": {**DEFAULT.policy, "parameters": {"margin": -1}}}, "write it again"),
        ({**GOOD, "policy": {**DEFAULT.policy, "policies": []}}, "write it again"),
        (json.dumps(GOOD)[:-9], "write it again"),
        ({**GOOD, "policy": {**DEFAULT.policy, "name": []}}, "write it again"),
        ("[" * 50_000, "write it again"),
        ("", "write it again"),
    ],
)
def test_a_bad_file_means_lru_with_one_line_that_names_the_remedy(tmp_path, caplog, record, remedy):
    COUNTS.clear()
    path = write(tmp_path, record)
    assert [str(chosen_policy(path)) for _ in range(3)] == ["lru"] * 3
    assert COUNTS["policy file"] == 3 and len(caplog.records) == 1
    assert path in caplog.text and remedy in caplog.text and "\n" not in caplog.records[0].message


def test_a_missing_file_means_lru(tmp_path, caplog):
    COUNTS.clear()
    assert chosen_policy(str(tmp_path / "none.json")) is LRU
    assert "none.json" in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "policies", "parameters", "margin", "seed", "version"]), inner, max_size=4),
)


@given(policy=JSON, seed=JSON)
def test_no_content_of_a_file_raises_anything_else(tmp_path_factory, policy, seed):
    path = write(tmp_path_factory.getbasetemp(), {**GOOD, "policy": policy, "seed": seed})
    try:
        assert isinstance(read_frozen_policy(path), FrozenPolicy)
    except ValueError:
        pass
