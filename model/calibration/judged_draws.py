"""The judgement of a fit's draws, as it lies beside them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import TypeAlias

from pushpull.calibration.judging import DrawJudgement, ValuesLeftOut
from pushpull.calibration.judging_chains import ChainJudgement
from pushpull.files.atomic import write_whole
from pushpull.posterior import FILE as POSTERIOR

FILE = "posterior_judged.json"
JudgedDraws: TypeAlias = DrawJudgement | ChainJudgement


def digest_of(folder: Path) -> str:
    """The SHA-256 of the draws in a corridor's folder."""
    return hashlib.sha256((folder / POSTERIOR).read_bytes()).hexdigest()


def save_judgement(judgement: JudgedDraws, folder: Path) -> Path:
    """Write a judgement beside the draws it is of."""
    path = folder / FILE
    text = json.dumps(dataclasses.asdict(judgement), indent=1, ensure_ascii=False) + "\n"
    write_whole(path, text.encode())
    return path


def read_judgement(folder: Path) -> JudgedDraws | None:
    """The judgement that lies beside the draws; None where there is none, or it is of other draws."""
    try:
        fields = json.loads((folder / FILE).read_text("utf-8"))
        records = tuple(ValuesLeftOut(**each) for each in fields.pop("records"))
        judgement: JudgedDraws
        if "r_hat" in fields:
            judgement = ChainJudgement(records=records, worst=tuple(fields.pop("worst")), **fields)
        else:
            judgement = DrawJudgement(records=records, **fields)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return judgement if judgement.posterior == digest_of(folder) else None
