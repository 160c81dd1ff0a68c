"""Whatever is told in whatever order: the pipeline's laws, and twins that break each of them."""

from datetime import datetime, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace

from rtm.alerting import Kind
from rtm.alerts.alert import ALARMS, Acknowledgement, Delivery, Resolution, Silence
from rtm.alerts.alerts import Alerts
from rtm.alerts.stages import STAGES, Stage, acknowledge, dedupe, escalate, silence
from tests.alerts.said import START, alert, config
from tests.alerts.said import silence as silence_of

EVERY, PATIENCE, WAIT = (timedelta(seconds=s) for s in (60, 120, 5))
FINGERPRINTS = ("opportunity/o1", "opportunity/o2", "approval/o1", "crisis", "stopped")
LONGEST = timedelta(hours=1)  # of a silence

seconds = st.integers(0, 200).map(lambda s: timedelta(seconds=s))


class Telling(RuleBasedStateMachine):
    """Tell anything, and look at each message as it goes out."""

    stages = STAGES
    made = Alerts
    silences = Bundle("silences")

    def __init__(self) -> None:
        super().__init__()
        self.alerts = self.made(config(), self.stages)
        self.now = START
        self.sent: dict[tuple[str, Kind], datetime] = {}
        self.news: dict[str, datetime] = {}  # told to the team, of those that stand
        self.has: set[str] = set()
        self.escalated: set[str] = set()
        self.over: set[str] = set()  # whose end is to be told
        self.quiet: dict[str, Silence] = {}

    @rule(fingerprint=st.sampled_from(FINGERPRINTS))
    def tell(self, fingerprint):
        self.alerts.tell(alert(fingerprint), self.now)
        self.over.discard(fingerprint)

    @rule(fingerprint=st.sampled_from(FINGERPRINTS))
    def answer(self, fingerprint):
        if any(one.alert.fingerprint == fingerprint for one in self.alerts.standing()):
            self.has.add(fingerprint)
        self.alerts.tell(Acknowledgement(fingerprint=fingerprint, who="mia"), self.now)

    @rule(fingerprint=st.sampled_from(FINGERPRINTS))
    def end(self, fingerprint):
        self.alerts.tell(Resolution(fingerprint=fingerprint), self.now)
        if fingerprint in self.news and fingerprint.partition("/")[0] in ALARMS:
            self.over.add(fingerprint)
        else:
            self.forget(fingerprint)

    @rule(
        target=silences,
        id=st.sampled_from("ab"),
        covers=st.sampled_from(
            [{"kind": "crisis"}, {"kind": "opportunity"}, {"card": "o1"}, {"card": "o2"}]
        ),
        lasts=seconds,
    )
    def hush(self, id, covers, lasts):
        made = silence_of(id, until_s=0, **covers)
        made = replace(made, at=self.now, until=self.now + lasts)
        self.quiet[id] = made
        self.alerts.tell(made, self.now)
        return made

    @rule(made=silences)
    def speak_again(self, made):
        if self.quiet[made.id] == made and self.now < made.until:
            self.quiet[made.id] = replace(made, until=self.now)
            self.alerts.tell(self.quiet[made.id], self.now)

    @rule(span=seconds)
    def wait(self, span):
        self.go_on_until(self.now + span)

    @rule()
    def restart(self):
        kept = self.alerts.snapshot()
        self.alerts = self.made(config(), self.stages)
        self.alerts.restore(kept)
        self.alerts.tell(Resolution(fingerprint="none"), self.now)

    @invariant()
    def all_that_stands_unanswered_is_passed_on(self):
        if any(self.now < one.until for one in self.quiet.values()):
            return
        for fingerprint, told_at in self.news.items():
            # the latest of what may hold it back: a silence, another message of its kind
            held = max([told_at + PATIENCE, *(one.until for one in self.quiet.values())])
            if fingerprint not in self.has | self.over | self.escalated:
                assert self.now <= held + EVERY + WAIT, f"{fingerprint} is passed on to nobody"

    def go_on_until(self, end: datetime) -> None:
        for _ in range(1_000):
            next_at = self.alerts.next_at()
            if next_at is None or next_at > end:
                break
            if next_at > self.now:
                between = self.now + (next_at - self.now) / 2
                assert self.alerts.due(between) == [], "before its time"
            self.now = max(self.now, next_at)
            messages = self.alerts.due(self.now)
            assert messages, "the time was told, and nothing came"
            for message in messages:
                self.look_at(message)
        else:
            raise AssertionError("it never ends")
        self.now = max(self.now, end)

    def look_at(self, message: Delivery) -> None:
        group = message.target, message.kind
        before = self.sent.get(group)
        assert before is None or message.at - before >= EVERY, "too soon after the one before"
        self.sent[group] = message.at
        told = (*message.news, *message.unanswered, *(one.alert for one in message.over))
        for one in self.quiet.values():
            held = not (one.at <= message.at < one.until)
            assert held or not any(one.covers(alert) for alert in told), "silenced"
        for new in message.news:
            assert new.fingerprint not in self.news, "told already"
            assert new.fingerprint not in self.has, "somebody has it"
            self.news[new.fingerprint] = message.at
        for late in message.unanswered:
            assert late.fingerprint not in self.has, "somebody has it"
            assert late.fingerprint not in self.escalated, "passed on already"
            assert message.at - self.news[late.fingerprint] >= PATIENCE, "passed on too soon"
            self.escalated.add(late.fingerprint)
        for ended in message.over:
            assert ended.alert.fingerprint in self.over, "over, and never told, or twice"
            if message.target == "lead" or ended.alert.fingerprint not in self.escalated:
                self.forget(ended.alert.fingerprint)

    def forget(self, fingerprint: str) -> None:
        self.news.pop(fingerprint, None)
        for each in (self.has, self.escalated, self.over):
            each.discard(fingerprint)


LAW = settings(max_examples=120, stateful_step_count=40, deadline=None)
SEARCH = settings(  # found is enough, the shortest way to it is not looked for
    LAW, max_examples=2_000, database=None, phases=[Phase.generate], report_multiple_bugs=False
)


def test_the_laws_hold():
    run_state_machine_as_test(Telling, settings=LAW)


class NeverSent(Alerts):
    def _sent_now(self, group, batch):
        message = super()._sent_now(group, batch)
        self._sent.clear()
        return message


class Forgetful(Alerts):
    def restore(self, kept):
        pass


def without(stage: Stage) -> tuple[Stage, ...]:
    return tuple(one for one in STAGES if one is not stage)


def never(notice, at, policy):
    return None if notice.after else at


@pytest.mark.parametrize(
    ("stages", "made", "words"),
    [
        (without(dedupe), Alerts, "told already|passed on already|over, and never|it never ends"),
        (without(acknowledge), Alerts, "somebody has it|over, and never"),
        (without(silence), Alerts, "silenced"),
        (without(escalate), Alerts, "passed on too soon"),
        ((*STAGES, never), Alerts, "passed on to nobody"),
        (STAGES, NeverSent, "too soon after"),
        (
            STAGES,
            Forgetful,
            "told already|somebody has it|passed on to nobody|too soon after|silenced",
        ),
    ],
)
def test_a_twin_that_breaks_a_law_is_found_out(stages, made, words):
    class Broken(Telling):
        pass

    Broken.stages, Broken.made = stages, made
    with pytest.raises(AssertionError, match=words):
        run_state_machine_as_test(Broken, settings=SEARCH)
