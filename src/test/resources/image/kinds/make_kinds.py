"""Makes `kinds.tar.gz`: pictures of every kind that Pillow opens, and what Pillow makes of each.

`python make_kinds.py`, with Pillow 13, numpy and imagecodecs, and libjpeg-turbo's `cjpeg` on the path.

In the archive, `files/NAME` is a picture and `expected/NAME.ppm` its pixels after
`Image.open(NAME).convert("RGB")`; `expected/NAME.txt` instead has what Pillow says where it refuses.
What Pillow cannot write is put together byte by byte here.
"""
import gzip, io, os, pathlib, re, struct, subprocess, tarfile, tempfile, warnings, zlib
import imagecodecs
import numpy
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
here = pathlib.Path(__file__).parent
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


# ---- BMP ---------------------------------------------------------------------------------------


def bmp(header, bits, rows, palette=b"", compression=0, masks=(), height=None, colours=None, gap=0,
        width=WIDTH, planes=1, offset=None, tail=b"", data=None):
    """rows: unpadded, first stored row first."""
    height = len(rows) if height is None else height
    if data is None:
        data = b"".join(row + b"\0" * (-len(row) % 4) for row in rows)
    masks = b"".join(struct.pack("<I", mask) for mask in masks)
    if header == 12:
        dib = struct.pack("<IHHHH", 12, width, height, planes, bits)
    else:
        count = (len(palette) // 4 if palette and len(palette) // 4 != 1 << bits else 0) if colours is None else colours
        dib = struct.pack("<IiiHHIIiiII", header, width, height, planes, bits, compression, len(data),
                          2835, 2835, count, 0)
        dib += masks[:max(0, header - 40)]
        rest = masks[max(0, header - 40):]
        dib += b"\0" * (header - len(dib)) + rest
    place = 14 + len(dib) + len(palette) + gap if offset is None else offset
    body = dib + palette + b"\xee" * gap + data + tail
    return b"BM" + struct.pack("<IHHI", 14 + len(body), 0, 0, place) + body


bottom_up = rgb[::-1]
bgr = [row[:, ::-1].tobytes() for row in bottom_up]
bgr_down = [row[:, ::-1].tobytes() for row in rgb]
bgra = [numpy.dstack([bottom_up, alpha[::-1, :, None]])[i][:, [2, 1, 0, 3]].tobytes() for i in range(HEIGHT)]
indices8 = (rgb[:, :, 0] >> 2) + 1
palette64 = random.integers(0, 256, (80, 3)).astype("u1")
quads = b"".join(bytes(c) + b"\0" for c in palette64)
triples = b"".join(bytes(c) for c in palette64)
full_quads = quads + b"\0" * (1024 - len(quads))
full_triples = triples + b"\0" * (768 - len(triples))
for header in (40, 52, 56, 64, 108, 124):
    add(f"bmp_{header}_24.bmp", bmp(header, 24, bgr))
    add(f"bmp_{header}_32.bmp", bmp(header, 32, bgra))
    add(f"bmp_{header}_8.bmp", bmp(header, 8, packed(indices8[::-1], 8), full_quads))
    add(f"bmp_{header}_8_short_palette.bmp", bmp(header, 8, packed(indices8[::-1], 8), quads))
    add(f"bmp_{header}_1.bmp", bmp(header, 1, packed(bits[::-1], 1), b"\x20\x40\x80\0\xf0\xe0\xd0\0"))
    add(f"bmp_{header}_4.bmp", bmp(header, 4, packed(indices8[::-1] >> 3, 4), quads[:64]))
r5, g6, b5 = (bottom_up[:, :, i].astype("uint32") >> s for i, s in ((0, 3), (1, 2), (2, 3)))
five = [r.astype("<u2").tobytes() for r in (r5 << 10 | (g6 >> 1) << 5 | b5)]
six = [r.astype("<u2").tobytes() for r in (r5 << 11 | g6 << 5 | b5)]
for header in (40, 52, 56, 64, 108, 124):
    add(f"bmp_{header}_16.bmp", bmp(header, 16, five))
    add(f"bmp_{header}_555.bmp", bmp(header, 16, five, compression=3, masks=(0x7C00, 0x3E0, 0x1F)))
    add(f"bmp_{header}_565.bmp", bmp(header, 16, six, compression=3, masks=(0xF800, 0x7E0, 0x1F)))
add("bmp_12_24.bmp", bmp(12, 24, bgr))
add("bmp_12_8.bmp", bmp(12, 8, packed(indices8[::-1], 8), full_triples))
add("bmp_12_4.bmp", bmp(12, 4, packed(indices8[::-1] >> 3, 4), triples[:48]))
add("bmp_12_1.bmp", bmp(12, 1, packed(bits[::-1], 1), b"\x20\x40\x80\xf0\xe0\xd0"))
add("bmp_12_16.bmp", bmp(12, 16, five))
add("bmp_12_32.bmp", bmp(12, 32, bgra))
add("bmp_top_down_24.bmp", bmp(40, 24, bgr_down, height=-HEIGHT))
add("bmp_top_down_8.bmp", bmp(40, 8, packed(indices8, 8), full_quads, height=-HEIGHT))
add("bmp_top_down_565.bmp", bmp(40, 16, six[::-1], compression=3, masks=(0xF800, 0x7E0, 0x1F), height=-HEIGHT))
add("bmp_top_down_32.bmp", bmp(40, 32, bgra[::-1], height=-HEIGHT))
add("bmp_grey_palette.bmp", bmp(40, 8, packed(grey[::-1], 8), b"".join(bytes([i] * 3) + b"\0" for i in range(256))))
add("bmp_black_and_white.bmp", bmp(40, 1, packed(bits[::-1], 1), b"\0\0\0\0\xff\xff\xff\0"))
add("bmp_white_and_black.bmp", bmp(40, 1, packed(bits[::-1], 1), b"\xff\xff\xff\0\0\0\0\0"))
add("bmp_gap_before_pixels.bmp", bmp(40, 24, bgr, gap=22))
add("bmp_gap_after_palette.bmp", bmp(40, 8, packed(indices8[::-1], 8), quads, gap=10))
add("bmp_more_behind.bmp", bmp(124, 24, bgr, tail=b"profile" * 9))
add("bmp_palette_of_two_in_eight_bits.bmp", bmp(40, 8, packed(bits[::-1], 8), b"\x20\x40\x80\0\xf0\xe0\xd0\0"))
add("bmp_index_beyond_palette.bmp", bmp(40, 8, packed(indices8[::-1], 8), quads[:80]))
add("bmp_palette_of_three_hundred.bmp", bmp(40, 8, packed(indices8[::-1], 8), quads * 3 + quads[:240], colours=300))
add("bmp_palette_for_24_bits.bmp", bmp(40, 24, bgr, quads[:40], colours=10))
layouts = {"bgrx": (0xFF0000, 0xFF00, 0xFF, 0), "xbgr": (0xFF000000, 0xFF0000, 0xFF00, 0),
           "bgxr": (0xFF000000, 0xFF00, 0xFF, 0), "abgr": (0xFF000000, 0xFF0000, 0xFF00, 0xFF),
           "rgba": (0xFF, 0xFF00, 0xFF0000, 0xFF000000), "bgra": (0xFF0000, 0xFF00, 0xFF, 0xFF000000),
           "bgar": (0xFF000000, 0xFF00, 0xFF, 0xFF0000), "none": (0, 0, 0, 0),
           "ten_bits": (0x3FF00000, 0xFFC00, 0x3FF, 0), "rgbx": (0xFF, 0xFF00, 0xFF0000, 0)}
for name, masks in layouts.items():
    add(f"bmp_masks_{name}_v5.bmp", bmp(124, 32, bgra, compression=3, masks=masks))
    add(f"bmp_masks_{name}_v1.bmp", bmp(40, 32, bgra, compression=3, masks=masks[:3]))
    add(f"bmp_masks_{name}_v2.bmp", bmp(52, 32, bgra, compression=3, masks=masks[:3]))
add("bmp_masks_of_24.bmp", bmp(40, 24, bgr, compression=3, masks=(0xFF0000, 0xFF00, 0xFF)))
add("bmp_masks_444.bmp", bmp(40, 16, six, compression=3, masks=(0xF00, 0xF0, 0xF)))
add("bmp_masks_with_alpha_type.bmp", bmp(56, 32, bgra, compression=6, masks=layouts["bgra"]))


def rle8(samples):
    out = b""
    for row in samples:
        i = 0
        while i < len(row):
            run = 1
            while i + run < len(row) and run < 255 and row[i + run] == row[i]:
                run += 1
            out += bytes([run, row[i]])
            i += run
        out += b"\0\0"
    return out + b"\0\1"


flat8 = (indices8 >> 3 << 2)[::-1]
absolute = b"".join(b"\0" + bytes([WIDTH]) + bytes(row) + b"\0" * (WIDTH % 2) + b"\0\0" for row in flat8) + b"\0\1"
add("bmp_rle8.bmp", bmp(40, 8, flat8, quads, 1, data=rle8(flat8)))
add("bmp_rle8_absolute.bmp", bmp(40, 8, flat8, quads, 1, data=absolute))
add("bmp_rle8_v4.bmp", bmp(108, 8, flat8, quads, 1, data=rle8(flat8)))
add("bmp_rle8_top_down.bmp", bmp(40, 8, flat8, quads, 1, height=-HEIGHT, data=rle8(flat8)))
add("bmp_rle8_delta.bmp", bmp(40, 8, flat8, quads, 1, data=b"\x05\x09\0\2\3\1\x04\x11\0\0\x13\x22\0\2\0\2\x02\x30\0\1"))
add("bmp_rle8_ends_early.bmp", bmp(40, 8, flat8, quads, 1, data=rle8(flat8[:4])))
add("bmp_rle8_too_long_row.bmp", bmp(40, 8, flat8, quads, 1, data=b"\x30\x21\0\0" + rle8(flat8[1:])))
flat4 = (indices8 >> 3)[::-1]
pairs = b"".join(b"".join(bytes([1, v << 4 | v]) for v in row) + b"\0\0" for row in flat4) + b"\0\1"
two = b"".join(bytes([WIDTH, 0x2B]) + b"\0\0" for row in flat4) + b"\0\1"
absolute4 = b"".join(
    b"\0" + bytes([WIDTH]) + (nibbles := packed(row[None], 4)[0]) + b"\0" * (len(nibbles) % 2) + b"\0\0"
    for row in flat4) + b"\0\1"
add("bmp_rle4.bmp", bmp(40, 4, flat4, quads[:64], 2, data=pairs))
add("bmp_rle4_pairs.bmp", bmp(40, 4, flat4, quads[:64], 2, data=two))
add("bmp_rle4_absolute.bmp", bmp(40, 4, flat4, quads[:64], 2, data=absolute4))
add("bmp_jpeg_inside.bmp", bmp(40, 0, [], b"", 4, height=HEIGHT, data=saved(picture, "JPEG")))
add("bmp_png_inside.bmp", bmp(40, 0, [], b"", 5, height=HEIGHT, data=saved(picture, "PNG")))
add("bmp_2_bits.bmp", bmp(40, 2, packed(indices8[::-1] >> 5, 2), quads[:16]))
add("bmp_header_16.bmp", bmp(16, 24, bgr)[:14] + struct.pack("<IIIHH", 16, WIDTH, HEIGHT, 1, 24) + b"".join(
    row + b"\0" * (-len(row) % 4) for row in bgr))
add("bmp_truncated.bmp", bmp(40, 24, bgr)[:-40])
add("bmp_truncated_padding.bmp", bmp(40, 24, bgr)[:-2])
add("bmp_no_padding_at_end.bmp", bmp(40, 24, bgr)[:-3])
add("bmp_planes_0.bmp", bmp(40, 24, bgr, planes=0))
for mode in ("1", "L", "P", "RGB", "RGBA"):
    add(f"bmp_pillow_{mode}.bmp", saved(picture.convert(mode), "BMP"))
add("bmp_dib.dib", saved(picture, "DIB"))

# ---- PNG ---------------------------------------------------------------------------------------

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(name, data, checksum=None):
    checksum = zlib.crc32(name + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def filtered(rows, bpp, kind):
    out, above = [], None
    for n, row in enumerate(rows):
        row = numpy.frombuffer(row, "u1").astype(int)
        above = numpy.zeros_like(row) if above is None else above
        left = numpy.concatenate([numpy.zeros(bpp, int), row[:-bpp]]) if len(row) > bpp else numpy.zeros_like(row)
        corner = numpy.concatenate([numpy.zeros(bpp, int), above[:-bpp]]) if len(row) > bpp else numpy.zeros_like(row)
        f = n % 5 if kind == "all" else kind
        p = left + above - corner
        pa, pb, pc = abs(p - left), abs(p - above), abs(p - corner)
        paeth = numpy.where((pa <= pb) & (pa <= pc), left, numpy.where(pb <= pc, above, corner))
        guess = [0, left, above, (left + above) // 2, paeth][f]
        out.append(bytes([f]) + ((row - guess) % 256).astype("u1").tobytes())
        above = row
    return b"".join(out)


def png(samples, depth, colour, interlaced=False, chunks=(), after=(), kind="all", split=None, end=True, ihdr=None,
        data=None):
    """samples: (height, width, bands), each sample of `depth` bits."""
    bands = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 1)
    bpp = max(1, bands * depth // 8)

    def rows(part):
        flat = part.reshape(part.shape[0], -1)
        return [row.astype(">u2").tobytes() for row in flat] if depth == 16 else packed(part, depth)

    height, width = samples.shape[:2]
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    if data is None:
        data = b"".join(filtered(rows(part), bpp, kind) for x0, y0, dx, dy in passes
                        if (part := samples[y0::dy, x0::dx]).size)
        data = zlib.compress(data, 9)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced) if ihdr is None else ihdr
    pieces = [data] if split is None else [data[i:i + split] for i in range(0, len(data), split)]
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(c if isinstance(c, bytes) else chunk(*c) for c in chunks)
            + b"".join(chunk(b"IDAT", piece) for piece in pieces) + b"".join(c if isinstance(c, bytes) else chunk(*c) for c in after)
            + (chunk(b"IEND", b"") if end else b""))


def of_depth(samples, depth):
    return (samples >> (8 - depth)) if depth <= 8 else samples


colour16 = [(struct.pack(">HHH", *map(int, rgb16[3, 4])))]
plte = triples[:48]
for interlaced in (False, True):
    add_name = "_interlaced" if interlaced else ""
    for depth in (1, 2, 4, 8):
        add(f"png_grey_{depth}{add_name}.png", png(of_depth(grey, depth)[:, :, None], depth, 0, interlaced))
        small = min(16, 1 << depth)
        add(f"png_palette_{depth}{add_name}.png",
            png((grey[:, :, None] >> 4) % small, depth, 3, interlaced, [(b"PLTE", plte[:3 * small])]))
    add(f"png_grey_16{add_name}.png", png(grey16[:, :, None], 16, 0, interlaced))
    add(f"png_rgb_8{add_name}.png", png(rgb, 8, 2, interlaced))
    add(f"png_rgb_16{add_name}.png", png(rgb16, 16, 2, interlaced))
    add(f"png_grey_alpha_8{add_name}.png", png(numpy.dstack([grey, alpha]), 8, 4, interlaced))
    add(f"png_grey_alpha_16{add_name}.png", png(numpy.dstack([grey16, alpha.astype("u2") * 257]), 16, 4, interlaced))
    add(f"png_rgb_alpha_8{add_name}.png", png(numpy.dstack([rgb, alpha]), 8, 6, interlaced))
    add(f"png_rgb_alpha_16{add_name}.png", png(numpy.dstack([rgb16, alpha.astype("u2") * 257]), 16, 6, interlaced))
for kind in range(5):
    add(f"png_filter_{kind}.png", png(rgb, 8, 2, kind=kind))
dark16 = (grey.astype("u2") * 2)[:, :, None]
add("png_grey_16_dark.png", png(dark16, 16, 0))
add("png_trns_palette_some.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"PLTE", plte), (b"tRNS", bytes(range(0, 160, 20)))]))
add("png_trns_palette_one.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"PLTE", plte), (b"tRNS", b"\xff\xff\0")]))
add("png_trns_palette_too_many.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"PLTE", plte), (b"tRNS", bytes(range(0, 250, 10)))]))
add("png_trns_grey_8.png", png(grey[:, :, None], 8, 0, chunks=[(b"tRNS", struct.pack(">H", int(grey[2, 3])))]))
add("png_trns_grey_1.png", png(bits[:, :, None], 1, 0, chunks=[(b"tRNS", b"\0\1")]))
add("png_trns_grey_2.png", png(grey[:, :, None] >> 6, 2, 0, chunks=[(b"tRNS", b"\0\2")]))
add("png_trns_grey_16.png", png(grey16[:, :, None], 16, 0, chunks=[(b"tRNS", struct.pack(">H", int(grey16[2, 3])))]))
add("png_trns_rgb.png", png(rgb, 8, 2, chunks=[(b"tRNS", struct.pack(">HHH", *map(int, rgb[3, 4])))]))
add("png_trns_rgb_16.png", png(rgb16, 16, 2, chunks=[(b"tRNS", colour16[0])]))
add("png_trns_short.png", png(rgb, 8, 2, chunks=[(b"tRNS", b"\0\1")]))
add("png_trns_before_plte.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"tRNS", b"\0\x80"), (b"PLTE", plte)]))
add("png_trns_with_alpha.png", png(numpy.dstack([rgb, alpha]), 8, 6, chunks=[(b"tRNS", b"\0\1\0\2\0\3")]))
add("png_no_plte.png", png(grey[:, :, None] >> 4, 4, 3))
add("png_no_plte_8.png", png(grey[:, :, None], 8, 3))
add("png_no_plte_1.png", png(bits[:, :, None], 1, 3))
add("png_short_plte.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"PLTE", plte[:15])]))
add("png_short_plte_8.png", png(grey[:, :, None], 8, 3, chunks=[(b"PLTE", triples[:60])]))
add("png_odd_plte.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"PLTE", plte[:44])]))
add("png_long_plte.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"PLTE", triples)]))
add("png_too_long_plte.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"PLTE", triples * 4)]))
add("png_plte_twice.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[(b"PLTE", plte), (b"PLTE", plte[::-1])]))
add("png_plte_in_rgb.png", png(rgb, 8, 2, chunks=[(b"PLTE", plte)]))
add("png_plte_in_grey.png", png(grey[:, :, None], 8, 0, chunks=[(b"PLTE", plte)]))
add("png_plte_after.png", png(grey[:, :, None] >> 4, 4, 3, after=[(b"PLTE", plte)]))
add("png_gama.png", png(rgb, 8, 2, chunks=[(b"gAMA", struct.pack(">I", 45455))]))
add("png_gama_1.png", png(rgb, 8, 2, chunks=[(b"gAMA", struct.pack(">I", 100000))]))
add("png_gama_short.png", png(rgb, 8, 2, chunks=[(b"gAMA", b"\0\1")]))
add("png_srgb_chrm.png", png(rgb, 8, 2, chunks=[(b"sRGB", b"\0"), (b"cHRM", struct.pack(">8I", *range(31270, 31278)))]))
add("png_sbit_bkgd_hist.png", png(rgb, 8, 2, chunks=[(b"sBIT", b"\5\6\5"), (b"bKGD", b"\0\1\0\2\0\3")]))
add("png_sbit_5_grey.png", png(grey[:, :, None], 8, 0, chunks=[(b"sBIT", b"\5")]))
add("png_iccp_damaged.png", png(rgb, 8, 2, chunks=[(b"iCCP", b"bad\0\0notzlib")]))
add("png_iccp_no_profile.png", png(rgb, 8, 2, chunks=[(b"iCCP", b"bad\0\0" + zlib.compress(b"no profile"))]))
add("png_iccp_grey_in_rgb.png", png(rgb, 8, 2, chunks=[(b"iCCP", b"x\0\0" + zlib.compress(
    b"\0\0\0\x80" + b"\0" * 12 + b"GRAYXYZ " + b"\0" * 104))]))
add("png_time_phys_text.png", png(rgb, 8, 2, chunks=[(b"pHYs", struct.pack(">IIB", 2835, 2835, 1)), (b"tIME", b"\7\xe8\1\1\0\0\0"),
                                                     (b"tEXt", b"Title\0\xe9"), (b"tEXt", b"no zero"), (b"zTXt", b"a\0\0damaged")]))
add("png_private_chunks.png", png(rgb, 8, 2, chunks=[(b"prVt", b"12345"), (b"CgBJ", b"\x50\0\x20\2")]))
add("png_unknown_critical.png", png(rgb, 8, 2, chunks=[(b"ABCD", b"12345")]))
add("png_exif.png", png(rgb, 8, 2, chunks=[(b"eXIf", b"II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0\0\0\0\0")]))
add("png_many_idat.png", png(rgb, 8, 2, split=7))
add("png_empty_idat.png", png(rgb, 8, 2, chunks=[(b"IDAT", b"")]))
add("png_split_by_text.png", png(rgb, 8, 2, data=(d := files["png_rgb_8.png"])[d.index(b"IDAT") + 4:][:100], after=[
    (b"tEXt", b"a\0b"), (b"IDAT", d[d.index(b"IDAT") + 104:d.index(b"IEND") - 8])]))
add("png_no_iend.png", png(rgb, 8, 2, end=False))
add("png_behind_iend.png", png(rgb, 8, 2) + b"trailing rubbish")
add("png_crc_of_ancillary.png", png(rgb, 8, 2, chunks=[chunk(b"tEXt", b"a\0b", 5)]))
add("png_crc_of_idat.png", (d := files["png_rgb_8.png"])[:-16] + b"abcd" + d[-12:])
add("png_crc_of_iend.png", d[:-4] + b"abcd")
add("png_crc_of_plte.png", png(grey[:, :, None] >> 4, 4, 3, chunks=[chunk(b"PLTE", plte, 5)]))
add("png_extra_pixels.png", png(rgb, 8, 2, data=zlib.compress(b"".join(b"\0" + r.tobytes() for r in rgb) + b"more" * 20)))
add("png_missing_rows.png", png(rgb, 8, 2, data=zlib.compress(b"".join(b"\0" + r.tobytes() for r in rgb[:7]))))
add("png_filter_9.png", png(rgb, 8, 2, data=zlib.compress(b"".join(b"\x09" + r.tobytes() for r in rgb))))
add("png_zlib_checksum.png", png(rgb, 8, 2, data=zlib.compress(b"".join(b"\0" + r.tobytes() for r in rgb))[:-4] + b"abcd"))
add("png_small_window.png", png(rgb, 8, 2, data=(lambda c: c.compress(b"".join(b"\0" + r.tobytes() for r in rgb)) + c.flush())(
    zlib.compressobj(9, zlib.DEFLATED, 9))))
add("png_preset_dictionary.png", png(rgb, 8, 2, data=(lambda c: c.compress(b"".join(b"\0" + r.tobytes() for r in rgb)) + c.flush())(
    zlib.compressobj(9, zlib.DEFLATED, 15, zdict=b"abcdefgh"))))
for depth, colour in ((4, 2), (16, 3), (8, 1), (8, 5), (3, 0), (1, 4), (8, 7)):
    add(f"png_depth_{depth}_colour_{colour}.png", png(rgb[:, :, :1], 8, 0, ihdr=struct.pack(">IIBBBBB", WIDTH, HEIGHT, depth, colour, 0, 0, 0)))
add("png_interlace_2.png", png(rgb, 8, 2, ihdr=struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 2)))
add("png_filter_method_1.png", png(rgb, 8, 2, ihdr=struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 1, 0)))
add("png_compression_1.png", png(rgb, 8, 2, ihdr=struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 1, 0, 0)))
add("png_truncated.png", files["png_rgb_8.png"][:-60])
add("png_one_pixel.png", png(rgb[:1, :1], 8, 2))
add("png_one_pixel_interlaced.png", png(rgb[:1, :1], 8, 2, True))
add("png_one_column.png", png(rgb[:, :1], 8, 2, True))
add("png_chunk_before_ihdr.png", b"\x89PNG\r\n\x1a\n" + chunk(b"CgBI", b"\x50\0\x20\2") + files["png_rgb_8.png"][8:])
mirror = ImageOps.mirror(picture)
add("png_animated.png", saved(picture, "PNG", save_all=True, append_images=[mirror], duration=100))
add("png_animated_default_image.png", saved(picture, "PNG", save_all=True, default_image=True, append_images=[mirror, picture], duration=100))
actl = chunk(b"acTL", struct.pack(">II", 1, 0))
fctl = lambda seq, w, h, px, py: chunk(b"fcTL", struct.pack(">IIIIIHHBB", seq, w, h, px, py, 1, 10, 0, 0))
add("png_animated_one_frame.png", png(rgb, 8, 2, chunks=[actl, fctl(0, WIDTH, HEIGHT, 0, 0)]))
part = rgb[2:9, 3:15]
part_data = zlib.compress(b"".join(b"\0" + r.tobytes() for r in part))
add("png_animated_small_first.png", png(rgb, 8, 2, chunks=[actl, fctl(0, 12, 7, 3, 2)], data=part_data))
add("png_animated_only_fdat.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0))
    + actl + fctl(0, 12, 7, 3, 2) + chunk(b"fdAT", struct.pack(">I", 1) + part_data) + chunk(b"IEND", b""))
for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
    add(f"png_pillow_{mode}.png", saved(picture.convert(mode), "PNG"))
add("png_pillow_I16.png", saved(Image.fromarray(grey16), "PNG"))

# ---- GIF ---------------------------------------------------------------------------------------

gif_palette = triples[:96]


def lzw(samples, bits):
    """GIF's codes, never longer than bits + 1, as every few a clear code comes."""
    code, clear, out, n = bits + 1, 1 << bits, 0, 0
    for i, value in enumerate(samples):
        if i % max(1, (1 << bits) - 2) == 0:
            out |= clear << n
            n += code
        out |= int(value) << n
        n += code
    out |= (clear + 1) << n
    n += code
    data = out.to_bytes((n + 7) // 8, "little")
    return bytes([bits]) + b"".join(bytes([len(data[i:i + 255])]) + data[i:i + 255] for i in range(0, len(data), 255)) + b"\0"


def gif(samples, bits=5, palette=gif_palette, local=None, screen=None, at=(0, 0), before=b"", after=b";", interlace=False,
        version=b"GIF89a", background=0, size=None, sorted_flag=0):
    height, width = samples.shape
    screen = screen or (width, height)
    flags = (0x80 | (len(palette) // 3).bit_length() - 2) if palette else 0
    rows = samples
    if interlace:
        rows = numpy.concatenate([samples[0::8], samples[4::8], samples[2::4], samples[1::2]])
    local_flags = ((0x80 | (len(local) // 3).bit_length() - 2) if local else 0) | (0x40 if interlace else 0)
    return (version + struct.pack("<HHBBB", *screen, flags | 0x70 | sorted_flag, background, 0) + (palette or b"") + before
            + b"," + struct.pack("<HHHHB", *at, *(size or (width, height)), local_flags) + (local or b"")
            + lzw(rows.reshape(-1), bits) + after)


def control(transparent=None, disposal=0):
    return b"!\xf9\4" + bytes([disposal << 2 | (transparent is not None), 10, 0, transparent or 0, 0])


index5 = (grey >> 3)
add("gif_plain.gif", gif(index5))
add("gif_87a.gif", gif(index5, version=b"GIF87a"))
add("gif_local.gif", gif(index5, local=gif_palette[::-1]))
add("gif_only_local.gif", gif(index5, palette=None, local=gif_palette))
add("gif_no_palette.gif", gif(index5, palette=None))
add("gif_no_palette_8.gif", gif(grey, 8, palette=None))
add("gif_small_palette.gif", gif(index5, palette=gif_palette[:24]))
add("gif_small_local.gif", gif(index5, local=gif_palette[:12]))
add("gif_grey_palette.gif", gif(grey, 8, palette=bytes(i // 3 for i in range(768))))
add("gif_grey_palette_of_8.gif", gif(index5 >> 2, 3, palette=bytes(i // 3 for i in range(24))))
add("gif_grey_local_over_global.gif", gif(index5, local=bytes(i // 3 for i in range(96))))
add("gif_interlaced.gif", gif(index5, interlace=True))
add("gif_interlaced_one_row.gif", gif(index5[:1], interlace=True))
add("gif_interlaced_two_rows.gif", gif(index5[:2], interlace=True))
add("gif_interlaced_five_rows.gif", gif(index5[:5], interlace=True))
add("gif_two_colours.gif", gif(bits, 2, palette=gif_palette[:6]))
add("gif_full_palette.gif", gif(grey, 8, palette=full_triples))
for disposal in range(5):
    add(f"gif_transparent_disposal_{disposal}.gif", gif(index5, before=control(7, disposal)))
    add(f"gif_offset_disposal_{disposal}.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), before=control(None, disposal), background=4))
add("gif_offset.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3)))
add("gif_offset_background.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), background=9))
add("gif_offset_transparent.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), background=9, before=control(7)))
add("gif_offset_transparent_disposal_2.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), background=9, before=control(7, 2)))
add("gif_offset_local.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), local=gif_palette[::-1], background=3))
add("gif_offset_no_palette.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), palette=None))
add("gif_offset_no_palette_transparent.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), palette=None, before=control(7)))
add("gif_beyond_screen.gif", gif(index5, screen=(10, 8)))
add("gif_beyond_screen_offset.gif", gif(index5, screen=(12, 12), at=(4, 5)))
add("gif_screen_zero.gif", gif(index5, screen=(0, 0)))
add("gif_transparent_beyond_palette.gif", gif(index5, before=control(200)))
add("gif_transparent_beyond_palette_offset.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), before=control(200)))
add("gif_two_controls.gif", gif(index5, before=control(7) + control(None)))
add("gif_two_controls_other.gif", gif(index5, screen=(WIDTH + 6, HEIGHT + 5), at=(2, 3), before=control(5) + control(9)))
add("gif_comment_and_application.gif", gif(index5, before=b"!\xfe\5hello\0!\xff\x0bNETSCAPE2.0\3\1\0\0\0"))
add("gif_plain_text.gif", gif(index5, before=b"!\x01\x0c" + b"\0" * 12 + b"\2hi\0"))
add("gif_unknown_extension.gif", gif(index5, before=b"!\x77\3abc\0"))
add("gif_rubbish_between.gif", gif(index5, before=b"\0\0"))
add("gif_no_trailer.gif", gif(index5, after=b""))
add("gif_behind_trailer.gif", gif(index5, after=b";more"))
add("gif_truncated.gif", gif(index5)[:-60])
add("gif_missing_rows.gif", gif(index5[:8], size=(WIDTH, HEIGHT)))
add("gif_too_many_rows.gif", gif(index5, size=(WIDTH, HEIGHT - 3)))
add("gif_min_code_1.gif", gif(bits, 1, palette=gif_palette[:6]))
add("gif_animated.gif", saved(picture.quantize(16), "GIF", save_all=True, append_images=[mirror.quantize(16)], loop=0))
add("gif_animated_local.gif", saved(picture, "GIF", save_all=True, append_images=[mirror], duration=90, disposal=2))
add("gif_real_lzw.gif", saved(picture.quantize(256), "GIF"))
add("gif_real_lzw_interlaced.gif", saved(picture.quantize(256), "GIF", interlace=1))
big = Image.fromarray(random.integers(0, 256, (70, 90)).astype("u1"))
add("gif_lzw_of_twelve_bits.gif", saved(big, "GIF"))
for mode in ("1", "L", "P", "RGB", "RGBA"):
    add(f"gif_pillow_{mode}.gif", saved(picture.convert(mode), "GIF"))

# ---- JPEG --------------------------------------------------------------------------------------


def segments(jpeg):
    """[(marker, content)], the last from the first scan on."""
    out, at = [], 2
    while True:
        marker = jpeg[at + 1]
        if marker == 0xDA:
            return out, jpeg[at:]
        length = struct.unpack(">H", jpeg[at + 2:at + 4])[0]
        out.append((marker, jpeg[at + 4:at + 2 + length]))
        at += 2 + length


def jpeg_of(parts, scan):
    return b"\xff\xd8" + b"".join(b"\xff" + bytes([m]) + struct.pack(">H", len(c) + 2) + c for m, c in parts) + scan


def changed(jpeg, jfif=None, adobe=None, ids=None, extra=(), last=(), precision=None):
    """The same picture with another set of markers; ids: the components' names."""
    parts, scan = segments(jpeg)
    if jfif is False:
        parts = [p for p in parts if p[0] != 0xE0]
    if adobe is not None:
        parts = [p for p in parts if p[0] != 0xEE]
        if adobe is not False:
            parts.insert(0, (0xEE, b"Adobe\0\x64\0\0\0\0" + bytes([adobe])))
    if ids:
        parts = [(m, c if not 0xC0 <= m <= 0xCF or m in (0xC4, 0xC8, 0xCC) else
                  c[:6] + b"".join(bytes([ids[i]]) + c[6 + 3 * i + 1:9 + 3 * i] for i in range(c[5]))) for m, c in parts]
        old = [c for m, c in segments(jpeg)[0] if m in (0xC0, 0xC1, 0xC2)][0]
        names = {old[6 + 3 * i]: ids[i] for i in range(old[5])}
        scan = bytearray(scan)
        at = scan.find(b"\xff\xda")
        while at >= 0:
            for i in range(scan[at + 4]):
                scan[at + 5 + 2 * i] = names[scan[at + 5 + 2 * i]]
            at = scan.find(b"\xff\xda", at + 2)
        scan = bytes(scan)
    parts = list(extra) + parts + list(last)
    return jpeg_of(parts, scan)


def cjpeg(*options, image=picture):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "p.ppm")
        image.save(source)
        return subprocess.run(["cjpeg", *options, source], check=True, capture_output=True).stdout


best = saved(picture, "JPEG", quality=92, subsampling=0)
add("jpeg_444.jpg", best)
add("jpeg_422.jpg", saved(picture, "JPEG", quality=92, subsampling=1))
add("jpeg_420.jpg", saved(picture, "JPEG", quality=92, subsampling=2))
for sample in ("1x2", "4x1", "1x4", "4x2", "2x4", "2x2,2x1", "2x2,1x2", "2x2,2x2,1x1", "2x1,1x1,2x1", "1x1,2x2,2x2", "1x1,1x2,2x1", "2x2,2x2",
               "3x1", "1x3", "3x2", "4x4", "3x1,1x1,3x1", "4x1,2x1", "1x1,2x1"):
    for progressive in (False, True):
        name = "jpeg_sampled_" + sample.replace(",", "_") + ("_progressive" if progressive else "")
        try:
            add(name + ".jpg", cjpeg("-quality", "92", "-sample", sample, *(["-progressive"] if progressive else [])))
        except subprocess.CalledProcessError as e:
            print(name, e.stderr)
add("jpeg_progressive.jpg", saved(picture, "JPEG", quality=92, progressive=True, subsampling=0))
add("jpeg_grey.jpg", saved(picture.convert("L"), "JPEG", quality=92))
add("jpeg_grey_progressive.jpg", saved(picture.convert("L"), "JPEG", quality=92, progressive=True))
add("jpeg_grey_sampled_2x2.jpg", cjpeg("-quality", "92", "-grayscale", "-sample", "2x2"))
add("jpeg_optimized.jpg", saved(picture, "JPEG", quality=92, optimize=True))
add("jpeg_restart_blocks.jpg", saved(picture, "JPEG", quality=92, restart_marker_blocks=1))
add("jpeg_restart_rows.jpg", saved(picture, "JPEG", quality=92, restart_marker_rows=1, subsampling=2))
add("jpeg_restart_progressive.jpg", cjpeg("-quality", "92", "-progressive", "-restart", "1B"))
add("jpeg_arithmetic.jpg", cjpeg("-quality", "92", "-arithmetic"))
add("jpeg_arithmetic_progressive.jpg", cjpeg("-quality", "92", "-arithmetic", "-progressive"))
add("jpeg_rgb.jpg", saved(picture, "JPEG", quality=92, keep_rgb=True))
add("jpeg_rgb_cjpeg.jpg", cjpeg("-quality", "92", "-rgb"))
add("jpeg_low_quality.jpg", cjpeg("-quality", "5"))
add("jpeg_low_quality_16_bit_tables.jpg", cjpeg("-quality", "1"))
add("jpeg_quality_100.jpg", saved(picture, "JPEG", quality=100, subsampling=0))
for t in (0, 1, 2, 3, 255):
    add(f"jpeg_adobe_{t}_no_jfif.jpg", changed(best, jfif=False, adobe=t))
    add(f"jpeg_adobe_{t}_and_jfif.jpg", changed(best, adobe=t))
ids = {"012": (0, 1, 2), "123": (1, 2, 3), "rgb": b"RGB", "small_rgb": b"rgb", "bgr": b"BGR", "ycc": (1, 34, 35), "321": (3, 2, 1), "yuv": b"YUV",
       "zeros": (7, 8, 9), "012_rgb": (1, 34, 36)}
for name, values in ids.items():
    add(f"jpeg_ids_{name}_no_jfif.jpg", changed(best, jfif=False, ids=values))
    add(f"jpeg_ids_{name}_jfif.jpg", changed(best, ids=values))
    add(f"jpeg_ids_{name}_420_no_jfif.jpg", changed(files["jpeg_420.jpg"], jfif=False, ids=values))
add("jpeg_ids_rgb_adobe_1.jpg", changed(best, jfif=False, ids=b"RGB", adobe=1))
add("jpeg_ids_rgb_progressive.jpg", changed(files["jpeg_progressive.jpg"], jfif=False, ids=b"RGB"))
add("jpeg_ids_twice.jpg", changed(best, jfif=False, ids=(1, 1, 1)))
add("jpeg_short_adobe.jpg", changed(best, jfif=False, extra=[(0xEE, b"Adobe\0\x64")]))
add("jpeg_adobe_lower_case.jpg", changed(best, jfif=False, extra=[(0xEE, b"adobe\0\x64\0\0\0\0\0")]))
add("jpeg_adobe_in_other_segment.jpg", changed(best, jfif=False, extra=[(0xED, b"Adobe\0\x64\0\0\0\0\0")]))
add("jpeg_two_adobe.jpg", changed(best, jfif=False, extra=[(0xEE, b"Adobe\0\x64\0\0\0\0\1"), (0xEE, b"Adobe\0\x64\0\0\0\0\0")]))
add("jpeg_short_jfif.jpg", changed(best, jfif=False, adobe=0, extra=[(0xE0, b"JFIF\0\1")]))
add("jpeg_jfif_late.jpg", changed(best, jfif=False, adobe=0, last=[(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")]))
add("jpeg_adobe_late.jpg", changed(best, jfif=False, last=[(0xEE, b"Adobe\0\x64\0\0\0\0\0")]))
add("jpeg_jfxx.jpg", changed(best, jfif=False, extra=[(0xE0, b"JFXX\0\x10")]))
cmyk = saved(picture.convert("CMYK"), "JPEG", quality=95)
inks = numpy.dstack([255 - rgb, alpha // 3])
inks_jpeg = saved(Image.fromarray(inks, "CMYK"), "JPEG", quality=95)
for t in (0, 1, 2, False):
    add(f"jpeg_cmyk_adobe_{t}.jpg", changed(inks_jpeg, adobe=t))
    add(f"jpeg_cmyk_adobe_{t}_jfif.jpg", changed(inks_jpeg, adobe=t, extra=[(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")]))
add("jpeg_cmyk_420.jpg", saved(Image.fromarray(inks, "CMYK"), "JPEG", quality=95, subsampling=2))
add("jpeg_ycck_420.jpg", changed(files["jpeg_cmyk_420.jpg"], adobe=2))
add("jpeg_cmyk_progressive.jpg", saved(Image.fromarray(inks, "CMYK"), "JPEG", quality=95, progressive=True))
add("jpeg_ycck_progressive.jpg", changed(files["jpeg_cmyk_progressive.jpg"], adobe=2))
add("jpeg_cmyk_ids_cmyk.jpg", changed(inks_jpeg, adobe=False, ids=b"CMYK"))
profile = b"\0\0\0\x84" + b"\0" * 12 + b"RGB XYZ " + b"\0" * 12 + b"acsp" + b"\0" * 92
for name, parts in {"duplicate": [(1, 2), (1, 2)], "zero": [(0, 1)], "missing": [(2, 2)], "inconsistent": [(1, 2), (2, 3)], "right": [(1, 1)],
                    "beyond": [(5, 2), (1, 2)]}.items():
    add(f"jpeg_icc_{name}.jpg", changed(best, extra=[(0xE2, b"ICC_PROFILE\0" + bytes(p) + profile) for p in parts]))
for space in (b"Lab ", b"GRAY", b"CMYK", b"XYZ ", b"oops"):
    add(f"jpeg_icc_{space.decode().strip().lower()}.jpg", changed(best, extra=[
        (0xE2, b"ICC_PROFILE\0\1\1" + profile.replace(b"RGB ", space))]))
add("jpeg_icc_rgb_in_grey.jpg", changed(files["jpeg_grey.jpg"], extra=[(0xE2, b"ICC_PROFILE\0\1\1" + profile)]))
add("jpeg_icc_short.jpg", changed(best, extra=[(0xE2, b"ICC_PROFILE\0\1\1abc")]))
add("jpeg_icc_in_cmyk.jpg", changed(inks_jpeg, extra=[(0xE2, b"ICC_PROFILE\0\1\1" + profile.replace(b"RGB ", b"CMYK"))]))
add("jpeg_comment.jpg", changed(best, extra=[(0xFE, "说明".encode())]))
add("jpeg_exif_damaged.jpg", changed(best, extra=[(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff")]))
add("jpeg_exif_no_jfif.jpg", changed(best, jfif=False, extra=[(0xE1, b"Exif\0\0II*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\3\0\0\0\0\0\0\0")]))
add("jpeg_all_applications.jpg", changed(best, extra=[(0xE0 + i, b"something") for i in range(16)]))
add("jpeg_fill_bytes.jpg", best[:2] + b"\xff\xff\xff" + best[2:])
add("jpeg_fill_bytes_before_scan.jpg", (i := best.index(b"\xff\xda")) and best[:i] + b"\xff\xff" + best[i:])
add("jpeg_junk_between.jpg", (p := segments(best)) and jpeg_of(p[0][:1], b"junk" + jpeg_of(p[0][1:], p[1])[2:]))
add("jpeg_escaped_between.jpg", jpeg_of(p[0][:1], b"\xff\0\xff\0" + jpeg_of(p[0][1:], p[1])[2:]))
add("jpeg_zero_between.jpg", jpeg_of(p[0][:1], b"\0\0" + jpeg_of(p[0][1:], p[1])[2:]))
add("jpeg_restart_marker_between.jpg", jpeg_of(p[0][:1], b"\xff\xd3" + jpeg_of(p[0][1:], p[1])[2:]))
add("jpeg_no_end.jpg", best[:-2])
add("jpeg_behind_end.jpg", best + b"a motion picture" * 20)
add("jpeg_truncated.jpg", best[:-90])
add("jpeg_truncated_progressive.jpg", files["jpeg_progressive.jpg"][:-60])
add("jpeg_thumbnail.jpg", changed(best, extra=[(0xE1, b"Exif\0\0" + files["jpeg_grey.jpg"])]))
add("jpeg_no_tables.jpg", jpeg_of([q for q in p[0] if q[0] != 0xC4], p[1]))
add("jpeg_no_quantization.jpg", jpeg_of([q for q in p[0] if q[0] != 0xDB], p[1]))
add("jpeg_tables_twice.jpg", jpeg_of([q for q in p[0] for _ in range(2 if q[0] in (0xC4, 0xDB) else 1)], p[1]))
frame = lambda jpeg, change: jpeg_of([(m, change(c) if m == 0xC0 else c) for m, c in segments(jpeg)[0]], segments(jpeg)[1])
add("jpeg_12_bits.jpg", frame(best, lambda c: b"\x0c" + c[1:]))
add("jpeg_height_0.jpg", frame(best, lambda c: c[:1] + b"\0\0" + c[3:]))
add("jpeg_two_layers.jpg", frame(best, lambda c: c[:5] + b"\2" + c[6:12]))
add("jpeg_taller_than_its_data.jpg", frame(best, lambda c: c[:1] + struct.pack(">H", 40) + c[3:]))
add("jpeg_shorter_than_its_data.jpg", frame(best, lambda c: c[:1] + struct.pack(">H", 8) + c[3:]))
add("jpeg_extended.jpg", jpeg_of([(0xC1 if m == 0xC0 else m, c) for m, c in p[0]], p[1]))
for sof in (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCB, 0xCD, 0xCE, 0xCF):
    add(f"jpeg_sof_{sof & 15}.jpg", jpeg_of([(sof if m == 0xC0 else m, c) for m, c in p[0]], p[1]))
add("jpeg_lossless.jpg", imagecodecs.ljpeg_encode(grey) if hasattr(imagecodecs, "ljpeg_encode") else b"")
add("jpeg_ls.jls", imagecodecs.jpegls_encode(rgb))
multi = io.BytesIO()
picture.save(multi, "MPO", save_all=True, append_images=[mirror])
add("jpeg_multi_picture.jpg", multi.getvalue())
add("jpeg_one_pixel.jpg", saved(picture.crop((0, 0, 1, 1)), "JPEG", quality=92))
for w, h in ((2, 2), (3, 1), (1, 3), (2, 9), (9, 2), (5, 5), (17, 16)):
    for sub in ("2x1", "2x2", "1x2"):
        add(f"jpeg_{w}x{h}_{sub}.jpg", cjpeg("-quality", "92", "-sample", sub, image=picture.crop((0, 0, w, h))))

# ---- TIFF --------------------------------------------------------------------------------------

TYPES = {"B": 1, "H": 3, "I": 4, "Q": 16, "S": 2, "R": 5, "U": 7}


def tiff(strips, width=WIDTH, height=HEIGHT, order="<", big=False, tags=(), tile=None, rows=None, version=None, drop=()):
    """strips: bytes of each; tags: {tag: (kind, values)} over the usual ones."""
    fields = {256: ("I", [width]), 257: ("I", [height]), 258: ("H", [8, 8, 8]), 259: ("H", [1]), 262: ("H", [2]), 277: ("H", [3])}
    if tile:
        fields |= {322: ("I", [tile[0]]), 323: ("I", [tile[1]]), 324: ("I", [0] * len(strips)), 325: ("I", [len(s) for s in strips])}
    else:
        fields |= {273: ("I", [0] * len(strips)), 278: ("I", [rows or height]), 279: ("I", [len(s) for s in strips])}
    fields.update(dict(tags))
    for tag in drop:
        fields.pop(tag, None)
    start = 16 if big else 8
    places, at = [], start
    for s in strips:
        places.append(at)
        at += len(s) + len(s) % 2
    body = b"".join(s + b"\0" * (len(s) % 2) for s in strips)
    for tag in (273, 324):
        if tag in fields and not any(fields[tag][1]):
            fields[tag] = (fields[tag][0], places)
    entries, extra = b"", b""
    word, room = ("Q", 8) if big else ("I", 4)
    behind = at + (8 if big else 2) + len(fields) * (20 if big else 12) + room
    for tag, (kind, values) in sorted(fields.items()):
        if kind in "SU":
            data, count = values, len(values)
        elif kind == "R":
            data, count = struct.pack(order + "II", *values), 1
        else:
            data, count = struct.pack(order + kind * len(values), *values), len(values)
        entries += struct.pack(order + "HH" + word, tag, TYPES[kind], count)
        if len(data) <= room:
            entries += data + b"\0" * (room - len(data))
        else:
            entries += struct.pack(order + word, behind + len(extra))
            extra += data + b"\0" * (len(data) % 2)
    mark = b"II" if order == "<" else b"MM"
    head = mark + (struct.pack(order + "HHHQ", 43, 8, 0, at) if big else struct.pack(order + "HI", version or 42, at))
    return head + body + struct.pack(order + ("Q" if big else "H"), len(fields)) + entries + struct.pack(order + word, 0) + extra


def split(data, rows_of, rows):
    return [b"".join(rows_of[i:i + rows]) for i in range(0, len(rows_of), rows)]


def tiles(samples, size, order=None):
    w, h = size
    out = []
    for y0 in range(0, samples.shape[0], h):
        for x0 in range(0, samples.shape[1], w):
            block = numpy.zeros((h, w) + samples.shape[2:], samples.dtype)
            piece = samples[y0:y0 + h, x0:x0 + w]
            block[:piece.shape[0], :piece.shape[1]] = piece
            out.append(block)
    return out


def difference(samples):
    """Predictor 2."""
    out = samples.copy()
    out[:, 1:] = samples[:, 1:] - samples[:, :-1]
    return out


H = lambda *v: ("H", list(v))
GREY = {258: H(8), 262: H(1), 277: H(1)}
deflate, lzw_tiff, packbits = zlib.compress, imagecodecs.lzw_encode, imagecodecs.packbits_encode


def by_rows(samples, compress):
    return b"".join(compress(row.tobytes()) for row in samples)


for order, name in (("<", "le"), (">", "be")):
    add(f"tiff_rgb_{name}.tiff", tiff([rgb.tobytes()], order=order))
    add(f"tiff_rgb16_{name}.tiff", tiff([rgb16.astype(order + "u2").tobytes()], order=order, tags={258: H(16, 16, 16)}))
    add(f"tiff_grey16_{name}.tiff", tiff([grey16.astype(order + "u2").tobytes()], order=order, tags={**GREY, 258: H(16)}))
    add(f"tiff_grey16_dark_{name}.tiff", tiff([(grey.astype(order + "u2") * 2).tobytes()], order=order, tags={**GREY, 258: H(16)}))
    add(f"tiff_grey16_white_is_zero_{name}.tiff", tiff([(65535 - grey.astype("u2") * 2).astype(order + "u2").tobytes()], order=order, tags={**GREY, 258: H(16), 262: H(0)}))
    add(f"tiff_grey16_white_is_zero_small_{name}.tiff", tiff([(grey.astype(order + "u2") * 2).tobytes()], order=order, tags={**GREY, 258: H(16), 262: H(0)}))
    add(f"tiff_grey_s16_{name}.tiff", tiff([(grey.astype("i2") * 3 - 200).astype(order + "i2").tobytes()], order=order, tags={**GREY, 258: H(16), 339: H(2)}))
    add(f"tiff_grey_u32_{name}.tiff", tiff([(grey.astype("u4") * 2).astype(order + "u4").tobytes()], order=order, tags={**GREY, 258: H(32)}))
    add(f"tiff_grey_s32_{name}.tiff", tiff([(grey.astype("i4") * 3 - 200).astype(order + "i4").tobytes()], order=order, tags={**GREY, 258: H(32), 339: H(2)}))
    add(f"tiff_grey_f32_{name}.tiff", tiff([(grey.astype("f4") * 1.7 - 60).astype(order + "f4").tobytes()], order=order, tags={**GREY, 258: H(32), 339: H(3)}))
    add(f"tiff_grey_f32_white_is_zero_{name}.tiff", tiff([(grey.astype("f4") * 1.7 - 60).astype(order + "f4").tobytes()], order=order, tags={**GREY, 258: H(32), 339: H(3), 262: H(0)}))
    add(f"tiff_grey_f64_{name}.tiff", tiff([grey.astype(order + "f8").tobytes()], order=order, tags={**GREY, 258: H(64), 339: H(3)}))
    add(f"tiff_grey_f16_{name}.tiff", tiff([grey.astype(order + "f2").tobytes()], order=order, tags={**GREY, 258: H(16), 339: H(3)}))
    add(f"tiff_rgba16_{name}.tiff", tiff([numpy.dstack([rgb16, alpha.astype("u2") * 257]).astype(order + "u2").tobytes()], order=order,
        tags={258: H(16, 16, 16, 16), 277: H(4), 338: H(2)}))
    add(f"tiff_rgba16_premultiplied_{name}.tiff", tiff([numpy.dstack([rgb16, alpha.astype("u2") * 257]).astype(order + "u2").tobytes()], order=order,
        tags={258: H(16, 16, 16, 16), 277: H(4), 338: H(1)}))
    add(f"tiff_cmyk16_{name}.tiff", tiff([numpy.dstack([rgb16, alpha.astype("u2") * 200]).astype(order + "u2").tobytes()], order=order,
        tags={258: H(16, 16, 16, 16), 277: H(4), 262: H(5)}))
    add(f"tiff_grey16_deflate_{name}.tiff", tiff([deflate((grey.astype(order + "u2") * 2).tobytes())], order=order, tags={**GREY, 258: H(16), 259: H(8)}))
    add(f"tiff_grey16_deflate_predictor_{name}.tiff", tiff([deflate(difference(grey.astype("u2") * 2).astype(order + "u2").tobytes())], order=order, tags={**GREY, 258: H(16), 259: H(8), 317: H(2)}))
    add(f"tiff_rgb16_lzw_predictor_{name}.tiff", tiff([lzw_tiff(difference(rgb16).astype(order + "u2").tobytes())], order=order, tags={258: H(16, 16, 16), 259: H(5), 317: H(2)}))
    add(f"tiff_grey_s16_deflate_{name}.tiff", tiff([deflate((grey.astype("i2") * 3 - 200).astype(order + "i2").tobytes())], order=order, tags={**GREY, 258: H(16), 339: H(2), 259: H(8)}))
    add(f"tiff_grey_u32_deflate_{name}.tiff", tiff([deflate((grey.astype("u4") * 2).astype(order + "u4").tobytes())], order=order, tags={**GREY, 258: H(32), 259: H(8)}))
    add(f"tiff_grey_f32_deflate_{name}.tiff", tiff([deflate((grey.astype("f4") * 1.7 - 60).astype(order + "f4").tobytes())], order=order, tags={**GREY, 258: H(32), 339: H(3), 259: H(8)}))
    floats = (grey.astype("f4") * 1.7 - 60)
    add(f"tiff_grey_f32_predictor_3_{name}.tiff", tiff([deflate(imagecodecs.floatpred_encode(floats.astype(order + "f4"), axis=-1).tobytes())], order=order,
        tags={**GREY, 258: H(32), 339: H(3), 259: H(8), 317: H(3)}))
    add(f"tiff_grey_f32_predictor_3_lzw_{name}.tiff", tiff([lzw_tiff(imagecodecs.floatpred_encode(floats.astype(order + "f4"), axis=-1).tobytes())], order=order,
        tags={**GREY, 258: H(32), 339: H(3), 259: H(5), 317: H(3)}))
    add(f"tiff_cmyk16_deflate_{name}.tiff", tiff([deflate(numpy.dstack([rgb16, alpha.astype("u2") * 200]).astype(order + "u2").tobytes())], order=order,
        tags={258: H(16, 16, 16, 16), 277: H(4), 262: H(5), 259: H(8)}))
    add(f"tiff_big_{name}.tiff", tiff([rgb.tobytes()], order=order, big=True))
    add(f"tiff_big_deflate_{name}.tiff", tiff([deflate(rgb.tobytes())], order=order, big=True, tags={259: H(8)}))
    add(f"tiff_big_long8_{name}.tiff", tiff([rgb.tobytes()], order=order, big=True, tags={273: ("Q", [0]), 279: ("Q", [rgb.size])}))
    for depth in (1, 2, 4, 8):
        small = (grey >> (8 - depth))
        data = b"".join(packed(small, depth))
        reverse = bytes(int(f"{b:08b}"[::-1], 2) for b in data)
        for photometric, kind in ((0, "white_is_zero"), (1, "black_is_zero"), (3, "palette")):
            colours = [int(v) * 257 for v in palette64[:1 << depth].T.reshape(-1)] if depth < 8 else [
                int(v) * 256 + 7 for v in numpy.resize(palette64, (256, 3)).T.reshape(-1)]
            tags = {258: H(depth), 262: H(photometric), 277: H(1)} | ({320: ("H", colours)} if photometric == 3 else {})
            add(f"tiff_{kind}_{depth}_{name}.tiff", tiff([data], order=order, tags=tags))
            if order == "<":
                add(f"tiff_{kind}_{depth}_fill_order_2.tiff", tiff([reverse], order=order, tags={**tags, 266: H(2)}))
                add(f"tiff_{kind}_{depth}_packbits.tiff", tiff([b"".join(packbits(r) for r in packed(small, depth))], tags={**tags, 259: H(32773)}))
                add(f"tiff_{kind}_{depth}_deflate_fill_order_2.tiff", tiff([bytes(int(f"{b:08b}"[::-1], 2) for b in deflate(data))], tags={**tags, 266: H(2), 259: H(8)}))
                add(f"tiff_{kind}_{depth}_lzw.tiff", tiff([lzw_tiff(data)], tags={**tags, 259: H(5)}))
for name, compress, code in (("lzw", lzw_tiff, 5), ("deflate", deflate, 8), ("old_deflate", deflate, 32946), ("packbits", packbits, 32773),
                             ("zstd", imagecodecs.zstd_encode, 50000), ("lzma", imagecodecs.lzma_encode, 34925)):
    add(f"tiff_{name}.tiff", tiff([by_rows(rgb, compress) if name == "packbits" else compress(rgb.tobytes())], tags={259: H(code)}))
    pieces = split(None, [by_rows(r[None], compress) if name == "packbits" else r.tobytes() for r in rgb], 4)
    add(f"tiff_{name}_strips.tiff", tiff(pieces if name == "packbits" else [compress(s) for s in pieces], rows=4, tags={259: H(code)}))
    if name in ("lzw", "deflate"):
        add(f"tiff_{name}_predictor.tiff", tiff([compress(difference(rgb).tobytes())], tags={259: H(code), 317: H(2)}))
        add(f"tiff_{name}_tiles.tiff", tiff([compress(t.tobytes()) for t in tiles(rgb, (16, 16))], tile=(16, 16), tags={259: H(code)}))
        add(f"tiff_{name}_tiles_predictor.tiff", tiff([compress(difference(t).tobytes()) for t in tiles(rgb, (16, 16))], tile=(16, 16), tags={259: H(code), 317: H(2)}))
        add(f"tiff_{name}_planar.tiff", tiff([compress(rgb[:, :, i].tobytes()) for i in range(3)], tags={259: H(code), 284: H(2)}))
        add(f"tiff_{name}_planar_predictor.tiff", tiff([compress(difference(rgb[:, :, i]).tobytes()) for i in range(3)], tags={259: H(code), 284: H(2), 317: H(2)}))
        add(f"tiff_{name}_planar_strips.tiff", tiff([compress(rgb[a:a + 5, :, i].tobytes()) for i in range(3) for a in range(0, HEIGHT, 5)], rows=5, tags={259: H(code), 284: H(2)}))
        add(f"tiff_{name}_planar_tiles.tiff", tiff([compress(t.tobytes()) for i in range(3) for t in tiles(rgb[:, :, i], (16, 16))], tile=(16, 16), tags={259: H(code), 284: H(2)}))
        add(f"tiff_{name}_grey_predictor.tiff", tiff([compress(difference(grey).tobytes())], tags={**GREY, 259: H(code), 317: H(2)}))
        add(f"tiff_{name}_predictor_3_of_bytes.tiff", tiff([compress(rgb.tobytes())], tags={259: H(code), 317: H(3)}))
        add(f"tiff_{name}_planar_16.tiff", tiff([compress(rgb16[:, :, i].astype("<u2").tobytes()) for i in range(3)], tags={258: H(16, 16, 16), 259: H(code), 284: H(2)}))
add("tiff_strips.tiff", tiff([rgb[a:a + 4].tobytes() for a in range(0, HEIGHT, 4)], rows=4))
add("tiff_strips_no_rows.tiff", tiff([rgb.tobytes()], drop=(278,)))
add("tiff_strips_endless.tiff", tiff([rgb.tobytes()], tags={278: ("I", [0xFFFFFFFF])}))
add("tiff_strips_too_many_rows.tiff", tiff([rgb.tobytes()], tags={278: ("I", [HEIGHT + 20])}))
add("tiff_deflate_too_many_rows.tiff", tiff([deflate(rgb.tobytes())], tags={278: ("I", [HEIGHT + 20]), 259: H(8)}))
add("tiff_strips_no_counts.tiff", tiff([rgb.tobytes()], drop=(279,)))
add("tiff_strips_wrong_counts.tiff", tiff([rgb.tobytes()], tags={279: ("I", [10])}))
add("tiff_strips_short_numbers.tiff", tiff([rgb.tobytes()], tags={256: H(WIDTH), 257: H(HEIGHT), 273: H(8), 279: H(rgb.size), 278: H(HEIGHT)}))
add("tiff_tiles.tiff", tiff([t.tobytes() for t in tiles(rgb, (16, 16))], tile=(16, 16)))
add("tiff_tiles_32.tiff", tiff([t.tobytes() for t in tiles(rgb, (32, 32))], tile=(32, 32)))
add("tiff_tiles_grey16.tiff", tiff([t.astype("<u2").tobytes() for t in tiles(grey.astype("u2") * 2, (16, 16))], tile=(16, 16), tags={**GREY, 258: H(16)}))
add("tiff_tiles_1_bit.tiff", tiff([b"".join(packed(t, 1)) for t in tiles(bits, (16, 16))], tile=(16, 16), tags={**GREY, 258: H(1)}))
add("tiff_tiles_planar.tiff", tiff([t.tobytes() for i in range(3) for t in tiles(rgb[:, :, i], (16, 16))], tile=(16, 16), tags={284: H(2)}))
add("tiff_planar.tiff", tiff([rgb[:, :, i].tobytes() for i in range(3)], tags={284: H(2)}))
add("tiff_planar_strips.tiff", tiff([rgb[a:a + 5, :, i].tobytes() for i in range(3) for a in range(0, HEIGHT, 5)], rows=5, tags={284: H(2)}))
add("tiff_planar_16.tiff", tiff([rgb16[:, :, i].astype("<u2").tobytes() for i in range(3)], tags={258: H(16, 16, 16), 284: H(2)}))
add("tiff_planar_grey.tiff", tiff([grey.tobytes()], tags={**GREY, 284: H(2)}))
four = numpy.dstack([rgb, alpha])
for extra in (0, 1, 2, 3, 999):
    add(f"tiff_rgb_extra_{extra}.tiff", tiff([four.tobytes()], tags={258: H(8, 8, 8, 8), 277: H(4), 338: H(extra)}))
    add(f"tiff_rgb_extra_{extra}_deflate.tiff", tiff([deflate(four.tobytes())], tags={258: H(8, 8, 8, 8), 277: H(4), 338: H(extra), 259: H(8)}))
    add(f"tiff_rgb_extra_{extra}_planar_deflate.tiff", tiff([deflate(four[:, :, i].tobytes()) for i in range(4)], tags={258: H(8, 8, 8, 8), 277: H(4), 338: H(extra), 259: H(8), 284: H(2)}))
    add(f"tiff_rgb_extra_{extra}_planar.tiff", tiff([four[:, :, i].tobytes() for i in range(4)], tags={258: H(8, 8, 8, 8), 277: H(4), 338: H(extra), 284: H(2)}))
    add(f"tiff_grey_extra_{extra}.tiff", tiff([numpy.dstack([grey, alpha]).tobytes()], tags={258: H(8, 8), 262: H(1), 277: H(2), 338: H(extra)}))
    add(f"tiff_palette_extra_{extra}.tiff", tiff([numpy.dstack([grey, alpha]).tobytes()], tags={258: H(8, 8), 262: H(3), 277: H(2), 338: H(extra),
        320: ("H", [int(v) * 257 for v in numpy.resize(palette64, (256, 3)).T.reshape(-1)])}))
add("tiff_rgb_four_samples.tiff", tiff([four.tobytes()], tags={258: H(8, 8, 8, 8), 277: H(4)}))
add("tiff_rgb_four_samples_deflate.tiff", tiff([deflate(four.tobytes())], tags={258: H(8, 8, 8, 8), 277: H(4), 259: H(8)}))
add("tiff_rgb_lzw_alpha_predictor.tiff", tiff([lzw_tiff(difference(four).tobytes())], tags={258: H(8, 8, 8, 8), 277: H(4), 338: H(2), 259: H(5), 317: H(2)}))
five_samples = numpy.dstack([rgb, alpha, alpha])
add("tiff_rgb_two_extra.tiff", tiff([five_samples.tobytes()], tags={258: H(8, 8, 8, 8, 8), 277: H(5), 338: H(0, 0)}))
add("tiff_rgb_two_extra_alpha.tiff", tiff([five_samples.tobytes()], tags={258: H(8, 8, 8, 8, 8), 277: H(5), 338: H(2, 0)}))
add("tiff_rgb_two_extra_premultiplied.tiff", tiff([five_samples.tobytes()], tags={258: H(8, 8, 8, 8, 8), 277: H(5), 338: H(1, 0)}))
add("tiff_rgb_three_extra.tiff", tiff([numpy.dstack([five_samples, alpha]).tobytes()], tags={258: H(8, 8, 8, 8, 8, 8), 277: H(6), 338: H(0, 0, 0)}))
add("tiff_cmyk_extra.tiff", tiff([five_samples.tobytes()], tags={258: H(8, 8, 8, 8, 8), 277: H(5), 338: H(0), 262: H(5)}))
for name, compress, code in (("raw", bytes, 1), ("deflate", deflate, 8), ("lzw", lzw_tiff, 5)):
    add(f"tiff_cmyk_{name}.tiff", tiff([compress(inks.tobytes())], tags={258: H(8, 8, 8, 8), 277: H(4), 262: H(5), 259: H(code)}))
    add(f"tiff_lab_{name}.tiff", tiff([compress(rgb.tobytes())], tags={262: H(8), 259: H(code)}))
    add(f"tiff_icclab_{name}.tiff", tiff([compress(rgb.tobytes())], tags={262: H(9), 259: H(code)}))
    ycc = numpy.asarray(picture.convert("YCbCr"))
    add(f"tiff_ycbcr_444_{name}.tiff", tiff([compress(ycc.tobytes())], tags={262: H(6), 259: H(code), 530: H(1, 1)}))
    add(f"tiff_ycbcr_no_sampling_tag_{name}.tiff", tiff([compress(ycc.tobytes())], tags={262: H(6), 259: H(code)}))
    even = numpy.pad(ycc, ((0, 1), (0, 1), (0, 0)), "edge")
    units = b"".join(even[j:j + 2, i:i + 2, 0].tobytes() + even[j, i, 1:].tobytes() for j in range(0, 14, 2) for i in range(0, 20, 2))
    add(f"tiff_ycbcr_420_{name}.tiff", tiff([compress(units)], tags={262: H(6), 259: H(code), 530: H(2, 2)}))
    units = b"".join(even[j:j + 1, i:i + 2, 0].tobytes() + even[j, i, 1:].tobytes() for j in range(0, 13) for i in range(0, 20, 2))
    add(f"tiff_ycbcr_422_{name}.tiff", tiff([compress(units)], tags={262: H(6), 259: H(code), 530: H(2, 1)}))
    add(f"tiff_mask_{name}.tiff", tiff([compress(b"".join(packed(bits, 1)))], tags={258: H(1), 262: H(4), 277: H(1), 259: H(code)}))
    add(f"tiff_cmyk_planar_{name}.tiff", tiff([compress(inks[:, :, i].tobytes()) for i in range(4)], tags={258: H(8, 8, 8, 8), 277: H(4), 262: H(5), 259: H(code), 284: H(2)}))
    add(f"tiff_orientation_6_{name}.tiff", tiff([compress(rgb.tobytes())], tags={274: H(6), 259: H(code)}))
for o in (0, 2, 3, 4, 5, 7, 8, 9):
    add(f"tiff_orientation_{o}.tiff", tiff([rgb.tobytes()], tags={274: H(o)}))
add("tiff_grey_one_bit_value_for_three.tiff", tiff([rgb.tobytes()], tags={258: H(8)}))
add("tiff_more_bits_than_samples.tiff", tiff([grey.tobytes()], tags={258: H(8, 8, 8), 262: H(1), 277: H(1)}))
add("tiff_no_samples_tag.tiff", tiff([rgb.tobytes()], drop=(277,)))
add("tiff_no_bits_tag.tiff", tiff([b"".join(packed(bits, 1))], tags={262: H(1), 277: H(1)}, drop=(258,)))
add("tiff_no_photometric.tiff", tiff([grey.tobytes()], tags={258: H(8), 277: H(1)}, drop=(262,)))
add("tiff_no_compression_tag.tiff", tiff([rgb.tobytes()], drop=(259,)))
add("tiff_565.tiff", tiff([rgb.tobytes()], tags={258: H(5, 6, 5)}))
add("tiff_rgb_4_bits.tiff", tiff([b"".join(packed(rgb >> 4, 4))], tags={258: H(4, 4, 4)}))
add("tiff_12_bits.tiff", tiff([numpy.packbits(((grey.astype("u2") * 2)[:, :, None] >> numpy.arange(11, -1, -1) & 1).reshape(HEIGHT, -1).astype("u1"), axis=1).tobytes()], tags={**GREY, 258: H(12)}))
add("tiff_12_bits_be.tiff", tiff([numpy.packbits(((grey.astype("u2") * 2)[:, :, None] >> numpy.arange(11, -1, -1) & 1).reshape(HEIGHT, -1).astype("u1"), axis=1).tobytes()], order=">", tags={**GREY, 258: H(12)}))
add("tiff_signed_bytes.tiff", tiff([grey.tobytes()], tags={**GREY, 339: H(2)}))
add("tiff_signed_rgb.tiff", tiff([rgb.tobytes()], tags={339: H(2, 2, 2)}))
add("tiff_sample_format_rgb.tiff", tiff([rgb.tobytes()], tags={339: H(1, 1, 1)}))
add("tiff_sample_format_4.tiff", tiff([grey.tobytes()], tags={**GREY, 339: H(4)}))
add("tiff_grey16_fill_order_2.tiff", tiff([bytes(int(f"{b:08b}"[::-1], 2) for b in (grey.astype("<u2") * 2).tobytes())], tags={**GREY, 258: H(16), 266: H(2)}))
add("tiff_rgb_fill_order_2.tiff", tiff([bytes(int(f"{b:08b}"[::-1], 2) for b in rgb.tobytes())], tags={266: H(2)}))
add("tiff_palette_short.tiff", tiff([grey.tobytes()], tags={**GREY, 262: H(3), 320: ("H", [int(v) * 257 for v in palette64.T.reshape(-1)])}))
add("tiff_palette_missing.tiff", tiff([grey.tobytes()], tags={**GREY, 262: H(3)}))
add("tiff_palette_of_bytes.tiff", tiff([grey.tobytes()], tags={**GREY, 262: H(3), 320: ("H", [int(v) for v in numpy.resize(palette64, (256, 3)).T.reshape(-1)])}))
add("tiff_version_magic.tiff", (t := files["tiff_rgb_le.tiff"])[:2] + b"\0\x2a" + t[4:])
add("tiff_truncated.tiff", tiff([rgb.tobytes()])[:200])
add("tiff_truncated_data.tiff", tiff([rgb[:5].tobytes()], tags={279: ("I", [rgb.size])}))
add("tiff_truncated_deflate.tiff", tiff([deflate(rgb.tobytes())[:100]], tags={259: H(8)}))
add("tiff_truncated_lzw.tiff", tiff([lzw_tiff(rgb.tobytes())[:100]], tags={259: H(5)}))
add("tiff_truncated_packbits.tiff", tiff([by_rows(rgb, packbits)[:100]], tags={259: H(32773)}))
add("tiff_deflate_too_much.tiff", tiff([deflate(rgb.tobytes() + b"more" * 30)], tags={259: H(8)}))
add("tiff_two_pages.tiff", saved(picture, "TIFF", save_all=True, append_images=[mirror]))
add("tiff_old_jpeg.tiff", tiff([best], tags={262: H(6), 259: H(6), 513: ("I", [8]), 514: ("I", [len(best)])}))
add("tiff_ccitt_inverted.tiff", saved(Image.fromarray(bits * 255).convert("1"), "TIFF", compression="group4", tiffinfo={262: 0}))
for compression in ("group3", "group4", "tiff_ccitt", "packbits", "tiff_lzw", "tiff_adobe_deflate"):
    add(f"tiff_1_{compression}.tiff", saved(Image.fromarray(bits * 255).convert("1"), "TIFF", compression=compression))
add("tiff_1_group3_2d.tiff", saved(Image.fromarray(bits * 255).convert("1"), "TIFF", compression="group3", tiffinfo={292: 1}))
add("tiff_1_group3_fill_bits.tiff", saved(Image.fromarray(bits * 255).convert("1"), "TIFF", compression="group3", tiffinfo={292: 4}))
g4 = saved(Image.fromarray(bits * 255).convert("1"), "TIFF", compression="group4")
ifd = struct.unpack("<I", g4[4:8])[0]
data4 = {struct.unpack("<H", g4[e:e + 2])[0]: struct.unpack("<I", g4[e + 8:e + 12])[0] for e in range(ifd + 2, ifd + 2 + 12 * struct.unpack("<H", g4[ifd:ifd + 2])[0], 12)}
fax = g4[data4[273]:data4[273] + data4[279]]
one = {258: H(1), 277: H(1), 259: H(4)}
for photometric in (0, 1):
    for fill in (1, 2):
        stream = fax if fill == 1 else bytes(int(f"{b:08b}"[::-1], 2) for b in fax)
        for order, name in (("<", "le"), (">", "be")):
            add(f"tiff_group4_{photometric}_fill_{fill}_{name}.tiff", tiff([stream], order=order, tags={**one, 262: H(photometric), 266: H(fill)}))
add("tiff_group4_palette.tiff", tiff([fax], tags={**one, 262: H(3), 320: ("H", [0, 65535, 30000, 0, 500, 9000])}))
add("tiff_group4_truncated.tiff", tiff([fax[:12]], tags={**one, 262: H(0)}))
for mode in ("L", "RGB", "RGBA", "CMYK", "YCbCr"):
    add(f"tiff_jpeg_{mode}.tiff", saved(picture.convert(mode), "TIFF", compression="jpeg", quality=92))
add("tiff_jpeg_ycbcr_420.tiff", tiff([saved(picture, "JPEG", quality=92, subsampling=2)], tags={262: H(6), 259: H(7), 530: H(2, 2)}))
add("tiff_jpeg_ycbcr_444.tiff", tiff([best], tags={262: H(6), 259: H(7), 530: H(1, 1)}))
add("tiff_jpeg_rgb_stored_as_ycc.tiff", tiff([best], tags={262: H(2), 259: H(7)}))
add("tiff_jpeg_rgb_stored.tiff", tiff([files["jpeg_rgb.jpg"]], tags={262: H(2), 259: H(7)}))
add("tiff_jpeg_grey.tiff", tiff([files["jpeg_grey.jpg"]], tags={**GREY, 259: H(7)}))
add("tiff_jpeg_grey_white_is_zero.tiff", tiff([files["jpeg_grey.jpg"]], tags={**GREY, 259: H(7), 262: H(0)}))
add("tiff_jpeg_cmyk.tiff", tiff([changed(inks_jpeg, adobe=False)], tags={258: H(8, 8, 8, 8), 277: H(4), 262: H(5), 259: H(7)}))
add("tiff_jpeg_cmyk_adobe.tiff", tiff([inks_jpeg], tags={258: H(8, 8, 8, 8), 277: H(4), 262: H(5), 259: H(7)}))
add("tiff_jpeg_progressive.tiff", tiff([files["jpeg_progressive.jpg"]], tags={262: H(6), 259: H(7), 530: H(1, 1)}))
piece = lambda a, b, **o: saved(picture.crop((0, a, WIDTH, b)), "JPEG", quality=92, **o)
add("tiff_jpeg_strips.tiff", tiff([piece(0, 8, subsampling=0), piece(8, HEIGHT, subsampling=0)], rows=8, tags={262: H(6), 259: H(7), 530: H(1, 1)}))
add("tiff_jpeg_strips_420.tiff", tiff([piece(0, 8, subsampling=2), piece(8, HEIGHT, subsampling=2)], rows=8, tags={262: H(6), 259: H(7), 530: H(2, 2)}))
padded = Image.fromarray(numpy.pad(rgb, ((0, 3), (0, 13), (0, 0)), "edge"))
add("tiff_jpeg_tiles.tiff", tiff([saved(padded.crop((i, 0, i + 16, 16)), "JPEG", quality=92, subsampling=2) for i in (0, 16)], tile=(16, 16), tags={262: H(6), 259: H(7), 530: H(2, 2)}))
tables = [q for q in p[0] if q[0] in (0xDB, 0xC4)]
add("tiff_jpeg_tables.tiff", tiff([jpeg_of([q for q in p[0] if q[0] not in (0xDB, 0xC4, 0xE0)], p[1])],
                                  tags={262: H(6), 259: H(7), 530: H(1, 1), 347: ("U", jpeg_of(tables, b"\xff\xd9"))}))
add("tiff_jpeg_planar.tiff", tiff([saved(Image.fromarray(rgb[:, :, i]), "JPEG", quality=92) for i in range(3)], tags={259: H(7), 284: H(2)}))
for lossless in (True, False):
    add(f"tiff_webp_{lossless}.tiff", saved(picture, "TIFF", compression="webp", tiffinfo={50000 + 1: 1}) if False else tiff(
        [saved(picture, "WEBP", lossless=lossless, quality=90)], tags={259: H(50001)}))
add("tiff_compression_unknown.tiff", tiff([rgb.tobytes()], tags={259: H(34712)}))
add("tiff_thunderscan.tiff", tiff([b"\0" * 50], tags={258: H(4), 262: H(1), 277: H(1), 259: H(32809)}))
add("tiff_sgilog.tiff", tiff([b"\0" * 50], tags={258: H(16), 262: H(32844), 277: H(1), 259: H(34676), 339: H(2)}))
add("tiff_raw16.tiff", tiff([rgb.tobytes()], tags={259: H(32771)}))
add("tiff_planar_of_bits.tiff", tiff([b"".join(packed(bits, 1))] * 3, tags={258: H(1, 1, 1), 284: H(2)}))
add("tiff_premultiplied_dark.tiff", tiff([numpy.dstack([(rgb * (alpha / 255.0)[:, :, None]).astype("u1"), alpha]).tobytes()], tags={258: H(8, 8, 8, 8), 277: H(4), 338: H(1)}))
add("tiff_premultiplied_dark_lzw.tiff", tiff([lzw_tiff(numpy.dstack([(rgb * (alpha / 255.0)[:, :, None]).astype("u1"), alpha]).tobytes())], tags={258: H(8, 8, 8, 8), 277: H(4), 338: H(1), 259: H(5)}))
for mode in ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I", "F"):
    try:
        add(f"tiff_pillow_{mode}.tiff", saved(Image.new("LAB", (9, 7), (90, 100, 140)) if mode == "LAB" else picture.convert(mode), "TIFF"))
    except (OSError, ValueError) as e:
        print("TIFF", mode, e)

# ---- WebP --------------------------------------------------------------------------------------

with_alpha = Image.fromarray(four)
add("webp_lossy.webp", saved(picture, "WEBP", quality=80))
add("webp_lossy_method_0.webp", saved(picture, "WEBP", quality=20, method=0))
add("webp_lossless.webp", saved(picture, "WEBP", lossless=True))
add("webp_lossless_method_6.webp", saved(picture, "WEBP", lossless=True, method=6, quality=100))
add("webp_lossless_palette.webp", saved(picture.quantize(8).convert("RGB"), "WEBP", lossless=True))
add("webp_lossless_two_colours.webp", saved(picture.convert("1").convert("RGB"), "WEBP", lossless=True))
add("webp_lossy_alpha.webp", saved(with_alpha, "WEBP", quality=80))
add("webp_lossy_alpha_exact.webp", saved(with_alpha, "WEBP", quality=80, exact=True))
add("webp_lossy_alpha_lossy.webp", saved(with_alpha, "WEBP", quality=80, alpha_quality=20))
add("webp_lossless_alpha.webp", saved(with_alpha, "WEBP", lossless=True))
add("webp_lossless_alpha_exact.webp", saved(with_alpha, "WEBP", lossless=True, exact=True))
add("webp_grey.webp", saved(picture.convert("L"), "WEBP", quality=80))
exif = Image.Exif()
exif[0x112] = 6
add("webp_exif_icc_xmp.webp", saved(picture, "WEBP", quality=80, exif=exif, icc_profile=profile, xmp=b"<x/>"))
add("webp_animated.webp", saved(picture, "WEBP", save_all=True, append_images=[mirror], duration=100, quality=80))
add("webp_animated_alpha.webp", saved(with_alpha, "WEBP", save_all=True, append_images=[ImageOps.mirror(with_alpha)], duration=100, lossless=True))
add("webp_animated_background.webp", saved(with_alpha, "WEBP", save_all=True, append_images=[ImageOps.mirror(with_alpha)], background=(200, 30, 60, 255), duration=100, lossless=True))
moved = Image.new("RGBA", (WIDTH + 11, HEIGHT + 5))
moved.paste(picture, (6, 4))
add("webp_animated_small_first.webp", saved(moved, "WEBP", save_all=True, append_images=[ImageOps.mirror(moved)], duration=100, lossless=True))
add("webp_animated_one_frame.webp", saved(with_alpha, "WEBP", save_all=True, duration=100, lossless=True))
lossy = files["webp_lossy.webp"]
riff = lambda body: b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
part_of = lambda name, data: name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)
add("webp_extended_plain.webp", riff(part_of(b"VP8X", b"\0\0\0\0" + struct.pack("<I", WIDTH - 1)[:3] + struct.pack("<I", HEIGHT - 1)[:3]) + lossy[12:]))
add("webp_extended_other_size.webp", riff(part_of(b"VP8X", b"\0\0\0\0" + struct.pack("<I", WIDTH + 4)[:3] + struct.pack("<I", HEIGHT + 2)[:3]) + lossy[12:]))
add("webp_unknown_chunk.webp", riff(part_of(b"VP8X", b"\0\0\0\0" + struct.pack("<I", WIDTH - 1)[:3] + struct.pack("<I", HEIGHT - 1)[:3]) + part_of(b"ABCD", b"hello") + lossy[12:]))
add("webp_unknown_chunk_without_header.webp", riff(part_of(b"ABCD", b"hello") + lossy[12:]))
add("webp_behind_end.webp", lossy + b"trailing rubbish")
add("webp_truncated.webp", lossy[:-30])
add("webp_scaled.webp", lossy[:26] + struct.pack("<H", WIDTH | 0x4000) + lossy[28:])
add("webp_riff_too_long.webp", lossy[:4] + struct.pack("<I", len(lossy) + 50) + lossy[8:])
add("webp_one_pixel.webp", saved(picture.crop((0, 0, 1, 1)), "WEBP", lossless=True))

# ---- other formats -----------------------------------------------------------------------------

for format, ending, modes in (("PPM", "ppm", ["1", "L", "RGB"]), ("TGA", "tga", ["L", "LA", "P", "RGB", "RGBA"]), ("PCX", "pcx", ["1", "L", "P", "RGB"]),
                              ("ICO", "ico", ["RGBA"]), ("JPEG2000", "jp2", ["L", "RGB", "RGBA"]), ("AVIF", "avif", ["RGB", "RGBA"]),
                              ("SGI", "sgi", ["L", "RGB", "RGBA"]), ("DDS", "dds", ["RGB", "RGBA"]), ("IM", "im", ["L", "RGB"]), ("MSP", "msp", ["1"]),
                              ("XBM", "xbm", ["1"]), ("SPIDER", "spi", ["F"]), ("BLP", "blp", ["P"]), ("QOI", "qoi", ["RGB", "RGBA"]), ("PDF", "pdf", ["RGB"]),
                              ("EPS", "eps", ["RGB"]), ("GBR", "gbr", []), ("PFM", "pfm", [])):
    for mode in modes:
        try:
            add(f"other_{ending}_{mode}.{ending}", saved(picture.convert(mode), format))
        except (OSError, KeyError, ValueError) as e:
            print(format, mode, e)
add("other_psd.psd", b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, HEIGHT, WIDTH, 8, 3) + b"\0" * 12 + b"\0\0"
    + b"".join(rgb[:, :, i].tobytes() for i in range(3)))
add("other_pgm_16.pgm", b"P5 %d %d 65535\n" % (WIDTH, HEIGHT) + grey16.astype(">u2").tobytes())
add("other_pgm_text.pgm", b"P2\n# a comment\n%d %d 200\n" % (WIDTH, HEIGHT) + " ".join(str(v * 200 // 255) for v in grey.astype(int).reshape(-1)).encode())
add("other_pam.pam", b"P7\nWIDTH %d\nHEIGHT %d\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\n" % (WIDTH, HEIGHT) + rgb.tobytes())
add("other_icns.icns", b"icns" + struct.pack(">I", 60) + b"ic07" + b"\0" * 52)
add("other_jxl.jxl", imagecodecs.jpegxl_encode(rgb))
add("other_heic.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40)
add("other_svg.svg", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
add("other_html.jpg", b"<!DOCTYPE html><html><body>404 Not Found</body></html>")
add("other_lfs_pointer.png", b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n")
add("other_zip.png", b"PK\3\4" + b"\0" * 40)
add("other_gzip.png", b"\x1f\x8b\x08" + b"\0" * 40)
add("other_text.png", "一个蓝色中分小男孩".encode())
add("other_zeros.jpg", b"\0" * 300)
add("other_video.png", b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 40)

# ---- what Pillow makes of them -----------------------------------------------------------------

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
