"""Remakes the pictures in this folder with Pillow: `python make_expected.py`.

`source.png` resized by Pillow is what Pictures.resize must give; every `in_*` file has beside it
`in_*.expected.png`, its pixels after Pillow's convert("RGB").
"""
from PIL import Image
import numpy, os

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = numpy.random.default_rng(0)
y, x = numpy.mgrid[0:53, 0:71]
smooth = numpy.stack([x * 3, y * 4, (x + y) * 2], -1)
source = numpy.clip(smooth + random.integers(-40, 40, smooth.shape), 0, 255).astype("uint8")
picture = Image.fromarray(source)
picture.save("source.png")
filters = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS}
for name, filter in filters.items():
    for width, height in [(32, 32), (128, 96), (71, 20), (7, 90), (60, 10)]:
        picture.resize((width, height), filter).save(f"resized_{name}_{width}x{height}.png")

alpha = picture.convert("RGBA")
alpha.putalpha(Image.fromarray((x * 3 % 256).astype("uint8")))
grey16 = Image.fromarray((source[:, :, 0].astype("uint16") * 257))
files = {
    "rgb.png": (picture, {}),
    "alpha.png": (alpha, {}),
    "grey.png": (picture.convert("L"), {}),
    "grey_alpha.png": (alpha.convert("LA"), {}),
    "palette.png": (picture.quantize(64), {}),
    "one_bit.png": (picture.convert("1"), {}),
    "baseline.jpg": (picture, {"quality": 90}),
    "progressive.jpg": (picture, {"quality": 90, "progressive": True}),
    "grey.jpg": (picture.convert("L"), {}),
    "cmyk.jpg": (picture.convert("CMYK"), {"quality": 95}),
    "palette.gif": (picture, {}),
    "rgb.bmp": (picture, {}),
    "lzw.tiff": (picture, {"compression": "tiff_lzw"}),
    "deflate.tiff": (picture, {"compression": "tiff_adobe_deflate"}),
    "lossless.webp": (picture, {"lossless": True}),
    "lossy.webp": (picture, {"quality": 80}),
}
for name, (image, options) in files.items():
    image.save("in_" + name, **options)
    Image.open("in_" + name).convert("RGB").save("in_" + name + ".expected.png")
print("made with Pillow", __import__("PIL").__version__)
