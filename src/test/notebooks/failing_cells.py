"""Checks that a failed or interrupted cell leaves those behind it unrun, in the real kernels.

Sends cells as JupyterLab's Run All does: all at once, without waiting for answers. Needs no notebook. Arguments
are the kernels' names; IJava's and JJava's where there is none.
"""

import sys
import time
from queue import Empty

from jupyter_client.manager import start_new_kernel

PATIENCE = 60


class Kernel:
    def __init__(self, name):
        self.manager, self.client = start_new_kernel(kernel_name=name, startup_timeout=120)
        self.run_all("var warm = 1;")

    def send(self, *cells, stop_on_error=True):
        return [self.client.execute(cell, stop_on_error=stop_on_error) for cell in cells]

    def answers(self, requests):
        """The status of each request's answer, in the order of the requests."""
        statuses = {}
        until = time.monotonic() + PATIENCE
        while len(statuses) < len(requests):
            answer = self.client.get_shell_msg(timeout=max(0.1, until - time.monotonic()))
            parent = answer["parent_header"].get("msg_id")
            if parent in requests:
                statuses[parent] = answer["content"]["status"]
        return [statuses[request] for request in requests]

    def run_all(self, *cells, stop_on_error=True):
        return self.answers(self.send(*cells, stop_on_error=stop_on_error))

    def published(self, requests):
        """What the page got of these requests until now: (kind, text or state) of each."""
        found = []
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=1)
            except Empty:
                return found
            if message["parent_header"].get("msg_id") in requests:
                content = message["content"]
                found.append((message["msg_type"], content.get("text", content.get("execution_state"))))

    def value(self, expression):
        """What an expression of the kernel's variables prints."""
        requests = self.send(f"System.out.println({expression});")
        assert self.answers(requests) == ["ok"], f"{expression} has no value"
        return "".join(text for kind, text in self.published(requests) if kind == "stream").strip()


def expect(found, expected, what):
    assert found == expected, f"{what}: {found}, expected {expected}"
    print(f"{what}: {found}")


def check(kernel):
    try:
        expect(
            kernel.run_all(
                "var made = 1;",
                "made = 2;",
                'throw new IllegalStateException("as wanted");',
                "made = 4;",
                "made = 5;",
            ),
            ["ok", "ok", "error", "aborted", "aborted"],
            "an error in the third cell",
        )
        expect(kernel.value("made"), "2", "the variable that later cells would have changed")

        requests = kernel.send("made = nonsense;", "made = 6;")
        expect(kernel.answers(requests), ["error", "aborted"], "a cell that does not compile")
        states = [state for kind, state in kernel.published(requests[1:]) if kind == "status"]
        expect(states, ["busy", "idle"], "the page hears of the cell that did not run")
        expect(kernel.run_all("made = 7;"), ["ok"], "the cell that is run afterwards")

        expect(
            kernel.run_all('throw new IllegalStateException("allowed");', "made = 8;", stop_on_error=False),
            ["error", "ok"],
            "an error that is allowed (tag raises-exception)",
        )

        requests = kernel.send("Thread.sleep(60_000);", "made = 9;")
        time.sleep(3)
        started = time.monotonic()
        kernel.manager.interrupt_kernel()
        expect(kernel.answers(requests), ["error", "aborted"], "an interrupted cell")
        seconds = time.monotonic() - started
        assert seconds < 2, f"the interrupt took {seconds:.1f} s"

        # Its thread goes on for a second: the cell has ended, and shown all, when it is reported.
        requests = kernel.send(
            """
            var ended = false;
            try { Thread.sleep(60_000); } catch (InterruptedException e) {
                long until = System.currentTimeMillis() + 1000;
                while (System.currentTimeMillis() < until) { }
                System.out.println("the end of it");
                ended = true;
            }
            """,
            "made = 10;",
        )
        time.sleep(3)
        kernel.manager.interrupt_kernel()
        expect(kernel.answers(requests), ["error", "aborted"], "an interrupted cell that takes a second to its end")
        shown = "".join(text for kind, text in kernel.published(requests) if kind == "stream")
        assert "the end of it" in shown, f"it shows {shown!r}"
        expect(kernel.value("ended"), "true", "its variable")

        # Many short statements: an interrupt mostly comes while one is being compiled.
        for delay in (1.0, 1.05, 1.1, 1.15):
            requests = kernel.send("int n = 0;\n" + "n++;\n" * 3000, "made = 11;")
            time.sleep(delay)
            kernel.manager.interrupt_kernel()
            expect(kernel.answers(requests), ["error", "aborted"], f"an interrupt between statements, {delay} s")
        assert int(kernel.value("n")) < 3000

        endless = "record Endless() { public String toString() { return String.valueOf(this); } }"
        expect(
            kernel.run_all(endless, "new Endless()", "made = 12;"),
            ["ok", "error", "aborted"],
            "a value that cannot be shown",
        )
        expect(kernel.value("made"), "8", "the variable in the end")
    finally:
        kernel.client.stop_channels()
        kernel.manager.shutdown_kernel(now=True)


for name in sys.argv[1:] or ["kolors4j", "kolors4j-jjava"]:
    print(f"--- {name}")
    check(Kernel(name))
print("Cells behind a failed one do not run.")
