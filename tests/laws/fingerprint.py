"""Print a fingerprint of the events of some streams: ``python -m tests.laws.fingerprint sorted``.

With ``set`` it prints one that depends on PYTHONHASHSEED instead.
"""

import sys
from hashlib import sha256

from tests.laws.telling import told
from tests.streams import WORDS, stream


def main() -> None:
    """Print it."""
    events = "\n".join(line for seed in range(3) for line in told(stream(seed)))
    words = " ".join(set(WORDS)) if sys.argv[1] == "set" else ""
    sys.stdout.write(sha256((events + words).encode()).hexdigest())


if __name__ == "__main__":
    main()
