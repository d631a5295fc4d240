"""Gaits by their numbers: running, creeping, limping, hopping and the like, from standing to standing along a path.

A gait is counted in phases: phase k is the middle of contact k, one step after contact k - 1. Times, the way along
the path and the contacts of the feet follow from it, so a foot on the floor stays in place in every gait.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.people.body import BALL_HEIGHT, HIPS, SIDES, Body, orientation, sole_direction
from worlds.people.curves import ease, through_keys, under
from worlds.people.gait import FEET_BEHIND, TOE_OUT, Stand
from worlds.people.paths import Path

FLIGHT_RAMP: Final = 1.6  # how much sooner than its length a step has its full duty
END_SWING: Final = 0.8  # how full the first and the last swing are
FINE: Final = 0.01  # phases between the points of a numeric integral
STANDING_DUTY: Final = 0.6  # share of a stride that a foot is down in the first and the last step
SLOWEST: Final = 0.6  # share of the cadence of the first and the last step
LAST_LANDING: Final = 0.35  # phases before its middle at which a foot lands that then stays
HELD_PHASES: Final = 0.9  # in which a held foot is lifted and put down
HOP_PHASES: Final = 0.75  # a shorter swing is a hop
FIRST_LIFT: Final = 0.12  # phase at which the first foot leaves the floor
HEEL_SECONDS: Final = 0.12  # from a landing on the heel to a flat foot
ROLL_PHASES: Final = 0.55  # before a foot leaves, in which its heel rises
FURTHEST: Final = 0.99  # of a leg's length
SWING_KEYS: Final = (0.0, 0.22, 0.72, 0.9, 1.0)  # shares of a swing at which the pitch of a foot is given
FRAME: Final = 0.05  # seconds


@dataclass(frozen=True, kw_only=True)
class Gait:
    """A way of going. Metres, radians, seconds; angles of the arms are left to the caller."""

    speed: float  # in the middle of the path
    step: float  # length of one step
    duty: float = 0.6  # share of a stride that each foot is down: the body flies if it is under 0.5
    lift: float = 0.08  # of the ankle in the swing
    hop_lift: float = 0.1  # and in a hop from a foot onto the same foot
    peak: float = 0.4  # share of the swing at which the ankle is highest
    width: float = 0.06  # from the middle to each foot
    crouch: float = 0.02  # of the pelvis below standing
    bounce: float = 0.015  # of the pelvis, up over the standing foot; negative: up between two contacts
    leave: float = -0.6  # pitch of a foot that leaves the floor
    swing: float = -0.9  # and early in the swing
    land: float = 0.25  # and as it lands
    toes: float = 0.0  # pitch of a foot on the floor: negative on tiptoe
    toe_out: float = TOE_OUT
    travel: float = 0.0  # from where the body faces to where it goes: pi is backwards
    veer: float = 0.0  # that the body goes off its path to either side
    veer_phases: float = 2.0  # from one side to the other
    held: int | None = None  # the side of a foot that stays off the floor all the way
    held_up: float = 0.3
    held_ahead: float = -0.2
    ramp: tuple[float, float] = (1.8, 2.2)  # steps until the full step length, and from it to standing


@dataclass(frozen=True)
class Contact:
    """One foot on the floor: its side, the phase of its middle, how long before and after, and offsets of its place."""

    side: int
    phase: float
    before: float
    after: float
    ahead: float = 0.0
    out: float = 0.0


@dataclass(frozen=True, eq=False)
class Strides:
    """A body over n frames: times (n,), phases (n,), share of the full gait (n,), pelvis and feet in the room."""

    times: DoubleArray
    phases: DoubleArray
    share: DoubleArray
    pelvis: DoubleArray  # (n, 3)
    yaw: DoubleArray  # (n,)
    ankles: DoubleArray  # (2, n, 3)
    angles: DoubleArray  # (2, n, 2): yaw and pitch
    end: Stand


def steps_of(length: float, gait: Gait) -> int:
    """How many steps, without the one that brings the feet together, cover a path of that length."""
    return max(2, round(length / gait.step + sum(gait.ramp) / 2 - 1))


def in_turn(gait: Gait, count: int, first: int) -> list[Contact]:
    """The contacts of left and right feet in turn; the last two stand side by side."""
    contacts = []
    for index in range(1, count):
        full = float(_ramp(np.array([float(index)]), count, gait.ramp)[0])
        half = STANDING_DUTY + (gait.duty - STANDING_DUTY) * min(FLIGHT_RAMP * full, 1.0)
        contacts.append(Contact((first + index - 1) % 2, float(index), half, half))
    return contacts


def _ramp(phases: DoubleArray, count: int, ramp: tuple[float, float]) -> DoubleArray:
    """From 0 at the start to 1 in the middle to 0 at the end."""
    return np.asarray(ease(phases / ramp[0]) * ease((count + 1 - phases) / ramp[1]))


class _Way:
    """Time and the way along the path as functions of the phase."""

    def __init__(self, path: Path, gait: Gait, count: int, start: float) -> None:
        self.path, self.gait, self.count = path, gait, count
        self.grid = np.arange(0.0, count + 1 + FINE / 2, FINE)
        share = _ramp(self.grid, count, gait.ramp)
        self.along = _integral(share)
        self.along *= path.length / self.along[-1]
        cadence = gait.speed / gait.step * (SLOWEST + (1 - SLOWEST) * share)
        self.times = start + _integral(1 / cadence)

    def place(self, phases: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
        """Floor points (n, 2) of the pelvis and the yaws (n,) that it faces."""
        along = np.interp(phases, self.grid, self.along)
        place, yaw = self.at(along)
        if self.gait.veer:
            off = self.gait.veer * np.sin(np.pi * phases / self.gait.veer_phases)
            off = off * _ramp(phases, self.count, self.gait.ramp)
            place = place + off[:, None] * np.stack([np.cos(yaw), np.sin(yaw)], axis=1)
        return place, yaw

    def at(self, along: DoubleArray) -> tuple[DoubleArray, DoubleArray]:
        """Floor points (n, 2) and yaws (n,) so many metres along the path."""
        points, yaws = self.path.points, self.path.yaws
        index = np.clip(along / max(self.path.length, 1e-9), 0.0, 1.0) * (len(points) - 1)
        every = np.arange(len(points))
        place = np.stack([np.interp(index, every, points[:, axis]) for axis in range(2)], axis=1)
        return place, np.interp(index, every, yaws) - self.gait.travel


def _integral(values: DoubleArray) -> DoubleArray:
    return np.asarray(np.concatenate([[0.0], np.cumsum((values[1:] + values[:-1]) / 2 * FINE)]))


def stride(body: Body, path: Path, gait: Gait, *, contacts: Sequence[Contact], count: int, start: float) -> Strides:
    """The body from standing at the path's start to standing at its end, ``count`` steps and a closing one later."""
    way = _Way(path, gait, count, start)
    first_frame = np.ceil(start / FRAME) * FRAME
    times = np.arange(first_frame, way.times[-1] + FRAME, FRAME)
    phases = np.interp(times, way.times, way.grid)
    share = _ramp(phases, count, gait.ramp)
    place, yaw = way.place(phases)
    ends = [
        Stand(*map(float, (*points[0], yaws[0]))) for points, yaws in (way.at(np.zeros(1)), way.at(np.full(1, 1e9)))
    ]
    feet = [_Foot(body, way, ends, side=side, contacts=contacts).over(times, phases) for side in range(2)]
    ankles = np.stack([foot[0] for foot in feet])
    angles = np.stack([foot[1] for foot in feet])
    down = np.stack([foot[2] for foot in feet])
    height = body.standing_height - gait.crouch * share + gait.bounce * np.cos(2 * np.pi * phases) * share
    height = np.minimum(height, _highest(body, place, yaw, ankles=ankles, down=down))
    pelvis = np.column_stack([place, height])
    return Strides(times, phases, share, pelvis, yaw, ankles, angles, ends[1])


