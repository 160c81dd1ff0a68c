"""All parts of ``rtm evaluate text``, in the order in which they are told."""

from collections.abc import Mapping

from rtm.evaluate import fakes, language, manners, mentions, mood, relevance, risk
from rtm.evaluate.figure import Part

PARTS: Mapping[str, Part] = {
    "language": language.figures,
    "mentions": mentions.figures,
    "mood": mood.figures,
    "relevance": relevance.figures,
    "risk": risk.figures,
    "manners": manners.figures,
    "fakes": fakes.figures,
}
