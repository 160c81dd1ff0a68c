"""All parts of ``rtm evaluate text``, in the order in which they are told."""

from collections.abc import Mapping

from rtm.evaluate.figure import Part
from rtm.evaluate.manners import figures as manners

PARTS: Mapping[str, Part] = {"manners": manners}
