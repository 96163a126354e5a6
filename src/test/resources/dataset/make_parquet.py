"""Writes pictures.parquet as Hugging Face's `datasets` stores captioned pictures.

    pip install pyarrow pillow
    python src/test/resources/dataset/make_parquet.py
"""

import io
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image


def picture(colour, kind):
    out = io.BytesIO()
    Image.new("RGB", (16, 12), colour).save(out, kind)
    return out.getvalue()


table = pa.table(
    {
        "image": pa.array(
            [
                {"bytes": picture("red", "PNG"), "path": "0.png"},
                {"bytes": picture("blue", "JPEG"), "path": None},
                None,
                {"bytes": picture("white", "PNG"), "path": "../3.png"},
            ],
            pa.struct([("bytes", pa.binary()), ("path", pa.string())]),
        ),
        "text": ["二次元，红色", "blue hair", "no picture", None],
        "author": ["a", "b", "b", "a"],
        "score": [1, 2, 3, 4],
        "tags": [["x"], [], None, ["y", "z"]],
    }
)
pq.write_table(
    table,
    pathlib.Path(__file__).with_name("pictures.parquet"),
    row_group_size=2,
    compression="snappy",
)
