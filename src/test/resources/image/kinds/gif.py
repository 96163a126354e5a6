"""GIF: palettes, places of the first frame, codes."""
from common import *

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
