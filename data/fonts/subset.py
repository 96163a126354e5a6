"""Remakes the font that ships with the library: `python data/fonts/subset.py NotoSansSC_400Regular.ttf`.

See README.md beside this file for where the font comes from.
"""

import gzip
import pathlib
import sys
import tempfile

from fontTools import subset

TARGET = pathlib.Path(__file__).parents[2] / "src/main/resources/io/github/kolors4j/image"

# Latin, then GB 2312: symbols, digits and full-width forms (rows 1 to 3), characters (16 to 87).
characters = {chr(c) for c in range(0x20, 0x7F)} | {chr(c) for c in range(0xA0, 0x100)}
for high in [*range(0xA1, 0xA4), *range(0xB0, 0xF8)]:
    for low in range(0xA1, 0xFF):
        characters.add(bytes([high, low]).decode("gb2312", errors="ignore"))
characters |= set("–—‘’“”…·•→←↑↓×÷≤≥≈±√∞αβγδεσμπλθηφψωΔΣ°①②③④⑤⑥⑦⑧⑨⑩▲▼●○■□★☆✓✗￥")

with tempfile.TemporaryDirectory() as folder:
    small = pathlib.Path(folder, "small.ttf")
    subset.main(
        [
            sys.argv[1],
            "--text=" + "".join(sorted(characters)),
            f"--output-file={small}",
            "--layout-features=",
            "--no-hinting",
            "--drop-tables+=DSIG,GPOS,GSUB,GDEF,STAT,BASE,vhea,vmtx,VORG",
            "--name-IDs=*",
        ]
    )
    packed = gzip.compress(small.read_bytes(), 9, mtime=0)
    (TARGET / "NotoSansSC-GB2312.ttf.gz").write_bytes(packed)
    print(f"{len(packed)} bytes, {len(''.join(characters))} characters")
