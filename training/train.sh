#!/bin/sh
# From nothing to models/: environment, renderer, all trainings, export. Run again to resume.
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
"$python" detector.py --resume --minutes "${DETECTOR_MINUTES:-36}"
"$python" recogniser.py --resume --minutes "${RECOGNISER_MINUTES:-290}"
"$python" classifier.py --resume --uses 3 --minutes "${CLASSIFIER_MINUTES:-285}"
"$python" export.py
"$python" calibrate.py
