"""PNG: every kind of sample, chunks that are odd or damaged, animations."""
from common import *

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
