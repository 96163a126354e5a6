"""Prints what TensorBoard sees in a run's folder: tag, step, and the value's bits, one a line.

    python src/test/python/read_tensorboard.py lightning_logs/version_0
"""

import struct
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0}).Reload()
for tag in events.Tags()["scalars"]:
    for point in events.Scalars(tag):
        print(tag, point.step, f"{struct.unpack('<I', struct.pack('<f', point.value))[0]:x}")
