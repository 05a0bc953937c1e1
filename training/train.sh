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
start() {
    if [ -n "${GO_ON:-}" ]; then
        # gently: what the networks know is easily lost to what they do not
        echo "--start ../models/headstamp-$1.onnx --lr .006 --lr-rest .0015"
    fi
}
# shellcheck disable=SC2046
"$python" detector.py --resume --minutes "${DETECTOR_MINUTES:-36}" $(start detector)
# shellcheck disable=SC2046
"$python" recogniser.py --resume --minutes "${RECOGNISER_MINUTES:-290}" $(start recogniser)
# shellcheck disable=SC2046
"$python" classifier.py --resume --uses 3 --minutes "${CLASSIFIER_MINUTES:-285}" $(start classifier)
"$python" export.py
"$python" calibrate.py
"$python" measure.py
