"""Every action of the generator. To add one, write its module and put its `ActionSpec` at the end of the list below.

The order is part of what a seed gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from monster.errors import InputError
from worlds.actions.carrying.pick_up import PICK_UP
from worlds.actions.carrying.put_down_on import PUT_DOWN_ON
from worlds.actions.facing.look_at import LOOK_AT
from worlds.actions.facing.point_at import POINT_AT
from worlds.actions.facing.turn_to import TURN_TO
from worlds.actions.free.bow import BOW
from worlds.actions.free.box import BOX
from worlds.actions.free.circle_the_arms import CIRCLE_THE_ARMS
from worlds.actions.free.clap import CLAP
from worlds.actions.free.cross_arms import CROSS_ARMS, LOOK_AROUND
from worlds.actions.free.dance import DANCE
from worlds.actions.free.do_jumping_jacks import DO_JUMPING_JACKS
from worlds.actions.free.hand_to_head import DRINK, EAT, PHONE, SALUTE, SCRATCH_HEAD
from worlds.actions.free.jump import JUMP
from worlds.actions.free.jump_forward import JUMP_FORWARD
from worlds.actions.free.kick import KICK
from worlds.actions.free.march import MARCH
from worlds.actions.free.one_leg import BALANCE, LIFT_LEG
from worlds.actions.free.punch import PUNCH
from worlds.actions.free.raise_arms import RAISE_BOTH_ARMS, RAISE_LEFT_ARM, RAISE_RIGHT_ARM
from worlds.actions.free.squat import SQUAT
from worlds.actions.free.stretch import STRETCH
from worlds.actions.free.swing_bat import SWING_BAT
from worlds.actions.free.throw import THROW
from worlds.actions.free.turn_around import TURN_AROUND
from worlds.actions.free.wave import WAVE
from worlds.actions.gaits.hop import HOP_LEFT, HOP_RIGHT, SKIP
from worlds.actions.gaits.limp import LIMP_LEFT, LIMP_RIGHT
from worlds.actions.gaits.run import JOGGING_ACTION, RUNNING
from worlds.actions.gaits.run_on_the_spot import RUN_ON_THE_SPOT
from worlds.actions.gaits.sneak import SNEAK
from worlds.actions.gaits.stagger import STAGGER
from worlds.actions.gaits.step_aside import STEP_LEFT, STEP_RIGHT
from worlds.actions.gaits.turn_aside import TURN_LEFT, TURN_RIGHT
from worlds.actions.gaits.walk import TIPTOE, WALK_ABOUT, WALK_BACKWARD, WALK_IN_A_CIRCLE
from worlds.actions.hands.knock_on import KNOCK_ON
from worlds.actions.hands.open_object import OPEN
from worlds.actions.hands.reach_for import REACH_FOR
from worlds.actions.kneeling.crouch_beside import CROUCH_BESIDE
from worlds.actions.kneeling.kneel_beside import KNEEL_BESIDE
from worlds.actions.on_floor.crawl import CRAWL
from worlds.actions.on_floor.fall import FALL_DOWN, LIE_ON_FLOOR
from worlds.actions.on_floor.sit import GET_UP_FROM_FLOOR, SIT_ON_FLOOR
from worlds.actions.passing.step_over import STEP_OVER
from worlds.actions.passing.walk_around import WALK_AROUND
from worlds.actions.passing.walk_between import WALK_BETWEEN
from worlds.actions.passing.walk_past import WALK_PAST
from worlds.actions.seats.lie_on import GET_UP_FROM, LIE_ON
from worlds.actions.seats.sit_on import SIT_ON, STAND_UP_FROM
from worlds.actions.spec import ActionSpec
from worlds.actions.surfaces.climb_onto import CLIMB_ONTO
from worlds.actions.surfaces.lean_on import LEAN_ON
from worlds.actions.surfaces.wash_hands_at import WASH_HANDS_AT
from worlds.actions.surfaces.wipe import WIPE
from worlds.actions.walking.back_away_from import BACK_AWAY_FROM
from worlds.actions.walking.walk_away_from import WALK_AWAY_FROM
from worlds.actions.walking.walk_to import WALK_TO
from worlds.types import ActionName


class ActionRegistry:
    """Actions by name, in the order of registration: ``registry[name]``; iterating gives the records."""

    def __init__(self, specs: Iterable[ActionSpec] = ()) -> None:
        self._specs: dict[str, ActionSpec] = {}
        for spec in specs:
            self.register(spec)

    def __getitem__(self, name: str) -> ActionSpec:
        """The action of that name. Raises InputError if there is none."""
        if name not in self._specs:
            raise InputError(f"expected the name of an action, got {name!r}; known are {', '.join(self._specs)}")
        return self._specs[name]

    def __contains__(self, name: object) -> bool:
        return name in self._specs

    def __iter__(self) -> Iterator[ActionSpec]:
        return iter(self._specs.values())

    def __len__(self) -> int:
        return len(self._specs)

    @property
    def names(self) -> tuple[ActionName, ...]:
        """The names of all actions."""
        return tuple(spec.name for spec in self)

    def register(self, spec: ActionSpec) -> None:
        """Add an action. Raises InputError if its name is taken."""
        if spec.name in self._specs:
            raise InputError(f"duplicate action {spec.name!r}")
        self._specs[spec.name] = spec

    @contextmanager
    def including(self, *specs: ActionSpec) -> Iterator[None]:
        """Register actions for the length of a ``with`` block."""
        known = dict(self._specs)
        try:
            for spec in specs:
                self.register(spec)
            yield
        finally:
            self._specs = known


ACTIONS: Final = ActionRegistry(
    (
        WALK_TO,
        WALK_AWAY_FROM,
        BACK_AWAY_FROM,
        TURN_TO,
        LOOK_AT,
        WALK_PAST,
        WALK_AROUND,
        WALK_BETWEEN,
        STEP_OVER,
        SIT_ON,
        LIE_ON,
        STAND_UP_FROM,
        GET_UP_FROM,
        KNEEL_BESIDE,
        CROUCH_BESIDE,
        REACH_FOR,
        POINT_AT,
        OPEN,
        KNOCK_ON,
        PICK_UP,
        PUT_DOWN_ON,
        LEAN_ON,
        WIPE,
        WASH_HANDS_AT,
        WAVE,
        KICK,
        PUNCH,
        JUMP,
        DANCE,
        SQUAT,
        TURN_AROUND,
        STRETCH,
        CLAP,
        BOW,
        MARCH,
        THROW,
        DO_JUMPING_JACKS,
        CIRCLE_THE_ARMS,
        RUNNING,
        JOGGING_ACTION,
        WALK_ABOUT,
        WALK_BACKWARD,
        TIPTOE,
        WALK_IN_A_CIRCLE,
        STEP_LEFT,
        STEP_RIGHT,
        TURN_LEFT,
        TURN_RIGHT,
        SNEAK,
        LIMP_LEFT,
        LIMP_RIGHT,
        HOP_LEFT,
        HOP_RIGHT,
        SKIP,
        STAGGER,
        RUN_ON_THE_SPOT,
        CRAWL,
        SIT_ON_FLOOR,
        GET_UP_FROM_FLOOR,
        BOX,
        RAISE_LEFT_ARM,
        RAISE_RIGHT_ARM,
        RAISE_BOTH_ARMS,
        DRINK,
        EAT,
        PHONE,
        SCRATCH_HEAD,
        SALUTE,
        JUMP_FORWARD,
        BALANCE,
        LIFT_LEG,
        SWING_BAT,
        CROSS_ARMS,
        LOOK_AROUND,
        FALL_DOWN,
        LIE_ON_FLOOR,
        CLIMB_ONTO,
    )
)
