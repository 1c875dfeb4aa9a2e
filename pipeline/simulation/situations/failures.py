"""When a system fails. What is right depends on the write's effect class.

A write that may be repeated must come through; one that may not must not be sent twice, and its
event is kept for a person to replay.
"""

from pipeline.simulation.faults import Fault, FaultKind
from pipeline.simulation.scene import Played, Scene
from pipeline.simulation.situations.situation import Play, Situation, Verdict, unlike

_RETRY_AFTER = 2.0
_ALWAYS = 99
_FOR_PEOPLE = (401, 403, 404)


def rate_limited(scene: Scene) -> Verdict | None:
    """Every call that the workflow makes is told to wait, one in each run."""
    verdict = None
    for system, operation in scene.calls:
        fault = Fault("rate-limited", operation.id, seconds=_RETRY_AFTER)
        played = scene.plainly(fault, system)
        waited = _waited(played, operation.id)
        passed = played.ok and waited >= _RETRY_AFTER and scene.as_plain(played)
        seen = f"waited {waited:.1f} s, then succeeded"
        verdict = Verdict(passed, seen if passed else unlike(scene, played), played)
        if not passed:
            return verdict
    return verdict


def _waited(played: Played, operation: str) -> float:
    """Seconds from the refusal to the next attempt of that call; 0 where there was none.

    Records that are read at once have calls of one operation, each with a path of its own.
    """
    sent = [one.exchange for one in played.world.sent if one.exchange.operation == operation]
    place = next((at for at, one in enumerate(sent) if one.fault == "rate-limited"), None)
    if place is None:
        return 0.0
    refusal = sent[place]
    again = [one for one in sent[place + 1 :] if one.path == refusal.path]
    return (again[0].at - refusal.at).total_seconds() if again else 0.0


def expired_token(scene: Scene) -> Verdict | None:
    if scene.main is None:
        return None
    played = scene.plainly(Fault("expired-token", scene.main.id))
    if scene.plan.system(scene.target.name).auth.type != "oauth2":
        return _told(scene, played)
    passed = played.ok and scene.as_plain(played)
    seen = "the token was refreshed, then it succeeded"
    return Verdict(passed, seen if passed else unlike(scene, played), played)


def refused(kind: FaultKind) -> Play:
    """The write is refused, now and whenever it is tried."""

    def play(scene: Scene) -> Verdict | None:
        if scene.main is None:
            return None
        if scene.main.action == "delete" and kind == "not-found":
            return None  # what is gone already is as it should be
        return _told(scene, scene.plainly(Fault(kind, scene.main.id, times=_ALWAYS)))

    return play


def _told(scene: Scene, played: Played) -> Verdict:
    """Tried once and no more, kept for a replay; where only a person can mend it, they are told.

    Not every API has a status of its own for what is missing: one that answers 400 refuses this
    record only, and the event's failure says so.
    """
    asked = scene.asked(played.world)
    tried_once = 1 <= len(asked) <= scene.count  # a run may stop at the first refusal
    needs_person = any(one.exchange.status in _FOR_PEOPLE for one in asked)
    told = bool(played.world.issues)
    unwritten = len(scene.writes(played.world)) < scene.count
    passed = not played.ok and tried_once and unwritten and (told or not needs_person)
    seen = "kept, issue raised" if told else "kept, with the reason"
    return Verdict(passed, seen if passed else unlike(scene, played), played)


def in_doubt(kind: FaultKind) -> Play:
    """The write fails once, in a way that leaves open whether it happened."""

    def play(scene: Scene) -> Verdict | None:
        if scene.main is None:
            return None
        played = scene.plainly(Fault(kind, scene.main.id))
        if not scene.repeatable:
            return _sent_once(scene, played)
        passed = played.ok and scene.as_plain(played)
        seen = "repeated, and done once"
        return Verdict(passed, seen if passed else unlike(scene, played), played)

    return play


def _sent_once(scene: Scene, played: Played) -> Verdict:
    """Not repeated; where the record can be found, a replay makes it whole."""
    tried_once = 1 <= len(scene.asked(played.world)) <= scene.count
    passed = not played.ok and tried_once and bool(played.world.issues)
    seen = "not sent again, kept, issue raised" if passed else unlike(scene, played)
    if passed and scene.findable:
        again = scene.once_more(played)
        passed = again.ok and scene.as_plain(again)
        seen = "kept; its replay wrote it once" if passed else unlike(scene, again)
    return Verdict(passed, seen, played)


def cut_off(scene: Scene) -> Verdict | None:
    """The run ends between the write and its mark; the event is delivered again."""
    if not scene.repeatable and not scene.findable:
        return None  # nothing can tell: the platform asks a person
    played = scene.plainly()
    played.world.forget_values()
    again = scene.once_more(played)
    passed = again.ok and scene.as_plain(again)
    return Verdict(passed, "written once" if passed else unlike(scene, again), again)


SITUATIONS = (
    Situation("429 with Retry-After", "it waits as long as asked, then succeeds", rate_limited),
    Situation("401, an expired token", "it is refreshed once, or a person is told", expired_token),
    Situation("403, no access", "tried once, kept, and a person is told", refused("forbidden")),
    Situation("404, not found", "tried once, and kept", refused("not-found")),
    Situation("500, a server error", "repeated only where that is safe", in_doubt("server-error")),
    Situation("a timeout", "repeated only where that is safe", in_doubt("hang")),
    Situation("an answer lost after the write", "written once at most", in_doubt("lost-response")),
    Situation("a crash right after the write", "written once", cut_off),
)
