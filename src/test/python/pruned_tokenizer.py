"""Writes src/test/resources/golden/pruned_tokenizer.json: what Python makes of a pruned tokenizer.

The tokenizer in golden/pruned_tokenizer was written by VocabularyPruning for the texts below.

    pip install torch==2.7.1 diffusers==0.35.2 transformers==4.57.6 sentencepiece
    python src/test/python/pruned_tokenizer.py          # from the repository's root
"""

import json
import pathlib

from diffusers.pipelines.kolors.tokenizer import ChatGLMTokenizer

RESOURCES = pathlib.Path(__file__).parent.parent / "resources" / "golden"

corpus = """二次元，一个蓝色中分小男孩，在家中沙发上坐着，双手托着腮，很无聊，全身，蓝色背带裤
二次元，日系动漫，演唱会的观众席，人山人海，一个蓝色中分小男孩穿着蓝色背带裤坐在演唱会的观众席
蓝色长发的女孩，戴圆框眼镜，穿粉色西装外套，闭着眼睛微笑，背景是浅灰色
an avatar with long red hair, round glasses, a pink blazer, crying eyes, on a light grey background
a boy with short blue hair and blue overalls,   winking 😉
丑陋、变形、嘈杂、模糊、低对比度，色情擦边</s>扭曲的手指""".split("\n")
others = ["", " ", "a purple cat 🐱\n", "未见过的汉字龘", "Ünïcödé</s><unk>", "[gMASK]sop", "\x00\t", "blue  hair", "双手托着脸"]

document = {"corpus": corpus, "encoded": []}
if (RESOURCES / "pruned_tokenizer").exists():
    tokenizer = ChatGLMTokenizer.from_pretrained(RESOURCES / "pruned_tokenizer")
    document["encoded"] = [{"text": text, "ids": tokenizer(text)["input_ids"]} for text in corpus + others]
(RESOURCES / "pruned_tokenizer.json").write_text(json.dumps(document, separators=(",", ":"), indent=1) + "\n")
