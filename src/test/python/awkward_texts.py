"""Writes src/test/resources/golden/awkward_texts.json: texts that tokenizers get wrong, with the ids of Python's.

    pip install torch==2.7.1 diffusers==0.35.2 transformers==4.57.6 sentencepiece
    python src/test/python/awkward_texts.py          # from the repository's root
"""

import json
import pathlib
import random

from diffusers.pipelines.kolors.tokenizer import ChatGLMTokenizer

RESOURCES = pathlib.Path(__file__).parent.parent / "resources" / "golden"
tokenizer = ChatGLMTokenizer.from_pretrained(RESOURCES / "kolors-tiny" / "tokenizer")

texts = """
🎨🚀😀¦👩‍👩‍👧‍👦 family¦🏳️‍🌈¦👍🏽👍🏿¦1️⃣2️⃣¦🇨🇳🇩🇪¦❤️ vs ❤¦𝒜𝓃𝒾𝓂𝑒¦𠮷野家¦𪚥龘靐¦🀄️麻将
ＡＢＣ１２３！？¦ｶﾀｶﾅ¦（全角括号）¦～波浪～¦￥１００¦％＃＠¦　全角空格　开头¦中间　空格
二次元，日系动漫，blue hair，1girl¦蓝色背带裤 blue overalls¦SDXL模型v1.0¦用Java写AI¦3D渲染,4k,HDR
masterpiece, best quality, (blue hair:1.3), [[detailed]], {cute}¦<lora:kolors:0.8>¦BREAK AND OR
[gMASK]¦sop¦eop¦[gMASK] sop¦[MASK] [sMASK]¦<|user|>¦<|system|>你好<|assistant|>¦<|observation|>x¦a sop b eop
</s>¦<s>¦<unk>¦<pad>¦a</s>b¦a </s> b¦</s></s>¦x<unk>y</s>z¦< /s>¦</s¦<unk¦<0x41>¦<0xFF><0xfe>¦<bos><eos>
▁¦▁▁a¦a▁b¦▁ ▁¦⁇¦a ⁇ b¦�¦a�b
e\u0301¦é¦n\u0303o¦Z\u0351\u036b\u0343a\u030alg\u0323o¦か\u3099¦が¦ก็¦नमस्ते¦ﷺ¦\u0301¦क\u094dष
Привет мир¦Ελληνικά¦עברית טקסט¦مرحبا بالعالم¦こんにちは世界¦안녕하세요¦각¦Việt Nam¦ไทย¦ქართული¦አማርኛ¦ᠮᠣᠩᠭᠣᠯ
\u200b¦a\u200bb¦\ufeffBOM¦\u200e\u200f¦\u2028\u2029¦\u00a0nbsp\u00a0¦soft\u00adhyphen¦\u2060¦\ufffe¦\uffff¦\U0010ffff
“引号”‘单’¦《书名》【方】¦——破折号……¦、。；：¦·•‥…¦℃№㎡㍿¦①②③Ⅳ¦½¼²₃¦→←⇒∀∃∑√∞¦♠♥★☆¦◯△□¦⺀⼀¦ㄅㄆㄇ¦〇〡〢
I'm don't WON'T¦snake_case camelCase kebab-case¦http://example.org/a?b=c&d=%20¦a@b.cc¦C:\\dir\\file¦~/x/../y¦#!/bin/sh¦x=y+z*2/3^4¦{"k": [1, 2.5e-3]}¦<html><b>t</b></html>¦$\\alpha_{1}$
0¦00¦1234567890¦3.14159¦1,000,000¦1e10¦-5¦+86 138¦2024-02-29T12:34:56Z¦0xDEADBEEF¦١٢٣¦一二三¦壹贰叁
繁體中文：藍色頭髮¦臺灣¦髮型¦鬱¦裏¦着¦著¦囧¦槑¦㐂¦㊗¦犇骉羴
"""
texts = [text for line in texts.strip("\n").split("\n") for text in line.split("¦")]
texts += ["", " ", "  ", "   ", " a", "a ", " a ", "a  b", "a   b", "  lead", "trail  ", " 中 文 ", "\n", "\n\n", "a\nb", "a\n\n b",
          "\t", "\t\t", "a\tb", "\r", "\r\n", "a\r\nb", " \n ", "\n \n", "\t \t", "中\n文", "\x00", "a\x00b", "\x01\x02\x1f", "\x7f",
          "\x0b\x0c", "\x85", "\x1b[31mred\x1b[0m", "\b"]
texts += [" " * n for n in (4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 100)]
texts += [c * n for c in ("a", "啊", "哈", "!", "=", "-", "，", "😀", "▁", "0", "ab", "\n", "\u3000", "é", "的的") for n in (2, 3, 17, 64)]
texts += ["二次元" * 100, "a photo of a cat, " * 60, "很长" * 400, "🎨" * 90, "word " * 300, "<unk>" * 300, "x</s>" * 150]

pick = random.Random(20250101)
alphabet = list("  \n\tabcXYZ019.,!?，。！？、蓝色背带裤二次元头发男孩女孩戴眼镜日系动漫▁　ＡｂéñßжΩאけ한😀🎨👍\u0301\u200d\ufe0f�") + [
    "</s>", "<unk>", "<s>", "sop", "[gMASK]", "<|user|>", "the ", "blue hair", "一个", "masterpiece", "\x00", "\x1f"]
texts += ["".join(pick.choice(alphabet) for _ in range(pick.randrange(1, 40))) for _ in range(70)]
texts += ["".join(chr(pick.choice([pick.randrange(0x20, 0xD800), pick.randrange(0xE000, 0x11000), pick.randrange(0x1F000, 0x20000)]))
                  for _ in range(pick.randrange(1, 12))) for _ in range(30)]

rows = []
for text in dict.fromkeys(texts):
    ids = tokenizer(text)["input_ids"]
    padded = tokenizer([text], padding="max_length", max_length=256, truncation=True)["input_ids"][0]
    assert padded == ([0] * 256 + ids)[-256:] if len(ids) <= 256 else padded == ids[:256]
    plain = not ("</s>" in text or "<unk>" in text)
    rows.append({"text": text, "ids": ids, "decoded": tokenizer.tokenizer.decode(ids[2:]) if plain else None})
(RESOURCES / "awkward_texts.json").write_text(
    "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]\n")
print(len(rows), "texts")
