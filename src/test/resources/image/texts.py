# Writes texts.png beside this file: every kind of text chunk, as Pillow 13.0 writes it.
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

info = PngInfo()
info.add_text("latin", "café")
info.add_text("packed", "a long text " * 50, zip=True)
info.add_text("parameters", "蓝色头发的男孩\nNegative prompt: 模糊")
info.add_itxt("packed international", "夜空" * 100, lang="zh", tkey="说明", zip=True)
Image.new("RGB", (2, 2)).save(Path(__file__).parent / "texts.png", pnginfo=info)
