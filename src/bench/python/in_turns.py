"""Measures kolors4j beside Python, both alive, one work each in turn, and prints a Markdown table.

    python in_turns.py ROUNDS FOLDER WORKS -- OUR COMMAND -- THEIR COMMAND -- OUR SINGLE PICTURE -- THEIR SINGLE PICTURE
                       -- LIMITS COMMAND

The commands are those of Benchmark.java and benchmark.py. In each round both sides do the same work once, the side
that begins changing from round to round; the ratio is taken round by round, so that what else the machine does
weighs on both. WORKS is a regular expression of those that are measured. From start to picture, whole processes in turn. Everything measured is kept in FOLDER/rounds.jsonl.
"""

import json
import re
import statistics
import subprocess
import sys
import time

# work here, work in Python if it has another name, how often it is done in a round, what it is
ROWS = [
    ("picture", None, 1, "one picture, 50 steps, guidance 4"),
    ("picture-lora", None, 1, "the same with a LoRA; peft beside the weights"),
    ("picture-lora", "picture-lora fused", 1, "the same with a LoRA; peft's `fuse_lora`"),
    ("text", None, 1, "encoding prompt and negative prompt"),
    ("unet 1", None, 10, "a step of the UNet, batch 1"),
    ("unet 2", None, 10, "a step of the UNet, batch 2"),
    ("decode", None, 1, "VAE, decoding 256×256"),
    ("encode", None, 1, "VAE, encoding 256×256"),
    ("train 1", None, 10, "a LoRA step, 1 picture"),
    ("train 4", None, 10, "a LoRA step, 4 pictures"),
    ("train 1 checkpointing", None, 10, "a LoRA step, 1 picture, gradient checkpointing"),
    ("train 4 checkpointing", None, 10, "a LoRA step, 4 pictures, gradient checkpointing"),
    ("full-size-unet fp32", None, 1, "full size: a level of 640 channels at 64×64, float32"),
    ("full-size-unet bf16", None, 1, "full size: a level of 640 channels at 64×64, bfloat16"),
    ("full-size-text fp32", None, 1, "full size: a layer of ChatGLM3, 256 tokens, float32"),
    ("full-size-text bf16", None, 1, "full size: a layer of ChatGLM3, 256 tokens, bfloat16"),
]


class Side:
    """A process that does a work for each line."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answer("ready")

    def answer(self, expected=None):
        line = self.process.stdout.readline().strip()
        if not line or (expected and line != expected):
            raise SystemExit(f"{self.process.args[0]} ended, or answered {line!r}")
        return line

    def do(self, work):
        self.process.stdin.write(work + "\n")
        self.process.stdin.flush()
        return float(self.answer())

    def end(self):
        self.process.stdin.close()
        self.process.wait(60)


def turns(rounds, ours, theirs):
    """Seconds of both sides, round by round, after one that warms up."""
    pairs = []
    for i in range(rounds + 1):
        if i % 2:
            second = theirs()
            pairs.append((ours(), second))
        else:
            first = ours()
            pairs.append((first, theirs()))
    return pairs[1:]


def memory(*sides):
    """The highest megabytes of each, which it ends with."""
    values = [side.do("memory") for side in sides]
    for side in sides:
        side.end()
    return values


def quartiles(values):
    return statistics.quantiles(values, n=4, method="inclusive")


def row(label, pairs, times, gflop, limit):
    ours, theirs = (statistics.median(side) / times for side in zip(*pairs))
    low, middle, high = quartiles([a / b for a, b in pairs])
    share = f"{100 * gflop / limit / ours:.0f} %" if gflop else ""
    return f"| {label} | {seconds(ours)} | {seconds(theirs)} | {middle:.2f} | {low:.2f}–{high:.2f} | {share} |"


def seconds(value):
    return f"{value:.2f} s" if value >= 1 else f"{1000 * value:.1f} ms"


def whole(command):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main(rounds, folder, works, commands):
    serve_ours, serve_theirs, picture_ours, picture_theirs, limits_command = commands
    limits = json.loads(subprocess.run(limits_command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1])
    print(f"Products of matrices of 2048×2048: {limits['fp32']:.0f} GFLOP/s in float32, {limits['bf16']:.0f} in bfloat16.")
    print(f"A step of the UNet with guidance: {limits['unet 2']:.2f} GFLOP. {rounds} rounds.\n")
    print("| | kolors4j | Python | kolors4j / Python | quartiles | of the limit |")
    print("|---|---:|---:|---:|---:|---:|")
    ours, theirs = Side(serve_ours), Side(serve_theirs)
    highest = [0, 0]
    slow_bfloat16 = limits["bf16"] < limits["fp32"] / 4
    with open(f"{folder}/rounds.jsonl", "w", encoding="utf-8") as kept:
        for work, other, times, label in ROWS:
            if not re.search(works, other or work):
                continue
            precision = "bf16" if work.endswith("bf16") else "fp32"
            if precision == "bf16" and slow_bfloat16:
                print(f"| {label} | | | | | not measured: this processor has no instructions for it |", flush=True)
                continue
            if work.startswith("train"):  # a thread of its own, which another that computed would slow down
                highest = [max(pair) for pair in zip(highest, memory(ours, theirs))]
                ours, theirs = Side(serve_ours), Side(serve_theirs)
            pairs = turns(rounds, lambda: ours.do(work), lambda: theirs.do(other or work))
            kept.write(json.dumps({"work": work, "python": other or work, "seconds": pairs}) + "\n")
            print(row(label, pairs, times, limits.get(other or work), limits[precision]), flush=True)
        highest = [max(pair) for pair in zip(highest, memory(ours, theirs))]
        if re.search(works, "start"):
            pairs = turns(rounds, lambda: whole(picture_ours), lambda: whole(picture_theirs))
            kept.write(json.dumps({"work": "start", "seconds": pairs}) + "\n")
            print(row("from start to the first picture, whole processes", pairs, 1, None, None))
    print(f"| highest resident memory, all of the above | {highest[0]:.0f} MB | {highest[1]:.0f} MB | {highest[0] / highest[1]:.2f} | | |")


if __name__ == "__main__":
    arguments, lists = sys.argv[1:], [[]]
    for argument in arguments[3:]:
        if argument == "--":
            lists.append([])
        else:
            lists[-1].append(argument)
    main(int(arguments[0]), arguments[1], arguments[2], lists[1:])
