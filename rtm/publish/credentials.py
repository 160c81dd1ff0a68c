"""Secrets of accounts: from the environment, or from a file that it names; from nowhere else."""

from collections.abc import Mapping
from pathlib import Path

from rtm.errors import ConfigError

LONGEST_SECRET = 4_096  # characters; a token of a network has some hundred


def secret_of(name: str, environ: Mapping[str, str], what: str) -> str:
    """Return the secret in a variable, or in the file that ``NAME_FILE`` names.

    ``what`` says in a message which secret is asked for.

    Raises
    ------
    ConfigError
        When neither is set, or both are, or the file cannot be read.
    """
    said, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "")
    if said and file:
        raise ConfigError(f"{name} and {name}_FILE: both are set; keep one")
    if file:
        try:
            with Path(file).open(encoding="utf-8") as opened:
                said = opened.read(LONGEST_SECRET + 1).strip()
        except (OSError, ValueError) as error:
            problem = "cannot be read; name a file with the secret and nothing else"
            raise ConfigError(f"{name}_FILE={file}: {problem}") from error
    if not 0 < len(said) <= LONGEST_SECRET:
        raise ConfigError(f"{name}: not set; give {what}, or its file as {name}_FILE")
    return said
