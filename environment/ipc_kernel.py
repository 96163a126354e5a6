"""Starts a Jupyter kernel that speaks TCP only, for a notebook server that speaks IPC, such as Colab's.

    python ipc_kernel.py KERNEL.JSON CONNECTION_FILE

KERNEL.JSON is the kernelspec of the kernel to start. Java's ZeroMQ does not speak IPC as libzmq does (JeroMQ up
to 0.6 imitates it by TCP), so the kernel is given TCP ports of this computer, and each of its five channels is
passed on. Ends when the kernel ends, and hands it what ends or interrupts this process.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

import zmq
from jupyter_client.connect import write_connection_file
from jupyter_client.localinterfaces import localhost

# Socket towards the notebook, socket towards the kernel. Routers and dealers keep who asked in front of a
# message; the kernel asks for input on `stdin` whoever sent the cell on `shell`, so both need one name.
CHANNELS = {
    "shell": (zmq.ROUTER, zmq.DEALER),
    "stdin": (zmq.ROUTER, zmq.DEALER),
    "control": (zmq.ROUTER, zmq.DEALER),
    "hb": (zmq.ROUTER, zmq.DEALER),
    "iopub": (zmq.XPUB, zmq.XSUB),
}


def address(connection, channel):
    port = connection[f"{channel}_port"]
    separator = "-" if connection["transport"] == "ipc" else ":"
    return f"{connection['transport']}://{connection['ip']}{separator}{port}"


def pass_on(context, channel, outside, inside):
    kinds = CHANNELS[channel]
    front, back = context.socket(kinds[0]), context.socket(kinds[1])
    if kinds[1] == zmq.DEALER:
        back.setsockopt(zmq.IDENTITY, b"ipc_kernel")
    for socket in (front, back):
        socket.setsockopt(zmq.LINGER, 1000)
    front.bind(address(outside, channel))
    back.connect(address(inside, channel))
    threading.Thread(target=zmq.proxy, args=(front, back), name=channel, daemon=True).start()


def main(kernel_file, connection_file):
    specification = json.loads(pathlib.Path(kernel_file).read_text())
    outside = json.loads(pathlib.Path(connection_file).read_text())
    environment = {**os.environ, **specification.get("env", {})}
    if outside["transport"] == "tcp":
        command = [part.replace("{connection_file}", connection_file) for part in specification["argv"]]
        os.execvpe(command[0], command, environment)
    with tempfile.TemporaryDirectory() as folder:
        inside_file, inside = write_connection_file(
            str(pathlib.Path(folder, "kernel.json")), ip=localhost(), key=outside["key"].encode(), transport="tcp",
            signature_scheme=outside["signature_scheme"])
        command = [part.replace("{connection_file}", inside_file) for part in specification["argv"]]
        kernel = subprocess.Popen(command, env=environment)
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, lambda number, frame: kernel.send_signal(number))
        context = zmq.Context()
        for channel in CHANNELS:
            pass_on(context, channel, outside, inside)
        return kernel.wait()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
