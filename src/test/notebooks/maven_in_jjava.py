"""Checks that one %maven line brings the library to a fresh JJava kernel: its next cell draws a picture, offline.

The kernel is the one that the package jjava installs, with an empty start-up, home and folder; the library is what
`mvn -f environment/artifacts install` left in the local repository. Needs no notebook.
"""

import base64
import os
import re
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from jupyter_client.manager import start_new_kernel

PATIENCE = 300
HOME = Path(__file__).resolve().parents[3]
REPOSITORY = Path(os.environ.get("KOLORS4J_MAVEN_REPOSITORY", Path.home() / ".m2" / "repository"))
SETTINGS = """<settings>
  <offline>true</offline>
  <localRepository>{}</localRepository>
</settings>
"""
# Whatever goes to the network all the same, meets this.
NO_NETWORK = " ".join(f"-D{p}.proxyHost=127.0.0.1 -D{p}.proxyPort=9" for p in ("http", "https"))


def run(client, cell):
    """Runs a cell; returns the data that it shows and what it prints."""
    request = client.execute(cell)
    shown, printed = [], ""
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") != request:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            sys.exit(f"This cell failed:\n\n{cell}\n\n" + "\n".join(content["traceback"]))
        if kind == "stream":
            printed += content["text"]
        if "data" in content:
            shown.append(content["data"])
        if kind == "status" and content["execution_state"] == "idle":
            return shown, printed


def size_and_share(png):
    """Width, height, and how much of its size the picture has when compressed: next to nothing if it is blank."""
    width, height = struct.unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return width, height, len(data) / len(zlib.decompress(data))


version = re.search(r"<version>(.+?)</version>", (HOME / "pom.xml").read_text(encoding="utf-8")).group(1)
with tempfile.TemporaryDirectory() as folder:
    home, notebooks = Path(folder, "home"), Path(folder, "notebooks")
    (home / ".m2").mkdir(parents=True)
    notebooks.mkdir()
    (home / ".m2" / "settings.xml").write_text(SETTINGS.format(REPOSITORY), encoding="utf-8")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KOLORS4J_", "DJL_", "JJAVA_", "PYTORCH_", "XDG_"))
    }
    environment |= {"HOME": str(home), "JJAVA_JVM_OPTS": f"-Duser.home={home} {NO_NETWORK}"}
    manager, client = start_new_kernel(
        kernel_name="java", startup_timeout=120, env=environment, cwd=str(notebooks)
    )
    try:
        _, printed = run(client, f"%maven io.github.kolors4j:kolors4j:{version}")
        print(printed)
        shown, printed = run(
            client,
            'KolorsPipeline.load(ModelFolder.embedded()).generate(Prompt.of("一个蓝色中分小男孩").seed(0).steps(10))',
        )
        print(printed)
        failing, behind = [client.execute(cell) for cell in ("int missing = 1 / 0;", "int run = 1;")]
        statuses = {}
        while len(statuses) < 2:
            answer = client.get_shell_msg(timeout=PATIENCE)
            if answer["parent_header"]["msg_id"] in (failing, behind):
                statuses[answer["parent_header"]["msg_id"]] = answer["content"]["status"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)

pictures = [base64.b64decode(data["image/png"]) for data in shown if "image/png" in data]
assert pictures, f"the cell shows no picture, but {[list(data) for data in shown]}"
width, height, share = size_and_share(pictures[-1])
if len(sys.argv) > 1:
    Path(sys.argv[1]).write_bytes(pictures[-1])
assert width == height == 256 and share > 0.1, f"{width}×{height}, {share:.1%} of its size compressed"
assert [statuses[failing], statuses[behind]] == ["error", "aborted"], f"cells behind a failed one ran: {statuses}"
print(f"One %maven line and one cell draw a picture: {width}×{height}, {share:.0%} of its size compressed.")
