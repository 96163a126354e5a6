"""The kernel behind environment/ipc_kernel.py, for a client that speaks IPC: output, result, interrupt, shutdown."""

import json
import pathlib
import sys
import tempfile
import threading
import time

from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

home = pathlib.Path(__file__).resolve().parents[3]
kernel = home / "build/kernelspec/kolors4j/kernel.json"


def run(client, code):
    """Status of the cell and the messages it sent."""
    messages = []
    reply = client.execute_interactive(code, output_hook=messages.append, timeout=120)
    return reply["content"]["status"], messages


def contents(messages, kind):
    return [message["content"] for message in messages if message["msg_type"] == kind]


with tempfile.TemporaryDirectory() as folder:
    specification = json.loads(kernel.read_text())
    specification["argv"] = [
        sys.executable, str(home / "environment/ipc_kernel.py"), str(kernel), "{connection_file}"]
    installed = pathlib.Path(folder, "kernels", "bridged")
    installed.mkdir(parents=True)
    (installed / "kernel.json").write_text(json.dumps(specification))
    specifications = KernelSpecManager(kernel_dirs=[str(installed.parent)])
    manager = KernelManager(
        kernel_name="bridged", transport="ipc", ip=f"{folder}/socket", kernel_spec_manager=specifications)
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=120)
        status, messages = run(client, 'System.out.println("可图"); 40 + 2')
        assert status == "ok", messages
        assert contents(messages, "stream")[0]["text"] == "可图\n", messages
        assert contents(messages, "execute_result")[0]["data"]["text/plain"] == "42", messages

        threading.Timer(2, manager.interrupt_kernel).start()
        start = time.time()
        status, messages = run(client, "Thread.sleep(60_000);")
        assert status == "error" and time.time() - start < 30, messages

        status, messages = run(
            client,
            'KolorsPipeline.load(ModelFolder.embedded()).generate(Prompt.of("一个男孩").seed(0).steps(2)).image()')
        assert status == "ok", messages
        assert "image/png" in contents(messages, "execute_result")[0]["data"], messages
    finally:
        client.stop_channels()
        manager.shutdown_kernel()
    assert not manager.is_alive()
print("The kernel works by IPC.")
