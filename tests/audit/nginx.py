"""A real nginx in front of real workers, with the README's own words for it."""

import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager

from pushpull.dashboard.processes import ports
from tests.conftest import ROOT, free_port, tail

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
README_PORTS = (5006, 5007)
SECONDS_TO_START = 20

_CONFIGURATION = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    log_format upstream '$status $request_time $request_method $uri $upstream_addr';
    access_log {folder}/access.log upstream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {beside}
    server {{
        listen 127.0.0.1:{port};
        server_name localhost;
        {inside}
    }}
}}
"""


def readme_block():
    """What the README says stands beside the server block, and what in it."""
    (block,) = re.findall(r"^```nginx\n(.*?)^```$", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S)
    beside, inside = block.split("# in the server block\n")
    return beside, inside


def beside_for(workers):
    """The README's part beside the server block, word for word but for the ports of the workers."""
    beside, _ = readme_block()
    named = [f"server 127.0.0.1:{port};" for port in README_PORTS]
    assert all(beside.count(each) == 1 for each in named)
    servers = " ".join(f"server 127.0.0.1:{port};" for port in workers)
    return beside.replace(named[0], servers).replace(named[1], "")


@contextmanager
def proxied(workers, folder, port=None):
    """An nginx on 127.0.0.1 before workers at these ports, set up as the README says; its address."""
    port = port or free_port()
    folder.mkdir(parents=True, exist_ok=True)
    user = "user root;" if os.geteuid() == 0 else ""
    beside, inside = beside_for(workers), readme_block()[1]
    text = _CONFIGURATION.format(user=user, folder=folder, port=port, beside=beside, inside=inside)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    command = [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
    with open(folder / "nginx.log", "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not ports.answers("127.0.0.1", port, "/health"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx did not start:\n{tail(folder / 'nginx.log')}\n{tail(folder / 'error.log')}")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(SECONDS_TO_START)


def upstreams(folder):
    """Which worker answered each request, as nginx noted it: (port, status, path); the last, where it tried several."""
    lines = (folder / "access.log").read_text(encoding="utf-8").splitlines()
    found = [line.split() for line in lines]
    return [(int(each[-1].rpartition(":")[2]), int(each[0]), each[3]) for each in found if ":" in each[-1]]
