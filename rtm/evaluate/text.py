"""All parts of ``rtm evaluate text``, in the order in which they are told."""

from collections.abc import Mapping

from rtm.evaluate import relevance
from rtm.evaluate.figure import Part

PARTS: Mapping[str, Part] = {relevance.PART: relevance.figures}
