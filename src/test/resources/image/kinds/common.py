"""What all kinds are made of: one small picture, its samples, and where the files are kept."""
import gzip, io, os, pathlib, re, struct, subprocess, tarfile, tempfile, warnings, zlib
import imagecodecs
import numpy
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
random = numpy.random.default_rng(12)
WIDTH, HEIGHT = 19, 13
y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
smooth = numpy.stack([x * 13, y * 19, (x + y) * 8], -1)
rgb = numpy.clip(smooth + random.integers(-25, 25, smooth.shape), 0, 255).astype("uint8")
rgb16 = rgb.astype("uint16") * 256 + random.integers(0, 256, rgb.shape).astype("uint16")
grey = rgb[:, :, 0].copy()
grey16 = rgb16[:, :, 1].copy()
alpha = ((x * 17 + y * 5) % 256).astype("uint8")
bits = (rgb[:, :, 1] > 120).astype("uint8")
picture = Image.fromarray(rgb)
mirror = ImageOps.mirror(picture)
four = numpy.dstack([rgb, alpha])
files = {}


def saved(image, format, **options):
    out = io.BytesIO()
    if "append_images" in options:
        options["append_images"] = [more.copy() for more in options["append_images"]]
    image.copy().save(out, format, **options)  # copies, as saving leaves settings in a picture
    return out.getvalue()


def add(name, content):
    assert name not in files, name
    files[name] = bytes(content)


def packed(samples, depth):
    """Rows of samples of 1, 2, 4 or 8 bits, each row to a whole byte."""
    flat = samples.reshape(samples.shape[0], -1)
    if depth == 8:
        return [row.astype("u1").tobytes() for row in flat]
    one = (flat[:, :, None] >> numpy.arange(depth - 1, -1, -1)) & 1
    return [numpy.packbits(row).tobytes() for row in one.reshape(flat.shape[0], -1).astype("u1")]

palette64 = random.integers(0, 256, (80, 3)).astype("u1")
quads = b"".join(bytes(c) + b"\0" for c in palette64)
triples = b"".join(bytes(c) for c in palette64)
full_quads = quads + b"\0" * (1024 - len(quads))
full_triples = triples + b"\0" * (768 - len(triples))
