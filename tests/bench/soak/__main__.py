"""`python -m tests.bench.soak EVENTS`."""

import sys

from tests.bench.soak import EVENTS, main

if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS)
