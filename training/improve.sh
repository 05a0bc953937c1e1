#!/bin/sh
# Goes on from the models in use with confirmed heads: training/improve.sh RECORDS OUT
# RECORDS: a folder of `headstamp dataset --format records`. OUT: a new folder for the models that come of it.
# MODELS: the folder that is gone on from (../models). MINUTES of training for recogniser and classifier each (10): two cores
# are enough. CALIBRATION: renders to fit the confidence on (600; 0 leaves it null). PYTHON: python3.
set -eu
records=$(realpath "$1") out=$(realpath -m "$2")
cd "$(dirname "$0")"
work=.work models=$(realpath "${MODELS:-../models}") minutes=${MINUTES:-10}
[ ! -e "$out" ] || { echo "$out is there already" >&2; exit 2; }
if [ ! -x "$work/venv/bin/python" ]; then
    "${PYTHON:-python3}" -m venv "$work/venv"
    "$work/venv/bin/python" -m pip install --quiet -r requirements.txt
fi
python="$PWD/$work/venv/bin/python"
program=${HEADSTAMP:-../target/release/headstamp}
[ -n "${HEADSTAMP:-}" ] || cargo build --release --manifest-path ../Cargo.toml
version=$("$python" -c 'import json, sys, time
print(json.load(open(sys.argv[1]))["version"].split("+")[0] + time.strftime("+%Y%m%d"))' "$models/headstamp-recogniser.json")
# The renderer shares the cores: threads that wait must not spin.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
mine="$work/improve"
rm -rf "$mine"
# Rates at which what is known stays; nothing is compiled, since that takes longer than it saves here.
for kind in classifier recogniser; do
    case $kind in classifier) batch=64 ;; *) batch=16 ;; esac
    "$python" $kind.py --start "$models/headstamp-$kind.onnx" --renderer "$program" --confirmed "$records" --work "$mine" --minutes "$minutes" \
        --batch $batch --lr .0003 --lr-rest .0003 --uses 4 --pool 1024 --evaluate 99 --held-out 200 --no-compile
done
mkdir -p "$out"
cp "$models"/headstamp-detector.onnx "$models"/headstamp-detector.json "$out"
"$python" export.py classifier recogniser --work "$mine" --out "$out" --version "$version"
[ "${CALIBRATION:-600}" = 0 ] || "$python" calibrate.py --binary "$program" --models "$out" --count "${CALIBRATION:-600}" --work "$mine"
echo "compare: headstamp model eval --catalogue FILE --with $2"
echo "take in: headstamp model install $2 --catalogue FILE"
