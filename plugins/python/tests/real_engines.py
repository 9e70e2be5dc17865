"""The engines' real classes, from their packages as published, without what the packages need beside them.

The folder ONEBIT_ENGINES holds a folder a package, with the files that fetch_engines.py took out of it. What
they import beyond those files (torch, CUDA kernels, metrics, …) is replaced by empty classes: nothing of it bears on the
choice of victims.
"""

import importlib.abc
import importlib.machinery
import os
import sys
import types
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("ONEBIT_ENGINES", "engines"))


class _Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds, as modules whose every attribute is an empty class, what is under given names and not on the path."""

    def __init__(self, names):
        self.names = names

    def find_spec(self, name, path=None, target=None):
        if not any(name == stub or name.startswith(f"{stub}.") for stub in self.names):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__getattr__ = _empty_class
        return module

    def exec_module(self, module):
        pass


class _Nothing(type):
    """The type of empty classes: whatever is read from one is another."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _empty_class(name)


def _empty_class(name):
    if name.startswith("__"):
        raise AttributeError(name)

    def take_anything(self, *arguments, **named):
        pass

    def answer_nothing(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *arguments, **named: None

    return _Nothing(name, (), {"__init__": take_anything, "__getattr__": answer_nothing})


def use_engine(package, version, stubs):
    """Puts one published package on the path, with its version on record; skips the tests where it was not fetched."""
    folder = FOLDER / f"{package}-{version}"
    if not folder.is_dir():
        pytest.skip(f"{package} {version} was not fetched", allow_module_level=True)
    # In front of other finders for what is named, behind them for the rest: real files come first.
    sys.meta_path.append(_Stubs(stubs))
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
