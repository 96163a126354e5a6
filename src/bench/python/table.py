"""Prints the measurements of environment/bench model as a Markdown table."""

import json
import sys

LABELS = {
    "generate": "one picture, 50 steps, guidance 4 (s)",
    "train": "one LoRA step, 4 pictures, rank 16 (s)",
    "train, encoding at each step": "same, Python encoding at each step (s)",
}

with open(sys.argv[1], encoding="utf-8") as file:
    rows = [json.loads(line) for line in file]
ours = {row["what"]: row for row in rows if row["by"] == "kolors4j"}
theirs = {row["what"]: row for row in rows if row["by"] == "Python"}
print("| | kolors4j | Python | kolors4j / Python | peak memory, kolors4j | Python |")
print("|---|---|---|---|---|---|")
for what, python in theirs.items():
    java = ours[what.split(",")[0]]
    print(
        f"| {LABELS[what]} | {java['seconds']:.3f} | {python['seconds']:.3f} "
        f"| {java['seconds'] / python['seconds']:.2f} "
        f"| {java['megabytes']} MB | {python['megabytes']} MB |"
    )
