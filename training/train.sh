#!/bin/sh
# From nothing to models/: environment, renderer, all trainings, export, confidence, figures. Run again to resume.
# GO_ON=1 begins with the published networks in models/ instead of with nothing.
# Minutes of training: DETECTOR_MINUTES (36), RECOGNISER_MINUTES (290), CLASSIFIER_MINUTES (285). Python: PYTHON (python3).
set -eu
cd "$(dirname "$0")"
work=.work
if [ ! -x "$work/venv/bin/python" ]; then
    "${PYTHON:-python3}" -m venv "$work/venv"
    "$work/venv/bin/python" -m pip install --quiet -r requirements.txt
fi
python="$PWD/$work/venv/bin/python"
cargo build --release --manifest-path ../Cargo.toml
# The renderer shares the cores: threads that wait must not spin.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"
# train KIND MINUTES [OPTION...]
train() {
    kind=$1 minutes=$2
    shift 2
    if [ -n "${GO_ON:-}" ]; then
        # gently: what the networks know is lost to a higher rate, and comes back only with millions of marks
        set -- "$@" --start "../models/headstamp-$kind.onnx" --lr .0015 --lr-rest .0004
    fi
    "$python" "$kind.py" --resume --minutes "$minutes" "$@"
}
train detector "${DETECTOR_MINUTES:-36}"
train recogniser "${RECOGNISER_MINUTES:-290}"
train classifier "${CLASSIFIER_MINUTES:-285}" --uses 3
"$python" export.py
"$python" calibrate.py
"$python" measure.py
