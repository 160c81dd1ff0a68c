"""Texts for property tests: anything at all, and mixtures of what real posts are made of."""

from hypothesis import strategies as st

HOSTS = (
    "www.bbc.co.uk",
    "t.co",
    "localhost",
    "10.0.0.1",
    "a.b.kawasaki.jp",
    "city.kawasaki.jp",
    "x.ck",
    "www.ck",
    "blogs.github.io",
    "..oops..com",
    "münchen.de",
    "xn--55qx5d.cn",
    "-._",
    "a" * 260 + ".com",
)
URLS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(
        ["http://", "https://", "HTTP://", "hTTps://", "www.", "http:/", "ht\u200dtp://"]
    ),
    st.sampled_from(HOSTS) | st.text("abc.-0Z_", max_size=12),
    st.sampled_from(["", "/", ":80/x", "/news?a=b&amp;c=d#Top", "/(x)", '">', "/\u4eac"]),
    st.sampled_from(["", " ", ",", ".", "\n"]),
)
HANDLES = st.builds(
    "{}{}{}".format,
    st.sampled_from(["@", "@", "RT @", "a@", "@@", ".@", "@\u200b"]),
    st.text("abZ09_.-", max_size=8) | st.sampled_from(["oreo.bsky.social", "a", "Oreo\u00e9"]),
    st.sampled_from(["", ":", " ", "'s", "-"]),
)
TAGS = st.builds(
    "{}{}{}".format,
    st.sampled_from(["#", "##", "\uff03", "x#", "#_"]),
    st.sampled_from(
        ["SuperBowl", "SB47", "NFLGame", "sooooGood", "\u4eac\u90fdTrip", "47", "O_o_O"]
    )
    | st.text("aAbB01_\u0301\u4eac\u00c9", max_size=10),
    st.sampled_from(["", "'s", " ", "!", "#go"]),
)
ENTITIES = st.sampled_from(
    [
        "&amp;", "&lt;", "&quot;", "&#39;", "&#8217;", "&#123456;", "&#1234567;", "&#1;", "&a;",
        "&abcdef;", "&abcdefg;",
        "&am\u200dp;", "&amp", "&amp;amp;", "&#&amp;;", "&am&amp;p;", "&#x27;", "&\u00e9t;", "&;",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "lights", "LIGHTS", "soooooo", "HAHAHAAA", "nooo'ooo", "don't", "Oreo's", "Oreo\u2019s",
        "x's", "'s", "a''s", "it\u02bcs", "rock'n'roll", "the", "RT", "a1b22c333", "2013", "22:22",
        "e\u0301te\u0301", "\u0301", "\u0130stanbul", "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2",
        "\u017bu\u017c\u0142awki", "\u00f5nnetus", "\u0645\u0631\u062d\u0628\u0627",
        "\u05e9\u05dc\u05d5\u05dd",
        "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\u0928\u092e\u0938\u094d\u0924\u0947",
        "\u505c\u96fb", "\u30aa\u30ec\u30aa", "\uff76\uff9e", "\uc815\uc804", "\u0661\u0662\u0663",
        "\uff11\uff12", "\U0001d7d8\U0001d7d9", "\U00020000\U0002f800", "\u01c5ep",
        "w" * 41, "W" * 40,
        "ab" * 20, "ab" * 21, "hh", "w", "http", "\u200d", "k\u200bey", "\ufeffbom", "\U000e0041",
    ]
)  # fmt: skip
SIGNS = st.sampled_from(
    [
        " ", " ", " ", "\n", "\t", "\u00a0", "\u2028", ",", "-", "/", "'", "\u2019", ".",
        "...", "!?",
        "(",
        ")", "\u00bb", "\u201c", "_", "&", ";", "#", "@",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\u2764\ufe0f", "\U0001f1ea\U0001f1ea", "\U0001f44d\U0001f3fd", "\u202e", "\x00", "\x85",
    ]
)  # fmt: skip

FRAGMENTS = st.one_of(WORDS, SIGNS, URLS, HANDLES, TAGS, ENTITIES)
POSTS = st.lists(FRAGMENTS, max_size=30).map("".join)
WORDY = st.lists(WORDS | st.text("abcde", min_size=1, max_size=4), min_size=250, max_size=330).map(
    " ".join
)
TEXTS = st.text(max_size=60) | POSTS
