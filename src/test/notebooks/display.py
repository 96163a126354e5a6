"""Checks what display.ipynb showed when it was run; the argument is the executed notebook."""

import sys

import nbformat

notebook = nbformat.read(sys.argv[1], as_version=4)
cells = [cell.outputs for cell in notebook.cells if cell.cell_type == "code"]


def expect(number, kind, *texts, outputs=1):
    """The cell's last output has data of this MIME type, with these texts in it."""
    shown = cells[number - 1]
    assert len(shown) == outputs, f"cell {number} has {len(shown)} outputs, expected {outputs}"
    data = next(o for o in shown if "data" in o)["data"]
    assert kind in data, f"cell {number} shows {list(data)}, expected {kind}"
    for text in texts:
        assert text in data[kind], f"cell {number} does not show {text!r}: {data[kind][:500]}"


PNG = "iVBORw0KGgo"
expect(1, "image/png", PNG)
expect(2, "text/html", "data:image/png;base64," + PNG)
expect(3, "image/png", PNG)
expect(4, "text/html", "蓝色中分", "短发 &amp; 刘海", "&lt;b&gt;not bold&lt;/b&gt;", "3 rows")
expect(5, "text/html", "first 20 of 1000 rows")
expect(6, "image/png", PNG)
expect(7, "text/html", "训练 &lt;training&gt; 40/40 (100 %), loss 0.0250")
expect(8, "text/html", "hue 240", PNG)
expect(9, "text/html", "after 之后")
expect(10, "text/html", "stopped", outputs=2)
expect(11, "text/plain", "true", outputs=2)
print("display.ipynb shows what it should.")
