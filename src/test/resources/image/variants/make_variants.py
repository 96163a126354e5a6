"""Makes the awkward pictures of this folder, and what Pillow makes of them: `python make_variants.py`.

Beside each `NAME` lies `NAME.expected.png`, its pixels after `Image.open(NAME).convert("RGB")`; for the
pictures `rotated_*` also `NAME.upright.png`, after `ImageOps.exif_transpose`. What Pillow cannot
write (PNG of 16 bits a colour or interlaced, TIFF of 16 bits a colour) is written byte by byte.
"""
import io, os, struct, zlib
import numpy
from PIL import Image, ImageOps

os.chdir(os.path.dirname(os.path.abspath(__file__)))
random = numpy.random.default_rng(1)
HEIGHT, WIDTH = 37, 45
y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
smooth = numpy.stack([x * 5, y * 6, (x + y) * 3], -1)
rgb = numpy.clip(smooth + random.integers(-40, 40, smooth.shape), 0, 255).astype("uint8")
rgb16 = rgb.astype("uint16") * 256 + random.integers(0, 256, rgb.shape).astype("uint16")
alpha = (x * 5 % 256).astype("uint8")
picture = Image.fromarray(rgb)
files = {}


def saved(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


# ---- PNG ---------------------------------------------------------------------------------------

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, depth, colour, interlaced=False, chunks=()):
    """samples: (height, width, bands), each sample of `depth` bits."""
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    def rows(part):
        flat = part.reshape(part.shape[0], -1)
        if depth == 16:
            return b"".join(b"\0" + row.astype(">u2").tobytes() for row in flat)
        if depth == 8:
            return b"".join(b"\0" + row.astype("u1").tobytes() for row in flat)
        bits = (flat[:, :, None] >> numpy.arange(depth - 1, -1, -1)) & 1
        packed = numpy.packbits(bits.reshape(flat.shape[0], -1).astype("u1"), axis=1)
        return b"".join(b"\0" + row.tobytes() for row in packed)

    height, width = samples.shape[:2]
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    data = b"".join(rows(part) for x0, y0, dx, dy in passes
                    if (part := samples[y0::dy, x0::dx]).size)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(*c) for c in chunks)
            + chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


with_alpha = numpy.dstack([rgb, alpha])
with_alpha16 = numpy.dstack([rgb16, alpha.astype("uint16") * 257])
grey16 = rgb16[:, :, :1]
dark16 = (rgb[:, :, :1].astype("uint16") * 2)
bits = (rgb[:, :, :1] > 128).astype("u1")
palette = bytes(random.integers(0, 256, 48).astype("u1"))
indices = (rgb[:, :, :1] >> 4).astype("u1")
files["rgb_16.png"] = png(rgb16, 16, 2)
files["rgb_alpha_16.png"] = png(with_alpha16, 16, 6)
files["grey_16.png"] = png(grey16, 16, 0)
files["grey_16_dark.png"] = png(dark16, 16, 0)
files["grey_alpha_16.png"] = png(numpy.dstack([grey16, alpha.astype("uint16") * 257]), 16, 4)
files["grey_2.png"] = png(rgb[:, :, :1] >> 6, 2, 0)
files["grey_4.png"] = png(rgb[:, :, :1] >> 4, 4, 0)
files["palette_4.png"] = png(indices, 4, 3, chunks=[(b"PLTE", palette)])
files["palette_alpha.png"] = png(
    indices, 4, 3, chunks=[(b"PLTE", palette), (b"tRNS", bytes(range(0, 256, 16)))])
files["rgb_transparent_colour.png"] = png(rgb, 8, 2, chunks=[(b"tRNS", struct.pack(">HHH", *map(int, rgb[3, 4])))])
files["gamma.png"] = png(rgb, 8, 2, chunks=[(b"gAMA", struct.pack(">I", 100000))])
files["interlaced_rgb.png"] = png(rgb, 8, 2, True)
files["interlaced_rgb_alpha_16.png"] = png(with_alpha16, 16, 6, True)
files["interlaced_one_bit.png"] = png(bits, 1, 0, True)
files["interlaced_palette.png"] = png(indices, 4, 3, True, [(b"PLTE", palette)])
files["interlaced_3x2.png"] = png(rgb[:2, :3], 8, 2, True)

