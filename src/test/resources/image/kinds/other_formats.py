"""Formats that are refused by name."""
from common import *

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
