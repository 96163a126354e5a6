"""JPEG: samplings, markers, names of components, profiles."""
from common import *

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