# ---- JPEG --------------------------------------------------------------------------------------

cmyk = saved(picture.convert("CMYK"), "JPEG", quality=95)
adobe = cmyk.index(b"\xff\xee\0\x0eAdobe")
files["cmyk_adobe.jpg"] = cmyk
files["cmyk_no_marker.jpg"] = cmyk[:adobe] + cmyk[adobe + 16:]
files["ycck.jpg"] = cmyk[:adobe + 15] + b"\x02" + cmyk[adobe + 16:]
files["cmyk_progressive.jpg"] = saved(picture.convert("CMYK"), "JPEG", quality=90, progressive=True)
for subsampling in ["4:4:4", "4:2:2", "4:2:0"]:
    files["sampled_%s.jpg" % subsampling.replace(":", "")] = saved(
        picture, "JPEG", quality=90, subsampling=subsampling)
files["progressive_420.jpg"] = saved(picture, "JPEG", quality=80, progressive=True)
files["rgb_stored.jpg"] = saved(picture, "JPEG", quality=90, keep_rgb=True)
files["restart_markers.jpg"] = saved(picture, "JPEG", quality=90, restart_marker_blocks=2)

# ---- EXIF rotation -----------------------------------------------------------------------------

small = picture.crop((0, 0, 24, 17))
for orientation in range(2, 9):
    exif = Image.Exif()
    exif[0x112] = orientation
    files["rotated_%d.jpg" % orientation] = saved(small, "JPEG", quality=95, exif=exif)
    if orientation == 6:
        files["rotated_6.png"] = saved(small, "PNG", exif=exif)
        files["rotated_6.webp"] = saved(small, "WEBP", exif=exif, lossless=True)
        files["rotated_6.tiff"] = saved(small, "TIFF", exif=exif)

# ---- TIFF --------------------------------------------------------------------------------------


def tiff16(order):
    """One strip of 16-bit RGB, deflated, in either byte order."""
    data = zlib.compress(rgb16.astype(order + "u2").tobytes(), 9)
    entries = [(256, 3, 1, WIDTH), (257, 3, 1, HEIGHT), (258, 3, 3, None), (259, 3, 1, 8), (262, 3, 1, 2),
               (273, 4, 1, None), (277, 3, 1, 3), (278, 3, 1, HEIGHT), (279, 4, 1, len(data)), (284, 3, 1, 1)]
    after = 8 + 2 + 12 * len(entries) + 4
    out = struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8)
    out += struct.pack(order + "H", len(entries))
    for tag, kind, count, value in entries:
        value = {258: after, 273: after + 6}.get(tag, value)
        short = kind == 3 and count == 1
        out += struct.pack(order + "HHI", tag, kind, count)
        out += struct.pack(order + ("HH" if short else "I"), *([value, 0] if short else [value]))
    return out + struct.pack(order + "I3H", 0, 16, 16, 16) + data


grey16_picture = Image.fromarray(grey16[:, :, 0])
files["rgb_16_little_endian.tiff"] = tiff16("<")
files["rgb_16_big_endian.tiff"] = tiff16(">")
files["grey_16_lzw.tiff"] = saved(grey16_picture, "TIFF", compression="tiff_lzw")
files["grey_16_deflate.tiff"] = saved(grey16_picture, "TIFF", compression="tiff_adobe_deflate")
files["grey_16.tiff"] = saved(grey16_picture, "TIFF")
files["grey_lzw.tiff"] = saved(picture.convert("L"), "TIFF", compression="tiff_lzw")
files["lzw_predictor.tiff"] = saved(picture, "TIFF", compression="tiff_lzw", tiffinfo={317: 2})
files["deflate_predictor.tiff"] = saved(picture, "TIFF", compression="tiff_adobe_deflate", tiffinfo={317: 2})
files["alpha_deflate.tiff"] = saved(Image.fromarray(with_alpha), "TIFF", compression="tiff_adobe_deflate")
files["palette_lzw.tiff"] = saved(picture.quantize(16), "TIFF", compression="tiff_lzw")
files["one_bit_group4.tiff"] = saved(picture.convert("1"), "TIFF", compression="group4")
files["one_bit_packbits.tiff"] = saved(picture.convert("1"), "TIFF", compression="packbits")