def _highest(
    body: Body, place: DoubleArray, yaw: DoubleArray, *, ankles: DoubleArray, down: DoubleArray
) -> DoubleArray:
    """Heights (n,) of the pelvis from which both feet that are on the floor are in reach."""
    frame = orientation(yaw, np.zeros(len(yaw)), np.zeros(len(yaw)))
    highest = np.full(len(yaw), 9.0)
    for side in range(len(SIDES)):
        offset = frame @ body.offsets[HIPS[side]]
        flat = np.linalg.norm(place + offset[:, :2] - ankles[side, :, :2], axis=1)
        rise = np.sqrt(np.maximum((FURTHEST * body.leg) ** 2 - flat**2, 0.0))
        reach = ankles[side, :, 2] + rise - offset[:, 2]
        highest = np.where(down[side], np.minimum(highest, reach), highest)
    return under(highest, 1.2, 2)


class _Foot:
    """One foot: where it stands in each contact, and its way from one to the next."""

    def __init__(self, body: Body, way: _Way, ends: Sequence[Stand], *, side: int, contacts: Sequence[Contact]) -> None:
        self.body, self.way, self.side, self.gait = body, way, side, way.gait
        own = [contact for contact in contacts if contact.side == side]
        starts, stops = (np.array(end.foot(body, side)) for end in ends)
        first_side = contacts[0].side
        first_lift = FIRST_LIFT if side == first_side else contacts[0].phase - 1 + STANDING_DUTY
        last = way.count + (
            contacts[-1].side == side or way.gait.held is not None
        )  # the foot of the last contact closes
        last_landing = last - LAST_LANDING
        own = [one for one in own if one.phase - one.before > first_lift and one.phase + one.after < last_landing]
        self.places = np.array([starts, *(self._place(contact) for contact in own), stops])
        self.places[:, 2] = np.unwrap(self.places[:, 2])
        self.lands = np.array([-9.0, *(one.phase - one.before for one in own), last_landing])
        self.lifts = np.array([first_lift, *(one.phase + one.after for one in own), 1e9])

    def _place(self, contact: Contact) -> DoubleArray:
        """Ankle x, y and yaw of the foot in a contact."""
        (point,), (yaw,) = self.way.place(np.array([contact.phase]))
        sign = SIDES[self.side]
        across, ahead = sign * (self.gait.width + contact.out), contact.ahead - FEET_BEHIND
        x = point[0] + np.cos(yaw) * across - np.sin(yaw) * ahead
        y = point[1] + np.sin(yaw) * across + np.cos(yaw) * ahead
        return np.array([x, y, yaw - sign * self.gait.toe_out])

    def over(self, times: DoubleArray, phases: DoubleArray) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
        """Ankle (n, 3), yaw and pitch (n, 2), and whether it is down (n,)."""
        ankle, angles, down = np.zeros((len(times), 3)), np.zeros((len(times), 2)), np.zeros(len(times), dtype=bool)
        if self.gait.held == self.side:
            return self._held(phases)
        for index in range(len(self.places)):
            here = (phases >= self.lands[index]) & (phases <= self.lifts[index])
            angles[here, 0] = self.places[index, 2]
            angles[here, 1] = self._stance_pitch(times[here], phases[here], index)
            ankle[here] = self._stance_ankle(index, angles[here])
            down |= here
        for index in range(len(self.places) - 1):
            lift, land = self.lifts[index], self.lands[index + 1]
            air = (phases > lift) & (phases < land)
            high = self.gait.lift if land - lift > HOP_PHASES else self.gait.hop_lift
            self._swing((phases[air] - lift) / (land - lift), index, high, ankle=ankle, angles=angles, air=air)
        return ankle, angles, down

    def _held(self, phases: DoubleArray) -> tuple[DoubleArray, DoubleArray, DoubleArray]:
        """The foot is lifted, carried along under the pelvis, and put down at the end."""
        gait, sign = self.gait, SIDES[self.side]
        place, yaw = self.way.place(phases)
        first, last = self.lifts[0], self.lands[-1]
        u = np.clip((phases - first) / (last - first), 0.0, 1.0)
        up = ease(u * (last - first) / HELD_PHASES) * ease((1 - u) * (last - first) / HELD_PHASES)
        across, ahead = sign * gait.width, (gait.held_ahead + FEET_BEHIND) * up - FEET_BEHIND
        at = place + np.stack([np.cos(yaw), np.sin(yaw)], axis=1) * across
        at = at + np.stack([-np.sin(yaw), np.cos(yaw)], axis=1) * ahead[:, None]
        for here, stand in ((phases <= first, self.places[0]), (phases >= last, self.places[-1])):
            at[here] = stand[:2]
        near = np.minimum(ease((phases - first) / 0.6), ease((last - phases) / 0.6))
        nearest = np.where((u < 0.5)[:, None], self.places[0, :2], self.places[-1, :2])
        at = nearest + (at - nearest) * near[:, None]
        height = self.body.ankle_height + gait.held_up * up
        angles = np.column_stack([yaw - sign * gait.toe_out, -1.0 * up])
        return np.column_stack([at, height]), angles, (phases <= first) | (phases >= last)

    def _is_end(self, index: int) -> bool:
        return index in (0, len(self.places) - 1)

    def _stance_pitch(self, times: DoubleArray, phases: DoubleArray, index: int) -> DoubleArray:
        """The heel comes down, the foot is flat, the heel rises."""
        pitch = np.full(len(times), 0.0 if self._is_end(index) else self.gait.toes)
        leave, land = self._pitches(index)
        if index > 0 and len(times):
            touched = np.interp(self.lands[index], self.way.grid, self.way.times)
            pitch += (land - pitch[0]) * (1 - ease((times - touched) / HEEL_SECONDS))
        if index < len(self.places) - 1:
            since = max(self.lifts[index] - ROLL_PHASES, self.lands[index] + 0.1)
            rolled = np.clip((phases - since) / (self.lifts[index] - since), 0.0, 1.0)
            pitch += (leave - pitch) * rolled**2
        return pitch

    def _pitches(self, index: int) -> tuple[float, float]:
        """The pitch as the foot leaves place ``index``, and as it lands there: less in a short step."""
        part = [1.0, 1.0]
        if index < len(self.places) - 1:
            part[0] = self._full(index)
        if index > 0:
            part[1] = self._full(index - 1)
        return self.gait.leave * part[0], self.gait.land * part[1]

    def _full(self, index: int) -> float:
        """How full the swing from place ``index`` is: at the start and the end of a path a foot is lifted less."""
        return END_SWING if self._is_end(index) or self._is_end(index + 1) else 1.0

    def _stance_ankle(self, index: int, angles: DoubleArray) -> DoubleArray:
        """The ankle (n, 3): over its place, or behind the ball while the heel is up."""
        body, place = self.body, np.array([*self.places[index, :2], self.body.ankle_height])
        flat = np.column_stack([angles[:, 0], np.zeros(len(angles))])
        ball = place + sole_direction(body, flat) * body.sole[0]
        raised = ball - sole_direction(body, angles) * body.sole[0]
        return np.where(angles[:, 1:] < 0, raised, place)

    def _swing(
        self, u: DoubleArray, index: int, high: float, *, ankle: DoubleArray, angles: DoubleArray, air: DoubleArray
    ) -> None:
        """From leaving one place to landing at the next, over shares ``u`` (m,) of the swing."""
        gait, full, body = self.gait, self._full(index), self.body
        yaws = self.places[index : index + 2, 2]
        leave = self._pitches(index)[0]
        land = self._pitches(index + 1)[1]
        level = min(gait.toes, 0.0)
        keys = [leave, leave + (gait.swing - leave) * full, 0.5 * (land + level), land, land]
        pitch = through_keys(SWING_KEYS, np.array(keys)[:, None], u)[:, 0]
        angles[air] = np.column_stack([yaws[0] + (yaws[1] - yaws[0]) * ease(u), pitch])
        begin = self._stance_ankle(index, np.array([[yaws[0], leave]]))[0]
        end = self._stance_ankle(index + 1, np.array([[yaws[1], land]]))[0]
        path = begin + (end - begin) * ease(u)[:, None]
        path[:, 2] = begin[2] + (end[2] - begin[2]) * ease(u) + high * full * _bump(u, gait.peak)
        ball = path + sole_direction(body, angles[air]) * body.sole[0]
        path[:, 2] += np.maximum(BALL_HEIGHT * body.stature + 0.006 * _bump(u, 0.5) - ball[:, 2], 0.0)
        ankle[air] = path


def _bump(u: DoubleArray, peak: float) -> DoubleArray:
    """From 0 to 1 at ``peak`` and back to 0, level at its ends."""
    rise, fall = (2.0, 2.0 * (1 - peak) / peak) if peak < 0.5 else (2.0 * peak / (1 - peak), 2.0)
    return np.asarray((u / peak) ** rise * ((1 - u) / (1 - peak)) ** fall)
