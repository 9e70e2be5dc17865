"""Text that every machine with Python carries: docstrings of the standard library, licences and notes of packages."""

import ast
import hashlib
import sysconfig
from pathlib import Path

from journal import Refusal

LONGEST = 24000
SHORTEST = 400


def read_corpus():
    """Named pieces of text in an order that does not depend on the file system: [(name, text)]."""
    pieces = _docstrings(Path(sysconfig.get_path("stdlib"))) + _notes(Path(sysconfig.get_path("purelib")))
    pieces += _files(Path("/usr/share/doc"), ("*/README*", "*/copyright", "*/*.txt", "*/*.md"))
    if len(pieces) < 50:
        raise Refusal(f"only {len(pieces)} pieces of text are found; install the documentation of Python's packages")
    return pieces


def fingerprint(corpus):
    """Tells one machine's text from another's: a recording that goes on with other text would ask something else."""
    digest = hashlib.sha256()
    for name, text in corpus:
        digest.update(f"{name}\0{text}\0".encode())
    return f"{len(corpus)} pieces, {digest.hexdigest()[:16]}"


def _docstrings(folder):
    pieces = []
    for path in sorted(folder.glob("*.py")) + sorted(folder.glob("*/*.py")):
        if "site-packages" in path.parts or "test" in path.parts[-2]:
            continue
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError):
            continue
        module = path.stem if path.parent == folder else f"{path.parent.name}.{path.stem}"
        parts = [
            f"{module}.{node.name}: {text}" if hasattr(node, "name") else text
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)) and (text := ast.get_docstring(node))
        ]
        pieces.append((module, "\n\n".join(parts)[:LONGEST]))
    return [(name, text) for name, text in pieces if len(text) >= SHORTEST]


def _notes(folder):
    return _files(folder, ("*.dist-info/METADATA", "*.dist-info/LICENSE*", "*.dist-info/licenses/LICENSE*"))


def _files(folder, patterns):
    pieces = []
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}):
        text = path.read_text(encoding="utf-8", errors="replace")[:LONGEST]
        if len(text) >= SHORTEST and text.isprintable() is False and "\0" not in text:
            pieces.append((f"{path.parent.name}/{path.name}", text))
    return pieces
