"""What cards, outcomes, loops, corridors, packages and published effects say in the other languages.

Beside the English, which stands in the cards and files themselves, each in `<name>.<language>.yaml`: `model` holds
titles and meanings by the id of what they are of, in blocks such as `titles`, `meanings` and `corridors`; `variables`
the names of variables that are no outcomes, `parameters` those of parameters; `findings` the published effects by their
ids; `texts` what files of shipped corridors and experiments say, by the English itself.
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
    blocks = dict(_read("model", code))
    return blocks | {"titles": {**_read("variables", code), **_read("parameters", code), **blocks["titles"]}}


@cache
def finding_texts(code: str) -> Mapping[str, Mapping[str, str]]:
    """What published effects say in a language, by id and word (`claim`, `where`, `estimate`, `unit`, and `reason` why
    one is out of reach); none in English."""
    return {} if code == ENGLISH else _read("findings", code)


@cache
def file_texts(code: str) -> Mapping[str, str]:
    """What files of shipped corridors and experiments say in a language, by their English; none in English."""
    return {} if code == ENGLISH else _read("texts", code)


def text_in(code: str, block: str, name: str, english: str) -> str:
    """A text of the model in a language; the English one where it has none."""
    return model_texts(code).get(block, {}).get(name, english)


def _read(name: str, code: str) -> dict:
    from ruamel.yaml import YAML

    text = Path(__file__).with_name(f"{name}.{code}.yaml").read_text("utf-8")
    return _typeset(YAML(typ="safe", pure=True).load(text), code)


def _typeset(words: dict, code: str) -> dict:
    return {key: _typeset(each, code) if isinstance(each, dict) else typeset(each, code) for key, each in words.items()}
