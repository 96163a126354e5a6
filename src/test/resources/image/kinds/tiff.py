"""TIFF: photometric interpretations, depths, compressions, layouts."""
from common import *
from jpeg import *

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
