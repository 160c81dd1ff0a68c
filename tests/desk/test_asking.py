"""An approver who stays silent is passed over to the next on duty, and silence approves nothing."""

from datetime import timedelta

from rtm.desk.asking import asked_next
from rtm.desk.work import Work, after
from tests.desk.walking import AT, walked

MINUTE = timedelta(seconds=60)


def ask(work: Work, *approvers: str, after_s: int = 0, own_approval: bool = True) -> Work:
    asked = asked_next(
        work,
        approvers,
        AT + timedelta(seconds=after_s),
        patience=MINUTE,
        own_approval=own_approval,
    )
    return work if asked is None else after(work, asked)


def test_the_first_on_duty_is_asked_at_once():
    assert ask(walked(3), "noor", "lee").asked == "noor"


def test_before_the_minute_is_over_nobody_else_is_asked():
    work = ask(walked(3), "noor", "lee")

    assert ask(work, "noor", "lee", after_s=59) is work
    assert ask(work, "noor", "lee", after_s=60).asked == "lee"


def test_the_asking_goes_around_and_never_approves():
    work = walked(3)
    names = []
    for second in range(0, 360, 60):
        work = ask(work, "noor", "lee", "kim", after_s=second)
        names.append(work.asked)

    assert names == ["noor", "lee", "kim", "noor", "lee", "kim"]
    assert (work.state, work.approvals) == ("submitted", ())


def test_who_goes_off_duty_is_passed_over_at_once():
    work = ask(walked(3), "noor", "lee")

    assert ask(work, "lee", after_s=1).asked == "lee"


def test_a_single_approver_stays_asked():
    work = ask(walked(3), "noor")

    assert ask(work, "noor", after_s=600) is work


def test_nobody_on_duty_is_nobody_asked():
    assert ask(walked(3)).asked is None


def test_who_wrote_it_is_not_asked_where_another_must_agree():
    assert ask(walked(3), "mia", "lee", own_approval=False).asked == "lee"
    assert ask(walked(3), "mia", "lee").asked == "mia"


def test_only_what_was_submitted_is_asked_for():
    assert ask(walked(2), "noor").asked is None
    assert ask(walked(4), "noor").asked is None
