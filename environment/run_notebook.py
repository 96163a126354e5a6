"""Runs a notebook in a Java kernel with the library and writes what it shows; environment/run-notebook calls it."""

import base64
import os
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert import HTMLExporter

EMBEDDED_PNG = re.compile(r'src=[\\"\']*data:image/png;base64,([A-Za-z0-9+/=\s]+)')
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def execute(notebook, kernel: str, folder: Path) -> str | None:
    """Runs all cells, changing the notebook in place; returns what went wrong, if anything did."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    started = {}

    def on_start(cell, cell_index):
        if cell.cell_type != "code":
            return
        started[cell_index] = time.monotonic()
        first_line = next((line for line in cell.source.splitlines() if line.strip()), "")
        number = sum(c.cell_type == "code" for c in notebook.cells[: cell_index + 1])
        print(f"[{number}/{len(cells)}] {first_line[:90]}", flush=True)

    def on_executed(cell, cell_index, execute_reply):
        seconds = time.monotonic() - started[cell_index]
        if seconds > 5:
            print(f"        {seconds:.0f} s", flush=True)

    client = NotebookClient(
        notebook,
        timeout=int(os.environ.get("KOLORS4J_CELL_SECONDS", "3600")),
        kernel_name=kernel,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=on_start,
        on_cell_executed=on_executed,
        startup_timeout=120,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return failing_cell(notebook) or COLOURS.sub("", str(error))
    except (CellTimeoutError, DeadKernelError, RuntimeError) as error:
        return COLOURS.sub("", str(error))
    return None


def failing_cell(notebook) -> str | None:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                trace = COLOURS.sub("", "\n".join(output.traceback))
                return f"This cell failed:\n\n{cell.source}\n\n{trace}"
    return None


def pictures(notebook):
    """Yields (code cell number, PNG bytes) of every picture in the outputs."""
    number = 0
    for cell in notebook.cells:
        number += cell.cell_type == "code"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                yield number, base64.b64decode(data["image/png"])
            for embedded in EMBEDDED_PNG.findall(data.get("text/html", "")):
                yield number, base64.b64decode(embedded)


def main(kernel: str, source: Path, target: Path) -> int:
    target.mkdir(parents=True, exist_ok=True)
    for old in [*target.glob("cell-*.png"), target / source.name, target / f"{source.stem}.html"]:
        old.unlink(missing_ok=True)
    notebook = nbformat.read(source, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None

    problem = execute(notebook, kernel, source.resolve().parent)

    executed = target / source.name
    nbformat.write(notebook, executed)
    page = target / f"{source.stem}.html"
    page.write_text(HTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    seen = {}
    for number, png in pictures(notebook):
        seen[number] = seen.get(number, 0) + 1
        (target / f"cell-{number:02d}-{seen[number]:02d}.png").write_bytes(png)

    if problem:
        print(f"\n{problem}\n", file=sys.stderr)
    print(f"Executed notebook: {executed}")
    print(f"Web page:          {page}")
    print(f"Pictures:          {sum(seen.values())} PNG files in {target}")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
