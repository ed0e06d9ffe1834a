"""Reading what strangers send: in a process of its own, held to a limit of memory and time.

Parsers of binary formats can be driven to ask for gigabytes, to run for hours or to crash; in a web or
task process that would take everything else with it. ``read_guarded`` is what those use; ``read`` is
for a process that has nothing to lose, such as a command at the console.
"""

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

from .document import MEBIBYTE, Document, Limits
from .errors import ReadError
from .reading import DEFAULT_LIMITS, check_size, read

ROOT = Path(__file__).resolve().parents[2]


def read_guarded(
    data: bytes,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
    memory_mb: int = 1024,
    seconds: int = 60,
) -> Document:
    """Do what ``read`` does, in a child process that may use ``memory_mb`` and ``seconds``.

    The child knows nothing of the caller's environment (no passwords, no connections) and can write no
    file. Raises ``ReadError`` and nothing else: ``too_complex`` or ``too_slow`` where a limit was met,
    ``damaged`` where the reader itself went down.
    """
    check_size(len(data), limits)
    order = {
        "name": name,
        "limits": dataclasses.asdict(limits),
        "memory": memory_mb * MEBIBYTE,
        "seconds": seconds,
    }
    try:
        child = subprocess.run(  # noqa: S603  our own interpreter and module, no shell
            [sys.executable, "-m", __package__],
            input=json.dumps(order).encode() + b"\n" + data,
            capture_output=True,
            cwd=ROOT,
            env={"PYTHONIOENCODING": "utf-8"},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ReadError("too_slow", seconds=seconds) from None
    try:
        answer = json.loads(child.stdout)
    except ValueError:
        raise ReadError("damaged") from None
    if "error" in answer:
        raise ReadError(answer["error"], **answer["params"])
    return Document(**answer)


def answer_order(order: bytes, data: bytes) -> dict[str, object]:
    """Read ``data`` as the caller ordered and put the outcome into plain words for the way back."""
    wanted = json.loads(order)
    _hold_to(wanted["memory"], wanted["seconds"])
    try:
        document = read(data, name=wanted["name"], limits=Limits(**wanted["limits"]))
    except ReadError as error:
        return {"error": error.code, "params": error.params}
    except MemoryError:
        return {"error": "too_complex", "params": {}}
    return dataclasses.asdict(document)


def _hold_to(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit of the caller still holds
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds + 1, seconds + 1))  # outlives not even its caller
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
