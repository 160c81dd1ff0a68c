"""Every number that detection depends on, with its unit and the reason for its default."""

from typing import NamedTuple


class Settings(NamedTuple):
    """One setting of the detector; the default was chosen once, see README."""

    prior_count: float = 1.0  # posts (a0): what a term never seen is granted
    prior_total: float = 500.0  # posts (b0): the stream in which it would have been seen
    # measured, with floors of 3.8 and 3.4: 0.07 halves Reddit's stories at equal recall, but the
    # lights of 2013 are then told at the fourth post, not the third; 0.01 leaves three no margin
    background: float = 0.0  # posts that any window is granted beside what its past tells
    dispersion: float = 0.04  # squared coefficient of variation of a term's own share
    min_z: float = 3.8  # standard deviations; below it no tail can reach the floor
    # measured on the three sets that defaults are chosen on, without pairs, with a quarter of them,
    # with all: recall 1, .4, .67 in all three; Reddit's other stories an hour .213, .215, .225, CPU
    # 4.1, 6.9, 13.4 s, half of those on probation came in the last 15,100, 5,300, 1,800 posts
    pair_rate: float = 0.0  # posts a second below which a sample of all pairs is counted; 0: never
    pair_share: float = 0.25  # of all pairs that are in the sample
    hot_floor: float = 3.5  # surprise from which a term is hot
    story_floor: float = 5.0  # surprise from which one term opens a story by itself
    linked_floor: float = 4.2  # the same for a term that another hot term is linked to
    language_posts: float = 2000.0  # decayed posts from which a language has a share of its own
    common_share: float = 0.2  # of posts (of its language) that usually hold a term: a stop word
    min_sources: float = 2.5  # effective sources (inverse Simpson) behind a burst
    hold_windows: float = 4.0  # times its window that a term stays hot without more surprise
    least_hold_s: int = 120  # seconds that it stays hot at least
    most_hold_s: int = 3600  # and at most
    judge_s: int = 3  # seconds after which a hot term is judged again
    refire: float = 1.5  # times its last peak before a hot term fires again
    link_share: float = 0.3  # of a term's latest posts that must speak of a story to join it
    fresh_s: int = 90  # seconds in which whatever is linked to a new story belongs to it
    surge_floor: float = 8.0  # surprise, against its own last minutes, at which a story is another
    surge_dispersion: float = 0.5  # squared coefficient of variation of a story's own pace
    alarms_per_day: int = 20  # opportunities that people are shown in a day, in the long run
    alarms_per_hour: int = 20  # the same in an hour while a watched event is on
    story_quiet_s: int = 1800  # seconds without a post after which a story is closed
    gap_s: int = 6 * 3600  # seconds of silence after which the stream must warm up again
    row_bits: int = 18  # 2**18 term rows of about 500 bytes
    probation_bits: int = 18  # 2**18 terms seen once or twice
    sketch_bits: int = 19  # places in each of the two sketch rows that remember evicted terms
    cluster_bits: int = 17  # near-duplicate clusters alive at once
    recent_bits: int = 19  # posts whose tick, source and marks are remembered
    quoted_posts: int = 1 << 17  # latest posts whose words are kept for naming and quoting
    regular_bits: int = 18  # 2**18 authors of whom it is known how they took part, 64 bytes each
    author_bits: int = 25  # bits of each of two filters of (author, term) pairs


def exact(settings: Settings) -> Settings:
    """Return settings with a float wherever one is meant, as compiled code wants them.

    >>> exact(Settings(story_floor=6)).story_floor
    6.0
    """
    given, default = settings._asdict(), Settings()._asdict()
    return Settings(**{name: type(default[name])(value) for name, value in given.items()})
