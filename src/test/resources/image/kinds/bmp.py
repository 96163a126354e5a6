"""BMP: every header, depth, mask and run."""
from common import *

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
