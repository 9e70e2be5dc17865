"""Facts about the machine that records, and whether it has room."""

import ctypes
import hashlib
import platform
import subprocess
from pathlib import Path

import torch

from journal import Refusal


def check_memory(device, needed, model):
    """Refuses with one line if the KV cache, or the model file before it is loaded, does not fit."""
    if needed == 0:
        path = Path(model)
        files = path.glob("*.safetensors") if path.is_dir() else [path] if path.exists() else []
        # Four-bit weights grow to eight times their size when they become 32-bit numbers; others at most double.
        needed = sum(file.stat().st_size for file in files) * (8 if path.suffix == ".gguf" else 2)
    free = free_bytes(device)
    if needed > 0.9 * free:
        raise Refusal(
            f"{needed / 2**30:.1f} GiB are needed and {free / 2**30:.1f} GiB are free on {device}; "
            "give a smaller --pool-blocks or model"
        )


def keep_freed_memory():
    """Lets the C library reuse large pieces instead of giving them back: doubles the speed of a step on the CPU."""
    try:
        allocator = ctypes.CDLL("libc.so.6")
        allocator.mallopt(-3, 1 << 30)  # M_MMAP_THRESHOLD
        allocator.mallopt(-1, 2**31 - 1)  # M_TRIM_THRESHOLD
    except (OSError, AttributeError):
        pass


def free_bytes(device):
    if device == "cuda":
        return torch.cuda.mem_get_info()[0]
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable"):
            return int(line.split()[1]) * 1024
    raise Refusal("the free memory of this system cannot be told; record on Linux")


def describe(device, decoder, given):
    """What the manifest says about where and with what a recording was made."""
    return {
        "device": torch.cuda.get_device_name() if device == "cuda" else f"CPU: {processor()}",
        "onGpu": device == "cuda",
        "driver": output("nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader") if device == "cuda" else None,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "model": Path(given.model).name,
        "modelSha256": checksum(Path(given.model)),
        "parameters": decoder.parameters,
        "numbers": str(decoder.dtype).removeprefix("torch."),
        "threads": given.threads,
        "poolBlocks": given.pool_blocks,
        "commit": given.commit or output("git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"),
    }


def checksum(path):
    """Of a model file, or of the weights in a folder one after the other."""
    digest = hashlib.sha256()
    for file in sorted(path.glob("*.safetensors")) if path.is_dir() else [path]:
        with file.open("rb") as content:
            while piece := content.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip() or None
    except OSError:
        return None
