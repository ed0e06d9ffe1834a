"""The child process of ``read_guarded``: its order and the file come in, the outcome goes out as JSON."""

import json
import sys

from .guard import answer_order

json.dump(answer_order(sys.stdin.buffer.readline(), sys.stdin.buffer.read()), sys.stdout)
