"""Makes `kinds.tar.gz`: pictures of every kind that Pillow opens, and what Pillow makes of each.

`python make_kinds.py`, with Pillow 13, numpy and imagecodecs, and libjpeg-turbo's `cjpeg` on the path.

In the archive, `files/NAME` is a picture and `expected/NAME.ppm` its pixels after
`Image.open(NAME).convert("RGB")`; `expected/NAME.txt` instead has what Pillow says where it refuses.
What Pillow cannot write is put together byte by byte here.
"""
import gzip, io, pathlib, re, tarfile, tempfile

from PIL import Image

from common import files, saved
import bmp, png, gif, jpeg, tiff, webp, other_formats  # each adds its files

here = pathlib.Path(__file__).parent

counts = {}
packed_files = io.BytesIO()
with tarfile.open(fileobj=packed_files, mode="w", format=tarfile.USTAR_FORMAT) as archive:
    def put(name, content):
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))

    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            put("files/" + name, content)
            place = pathlib.Path(folder, name)
            place.write_bytes(content)
            try:
                with Image.open(place) as image:
                    opened = image.size
                    pixels = image.convert("RGB")
                assert pixels.size == opened, (name, pixels.size, opened)
                put("expected/" + name + ".ppm", saved(pixels, "PPM"))
                kind = "read"
            except Exception as e:
                reason = re.sub("'.*" + re.escape(name) + "'", name, f"{type(e).__name__}: {e}")
                put("expected/" + name + ".txt", reason.encode())
                kind = "refused"
            group = name.split("_")[0]
            counts.setdefault(group, {"read": 0, "refused": 0})[kind] += 1
# One stream, as most pictures are made of the same pixels.
(here / "kinds.tar.gz").write_bytes(gzip.compress(packed_files.getvalue(), 9, mtime=0))
print(counts, sum(sum(c.values()) for c in counts.values()), (here / "kinds.tar.gz").stat().st_size)
