"""JavaScript in Node, without a page: that of the driver which the tests of the browser use."""

import json
import subprocess
from contextlib import contextmanager

from playwright._impl._driver import compute_driver_executable

# Read a line {source, given}, write a line {found} or {fault}: as a page evaluates a function.
LOOP = """
globalThis.window = globalThis;
require("readline").createInterface({input: process.stdin}).on("line", async (line) => {
  const {source, given} = JSON.parse(line);
  const answer = await (async () => ({found: await (0, eval)(`(${source})`)(given)}))()
    .catch((fault) => ({fault: String(fault?.stack ?? fault)}));
  process.stdout.write(JSON.stringify(answer) + "\\n");
});
"""


class Node:
    """A process that evaluates functions of JavaScript one after the other."""

    def __init__(self, process):
        self.process = process

    def evaluate(self, source, given=None):
        """What a function gives for one argument, or what its promise comes to."""
        self.process.stdin.write(json.dumps({"source": source, "given": given}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert "fault" not in answer, answer["fault"]
        return answer.get("found")

    def add(self, script):
        """Run a script, whose names are global from then on as a page's are."""
        self.evaluate("(script) => { require('vm').runInThisContext(script); }", script)


@contextmanager
def node():
    """A process of Node, ended afterwards."""
    command = [compute_driver_executable()[0], "--eval", LOOP]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield Node(process)
        finally:
            process.kill()
