"""Notebooks with the outputs that they are kept with: texts, tables and pictures, and no scripts.

`python -m tests.stored_notebooks [NAME...]` runs them, as they are, and stores what they show. Those on
corridors that are fitted change with a fit.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

import nbclient
import nbformat

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SECONDS_FOR_A_CELL = 900  # the first one may have to compile the model
KEPT = ("text/plain", "text/html", "image/png", "image/svg+xml")
LARGEST_OUTPUT = 150_000  # letters; what needs more is drawn by a script, and is not kept
_OF_A_MACHINE = re.compile(r" at 0x[0-9a-f]+|'versions': '[^']*'")  # addresses in memory, and what is installed
_NUMBER = re.compile(r"\d+\.\d+(?:e[-+]\d+)?")


def executed(path: Path, folder: Path | str, notebook: nbformat.NotebookNode | None = None) -> nbformat.NotebookNode:
    """A notebook run from top to bottom in a folder."""
    notebook = notebook or nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook,
        timeout=SECONDS_FOR_A_CELL,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    return notebook


def stripped(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The same with the outputs that are kept: what cells print and what they come to."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        cell.outputs = [kept for output in cell.outputs if (kept := _kept(output)) is not None]
        cell.execution_count = None
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = None
    return notebook


def _kept(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    if output.output_type == "stream":
        return output if output.name == "stdout" else None
    if output.output_type != "execute_result":  # what loads a library, or draws by it
        return None
    data = {kind: text for kind, text in output.data.items() if kind in KEPT}
    is_scripted = "<script" in data.get("text/html", "") or sum(map(len, data.values())) > LARGEST_OUTPUT
    output.data = {"text/plain": data["text/plain"]} if is_scripted else data
    output.metadata = {}
    return output


def texts(notebook: nbformat.NotebookNode) -> list[str]:
    """What each cell says in words, without what is of one machine; numbers have six figures."""
    said = []
    for cell in notebook.cells:
        outputs = cell.get("outputs", ())
        parts = [each.get("text") or each.get("data", {}).get("text/plain", "") for each in outputs]
        said.append(" ".join(_NUMBER.sub(_in_six_figures, _OF_A_MACHINE.sub("", "".join(parts))).split()))
    return said


def _in_six_figures(found: re.Match[str]) -> str:
    return f"{float(found[0]):.6g}"


def main(names: list[str]) -> None:
    """Run notebooks whose names begin with one of `names`, all if none is given, and store their outputs."""
    os.environ["PYTHONPATH"] = str(ROOT)
    for path in NOTEBOOKS:
        if not names or path.stem.startswith(tuple(names)):
            with tempfile.TemporaryDirectory() as folder:
                nbformat.write(stripped(executed(path, folder)), path)
            print(path.relative_to(ROOT), f"{path.stat().st_size:,} bytes", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
