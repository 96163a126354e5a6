"""What torch.randn draws on NVIDIA GPUs, by NVIDIA's own code compiled for the CPU; writes
src/test/resources/golden/cuda_random.json. See cuda_random.cpp, which needs a C++ compiler and the headers of the
packages nvidia-cuda-runtime-cu12, nvidia-curand-cu12, nvidia-cuda-nvcc-cu12 (all 12.6) and nvidia-cuda-cccl-cu12:

    python cuda_random.py OUTPUT.json INCLUDE_FOLDER...
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy

# seed, numbers of one call, multiprocessors, threads of each, calls
CASES = [
    (0, 12, 72, 1536, 1),
    (1, 7, 72, 1536, 3),
    (12345678901234567890, 256, 72, 1536, 2),
    (0, 65536, 72, 1536, 2),  # the course's latents on its A10: a number a thread
    (0, 65536, 40, 1024, 2),  # the same on a T4, which has 40,960 threads: second numbers
    (5, 200000, 28, 1536, 2),  # an RTX 3060: all four numbers of a count, and the next count
    (7, 30000, 3, 1024, 2),
]

output, includes = sys.argv[1], sys.argv[2:]
source = pathlib.Path(__file__).with_suffix(".cpp")
results = []
with tempfile.TemporaryDirectory() as folder:
    program = f"{folder}/cuda_random"
    # nvcc fuses products with additions, so the compiler here is told to do so as well
    command = ["g++", "-O2", "-mfma", "-ffp-contract=fast", *(f"-I{i}" for i in includes), str(source), "-o", program]
    subprocess.run(command, check=True)
    for seed, numbers, multiprocessors, threads, calls in CASES:
        arguments = [program, *(str(a) for a in (seed, numbers, multiprocessors, threads, calls))]
        drawn = numpy.frombuffer(subprocess.run(arguments, check=True, capture_output=True).stdout, "<f4")
        drawn = drawn.reshape(calls, numbers)
        resident = multiprocessors * threads
        edges = {i + j for i in range(0, numbers, resident) for j in range(-4, 4)} | set(range(8)) | {numbers - 1}
        edges |= {i * 997 % numbers for i in range(60)}
        places = sorted(i for i in edges if 0 <= i < numbers)
        results.append({
            "seed": str(numpy.array([seed], "u8").view("i8")[0]), "numbers": numbers,
            "multiprocessors": multiprocessors, "threads": threads,
            "places": places, "calls": [[float(row[i]) for i in places] for row in drawn],
            "half": [[float(h) for h in row[places].astype("f2")] for row in drawn],
        })
with open(output, "w") as file:
    json.dump(results, file)
