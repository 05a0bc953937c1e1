"""Training's modules, and the contract that the program's own tests compare with what it prints."""

import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
GOLDEN = ROOT / "tests/golden"
sys.path.insert(0, str(ROOT / "training"))
os.environ.setdefault("HEADSTAMP_CONTRACT", str(GOLDEN / "contract.json"))


@pytest.fixture
def told():
    """The contract as printed, to be doctored."""
    return json.loads((GOLDEN / "contract.json").read_text("utf-8"))
