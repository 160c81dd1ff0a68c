"""All parts of ``rtm evaluate text``, in the order in which they are told."""

from collections.abc import Mapping

from rtm.evaluate import language, mentions
from rtm.evaluate.figure import Part

PARTS: Mapping[str, Part] = {"language": language.figures, "mentions": mentions.figures}
