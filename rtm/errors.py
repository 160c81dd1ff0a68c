"""Errors that rtm raises, as one tree.

* RtmError
    * ConfigError       a file or option is wrong: names file, key, value given, remedy
    * SourceError       a stream or file cannot be read at all
    * PublishError      a network refused a post
        * OutcomeUnknown    nobody knows yet whether the post went out
    * StoreError        what must be kept cannot be kept or read back
        * TooLate           a post has left, is leaving or was settled meanwhile
    * IllegalMove       a step that the desk's rules do not allow

Bad rows from the world are counted and kept aside where they enter; they are never raised.
"""


class RtmError(Exception):
    """Catch this to catch whatever rtm raises on purpose."""


class ConfigError(RtmError):
    """Say which file, key and value is wrong, and what to write instead."""


class SourceError(RtmError):
    """Say which stream or file cannot be read, and what to try."""


class PublishError(RtmError):
    """Say which network refused a post, and when another try makes sense."""

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class OutcomeUnknown(PublishError):
    """Say that a post may or may not have gone out: read back before anything else."""


class StoreError(RtmError):
    """Say what could not be kept or read back."""


class TooLate(StoreError):
    """Say which post went on meanwhile, so that what was to be kept of it does not hold."""


class IllegalMove(RtmError):
    """Say which step was tried from which state; ``rule`` is the id of the rule it would break."""

    def __init__(self, message: str, rule: str | None = None) -> None:
        super().__init__(message)
        self.rule = rule
