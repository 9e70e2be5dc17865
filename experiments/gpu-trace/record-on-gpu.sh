#!/usr/bin/env bash
# Records everything within ten minutes on a machine that has a GPU, PyTorch and transformers, but no network.
#
#     record-on-gpu.sh CARRIED OUT [options of record.py]
#
# CARRIED holds the model in parts, its checksum and the wheel of gguf; README.md tells how they are made. Parts that came
# before are kept on the machine, so that they may come one after the other; while some are missing it ends with 3. A run that was
# cut off goes on if OUT holds what it wrote.
set -euo pipefail

refuse() {
  echo "record-on-gpu.sh: $1" >&2
  exit "${2:-1}"
}

[ $# -ge 2 ] || refuse "give the folder that was carried here, and the folder of the recording"
here=$(cd "$(dirname "$0")" && pwd)
carried=$(realpath "$1")
out=$(realpath -m "$2")
shift 2
[ -f "$carried/model.sha256" ] || refuse "$carried/model.sha256 is missing; make it as README.md tells"

kept=${KEPT:-/tmp/onebit-recorder}
mkdir -p "$kept"
cd "$kept"
find "$carried" -name '*.part-*' -exec cp {} . \;
model=$(awk '{ print $2 }' "$carried/model.sha256")
if ! sha256sum --check --status "$carried/model.sha256" 2>/dev/null; then
  find . -name "$model.part-*" | sort | xargs --no-run-if-empty cat >"$model"
  sha256sum --check --status "$carried/model.sha256" ||
    refuse "$model is not whole, parts that are here: $(find . -name "$model.part-*" | wc -l); carry the others" 3
fi

export PYTHONPATH=$kept/site${PYTHONPATH:+:$PYTHONPATH} PYTHONDONTWRITEBYTECODE=1
python3 -c 'import gguf' 2>/dev/null ||
  python3 -m pip install --quiet --no-index --no-deps --target site "$carried"/gguf-*.whl ||
  refuse "the wheel of gguf is missing in $carried; make it as README.md tells"

# What this prints is read from a log.
export TQDM_DISABLE=1
if command -v nvidia-smi >/dev/null; then
  nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader
  DEVICE=cuda python3 "$here/test_decoder.py"
fi
# As the shipped recording of an H200, but a minute longer: in eight minutes that had 471,348 block accesses, in 8 min 22 s in all.
exec python3 "$here/record.py" --model "$model" --out "$out" --requests 8000 --sessions 6000 --concurrent 256 --batch 64 \
  --answer-tokens 64 --context 4096 --scale 3 --pool-blocks 40000 --attention-every 32 --cold-every 8 --minutes 9 "$@"