files["inks_lzw.tiff"] = saved(picture.convert("CMYK"), "TIFF", compression="tiff_lzw")
rows = struct.pack("<HHI", 278, 3, 1) + struct.pack("<HH", HEIGHT, 0)
endless = struct.pack("<HHII", 278, 4, 1, 0xFFFFFFFF)
files["inks_in_one_endless_strip.tiff"] = files["inks_lzw.tiff"].replace(rows, endless)
assert files["inks_in_one_endless_strip.tiff"] != files["inks_lzw.tiff"]
files["jpeg_inside.tiff"] = saved(picture, "TIFF", compression="jpeg")
grey_tiff = saved(picture.convert("L"), "TIFF")
photometric = struct.pack("<HHI", 262, 3, 1)
files["white_is_zero.tiff"] = grey_tiff.replace(photometric + b"\x01", photometric + b"\x00")

# ---- GIF, BMP, WebP ----------------------------------------------------------------------------

gif = saved(picture.quantize(32), "GIF", interlace=1)
files["interlaced.gif"] = gif
at = gif.index(b"\x2c\0\0\0\0" + struct.pack("<HH", WIDTH, HEIGHT))
files["offset_frame.gif"] = (gif[:6] + struct.pack("<HH", WIDTH + 9, HEIGHT + 7) + gif[10:at + 1]
                             + struct.pack("<HH", 5, 3) + gif[at + 5:])
files["frame_beyond_screen.gif"] = gif[:6] + struct.pack("<HH", 20, 20) + gif[10:]
files["animated.gif"] = saved(picture.quantize(16), "GIF", save_all=True, loop=0,
                              append_images=[ImageOps.mirror(picture).quantize(16)])
files["transparent.gif"] = saved(picture.quantize(16), "GIF", transparency=3)
files["palette.bmp"] = saved(picture.quantize(64), "BMP")
files["grey.bmp"] = saved(picture.convert("L"), "BMP")
files["one_bit.bmp"] = saved(picture.convert("1"), "BMP")
files["alpha.bmp"] = saved(Image.fromarray(with_alpha), "BMP")
files["lossy.webp"] = saved(picture, "WEBP", quality=60)
files["lossy_alpha.webp"] = saved(Image.fromarray(with_alpha), "WEBP", quality=60)
files["lossless_alpha.webp"] = saved(Image.fromarray(with_alpha), "WEBP", lossless=True)
files["animated.webp"] = saved(picture, "WEBP", save_all=True, duration=100, quality=70,
                               append_images=[ImageOps.mirror(picture)])
moved = Image.new("RGBA", (WIDTH + 11, HEIGHT + 5))
moved.paste(picture, (6, 4))
files["animated_small_frame.webp"] = saved(moved, "WEBP", save_all=True, duration=100, lossless=True,
                                           append_images=[ImageOps.mirror(moved)])
files["mislabelled_png.jpg"] = saved(small, "PNG")
files["mislabelled_jpeg.png"] = saved(small, "JPEG", quality=95)
files["mislabelled_webp.gif"] = saved(small, "WEBP", lossless=True)

for name, content in files.items():
    with open(name, "wb") as out:
        out.write(content)
    Image.open(name).convert("RGB").save(name + ".expected.png")
    if name.startswith("rotated_"):
        ImageOps.exif_transpose(Image.open(name)).convert("RGB").save(name + ".upright.png")
print("made with Pillow", __import__("PIL").__version__)
