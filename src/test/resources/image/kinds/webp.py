"""WebP: lossy, lossless, animated."""
from common import *
from png import *
from jpeg import *

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
