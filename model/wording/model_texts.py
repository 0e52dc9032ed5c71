"""What cards, outcomes, loops, corridors and packages say in the other languages: `model.<language>.yaml`.

Beside the English, which stands in the cards and files themselves: titles and meanings by the id of what they are of,
in blocks such as `titles`, `meanings` and `corridors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pushpull.wording.phrases import ENGLISH
from pushpull.wording.typography import typeset


@cache
def model_texts(code: str) -> Mapping[str, Mapping[str, str]]:
    """The texts of a language by block and id, set for print; none in English."""
    if code == ENGLISH:
        return {}
    from ruamel.yaml import YAML

    text = Path(__file__).with_name(f"model.{code}.yaml").read_text("utf-8")
    blocks = YAML(typ="safe", pure=True).load(text)
    return {name: {key: typeset(each, code) for key, each in block.items()} for name, block in blocks.items()}


def text_in(code: str, block: str, name: str, english: str) -> str:
    """A text of the model in a language; the English one where it has none."""
    return model_texts(code).get(block, {}).get(name, english)
