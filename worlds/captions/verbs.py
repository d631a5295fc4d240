"""Verb phrases of every action, and their inflection.

A ``~`` stands before every verb that is inflected; ``{o}`` is the object phrase, ``{p}`` that of a second object,
``{your}`` the possessive of who acts.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from worlds.types import Action

Form = Literal["third", "base", "order", "gerund"]  # "walks", "(they) walk", "walk!", "walking"

NAMED: Final[dict[Action, tuple[str, ...]]] = {
    "walk to": (
        "~walk to {o}", "~walk over to {o}", "~go to {o}", "~go over to {o}", "~head to {o}", "~walk up to {o}",
        "~move to {o}", "~step over to {o}", "~approach {o}", "~make for {o}",
    ),
    "walk past": (
        "~walk past {o}", "~go past {o}", "~pass {o}", "~walk by {o} without stopping", "~pass by {o}",
        "~move past {o}", "~stride past {o}",
    ),
    "walk around": (
        "~walk around {o}", "~circle {o}", "~go around {o}", "~walk a circle around {o}", "~make a round of {o}",
        "~walk round {o}", "~go all the way around {o}",
    ),
    "walk between": (
        "~walk between {o} and {p}", "~pass between {o} and {p}", "~go between {o} and {p}",
        "~walk through the gap between {o} and {p}", "~move between {o} and {p}", "~cut through between {o} and {p}",
    ),
    "walk away from": (
        "~walk away from {o}", "~move away from {o}", "~go away from {o}", "~turn {your} back on {o} and ~walk off",
        "~walk off from {o}", "~head away from {o}", "~depart from {o}",
    ),
    "back away from": (
        "~back away from {o}", "~step backwards from {o}", "~walk backwards away from {o}", "~back off from {o}",
        "~retreat backwards from {o}", "~take a few steps back from {o}",
    ),
    "step over": (
        "~step over {o}", "~step across {o}", "~step right over {o}", "~lift {your} feet over {o}", "~climb over {o}",
        "~get across {o} with a big step",
    ),
    "turn to": (
        "~turn to {o}", "~turn towards {o}", "~turn to face {o}", "~turn on the spot to {o}", "~swing round to {o}",
        "~rotate towards {o}",
    ),
    "look at": (
        "~look at {o}", "~stand and ~look at {o}", "~stand still, facing {o}", "~take a look at {o}", "~gaze at {o}",
        "~stop to look at {o}", "~study {o} from a distance",
    ),
    "point at": (
        "~point at {o}", "~point to {o}", "~point a finger at {o}", "~raise an arm and ~point at {o}",
        "~stretch an arm out towards {o} to point at it", "~point towards {o}",
    ),
    "sit on": (
        "~sit on {o}", "~sit down on {o}", "~take a seat on {o}", "~go and ~sit on {o}", "~walk to {o} and ~sit down",
        "~walk over and ~sit on {o}", "~settle on {o}", "~have a seat on {o}",
    ),
    "lie on": (
        "~lie on {o}", "~lie down on {o}", "~go and ~lie down on {o}", "~walk to {o} and ~lie down",
        "~stretch out on {o}", "~walk over and ~lie on {o}",
    ),
    "stand up from": (
        "~stand up from {o}", "~get up from {o}", "~rise from {o}", "~get off {o}", "~rise from {your} seat on {o}",
        "~stand up off {o}",
    ),
    "get up from": (
        "~get up from lying on {o}", "~get up from {o} after lying there", "~rise from {o} after lying on it",
        "~lie on {o} and ~get up", "~sit up on {o}, ~get off it and ~stand up", "~stand up after lying on {o}",
    ),
    "kneel beside": (
        "~kneel beside {o}", "~kneel down beside {o}", "~kneel next to {o}", "~go down on {your} knees beside {o}",
        "~kneel down by {o}", "~drop to {your} knees next to {o}",
    ),
    "crouch beside": (
        "~crouch beside {o}", "~crouch down next to {o}", "~crouch down by {o}", "~hunker down beside {o}",
        "~duck down beside {o}", "~go into a crouch next to {o}",
    ),
    "reach for": (
        "~reach for {o}", "~reach out to {o}", "~touch {o}", "~put a hand on {o}", "~walk to {o} and ~reach for it",
        "~stretch an arm out to {o}", "~go and ~touch {o}",
    ),
    "pick up": (
        "~pick up {o}", "~lift {o} with both hands", "~take hold of {o} and ~lift it", "~lift {o} up",
        "~grab {o} and ~pick it up", "~take {o} in both hands and ~raise it",
    ),
    "put down on": (
        "~put something down on {o}", "~set something down on {o}", "~place what {they} carry on {o}",
        "~lay something on {o}", "~lower something onto {o}", "~put a load down on {o} with both hands",
    ),
    "open": (
        "~open {o}", "~pull at the handle of {o} to open it", "~take the handle of {o} and ~pull",
        "~go and ~open {o}", "~go to {o} and ~open it", "~grip the handle of {o} and ~open it",
    ),
    "knock on": (
        "~knock on {o}", "~give a knock on {o}", "~rap on {o}", "~tap on {o} with {your} knuckles", "~knock at {o}",
        "~walk up to {o} and ~knock",
    ),
    "lean on": (
        "~lean on {o}", "~lean on {o} with both hands", "~rest both hands on {o} and ~lean forward",
        "~bend forward over {o}, leaning on it", "~prop {your} weight on {o}", "~lean onto {o}",
    ),
    "wipe": (
        "~wipe {o}", "~wipe down {o}", "~wipe the top of {o} with one hand", "~clean the top of {o}",
        "~rub the top of {o}", "~run a hand over {o} to wipe it",
    ),
    "wash hands at": (
        "~wash {your} hands at {o}", "~wash both hands at {o}", "~go and ~wash {your} hands at {o}",
        "~rinse {your} hands at {o}", "~rub {your} hands clean at {o}", "~clean {your} hands at {o}",
    ),
}  # fmt: skip

# Without objects: of actions that are done to nothing, and of the others when nothing is to be named.
BARE: Final[dict[Action, tuple[str, ...]]] = {
    "walk to": ("~walk across the room", "~walk through the room", "~walk somewhere and ~stop", "~walk a few steps"),
    "walk past": ("~walk past something", "~pass something", "~go past something without stopping"),
    "walk around": ("~walk around something", "~circle something", "~walk in a circle around something"),
    "walk between": ("~walk between two things", "~pass between two things", "~walk through a gap"),
    "walk away from": ("~walk away from something", "~walk off", "~move away from something", "~turn and ~walk off"),
    "back away from": ("~back away", "~walk backwards", "~take a few steps back", "~back off from something"),
    "step over": ("~step over something", "~step across something", "~climb over something low"),
    "turn to": ("~turn to something", "~turn to face something", "~turn towards something"),
    "look at": ("~stand and ~look at something", "~look at something", "~stand still to look at something"),
    "point at": ("~point at something", "~point with one arm", "~point a finger at something"),
    "sit on": ("~sit down", "~take a seat", "~go and ~sit down", "~settle on a seat"),
    "lie on": ("~lie down", "~go and ~lie down", "~lie down flat", "~stretch out lying down"),
    "stand up from": ("~stand up", "~get up from a seat", "~rise from sitting", "~rise from a seat"),
    "get up from": ("~get up from lying", "~rise after lying down", "~stand up after lying", "~lie and ~get up"),
    "kneel beside": ("~kneel down", "~kneel", "~go down on {your} knees", "~drop to {your} knees"),
    "crouch beside": ("~crouch down", "~crouch", "~hunker down", "~duck down low"),
    "reach for": ("~reach out with one hand", "~reach for something", "~touch something", "~stretch an arm out"),
    "pick up": ("~pick something up", "~lift something with both hands", "~pick up a thing with both hands"),
    "put down on": ("~put something down", "~set something down", "~put a load down with both hands"),
    "open": ("~open something", "~pull something open", "~take a handle and ~pull"),
    "knock on": ("~knock", "~knock on something", "~rap with {your} knuckles"),
    "lean on": ("~lean on something", "~lean forward on both hands", "~rest both hands and ~lean on them"),
    "wipe": ("~wipe something", "~wipe a surface", "~wipe something clean with one hand"),
    "wash hands at": ("~wash {your} hands", "~wash both hands", "~rinse {your} hands"),
    "wave": (
        "~wave", "~wave with one hand", "~wave a hand", "~wave hello", "~raise a hand and ~wave", "~wave at someone",
    ),
    "kick": ("~kick", "~kick with one leg", "~give a kick", "~kick out into the air", "~throw a kick", "~do a kick"),
    "punch": (
        "~punch", "~throw a punch", "~punch the air", "~strike out with a fist", "~throw {your} fist forward",
        "~box into the air",
    ),
    "jump": ("~jump", "~jump up", "~jump into the air", "~leap off the floor", "~do a jump", "~hop up"),
    "dance": ("~dance", "~dance on the spot", "~do a dance", "~dance a little", "~perform a few dance moves"),
    "squat": ("~squat", "~do a squat", "~squat down and ~come up", "~bend {your} knees into a squat", "~squat low"),
    "turn around": (
        "~turn around", "~turn around on the spot", "~turn right round", "~spin around", "~turn to face the other way",
        "~turn about",
    ),
    "stretch": (
        "~stretch", "~stretch both arms overhead", "~stretch up with both arms", "~raise both arms high and ~stretch",
        "~have a stretch",
    ),
    "clap": ("~clap", "~clap {your} hands", "~applaud", "~give a round of applause", "~clap a few times"),
    "bow": ("~bow", "~take a bow", "~bow from the waist", "~make a bow", "~bend forward in a bow"),
    "march": (
        "~march on the spot", "~march in place", "~step in place with high knees", "~march without going anywhere",
        "~lift {your} knees high, marching on the spot",
    ),
    "throw": (
        "~throw something", "~throw overarm", "~make a throw", "~hurl something with one arm", "~throw a ball overarm",
        "~swing one arm over in a throw",
    ),
    "do jumping jacks": (
        "~do jumping jacks", "~do star jumps", "~perform jumping jacks", "~do some jumping jacks",
        "~jump with arms and legs swinging out and in",
    ),
    "circle the arms": (
        "~circle the arms", "~swing both arms in circles", "~make big circles with both arms", "~circle {your} arms",
        "~do arm circles", "~rotate both arms",
    ),
}  # fmt: skip

_GERUNDS: Final = {"lie": "lying"}
_DOUBLED: Final = frozenset(
    {"sit", "get", "put", "step", "stop", "cut", "clap", "squat", "grab", "drop", "spin", "swim", "rub", "grip", "rap",
     "tap", "prop", "hop", "set", "strip"}
)  # fmt: skip
_THIRD: Final = {"have": "has", "do": "does", "go": "goes"}
_POSSESSIVE: Final[dict[Form, str]] = {"third": "their", "base": "their", "order": "your", "gerund": "their"}
_PRONOUN: Final[dict[Form, str]] = {"third": "they", "base": "they", "order": "you", "gerund": "they"}


def inflected(phrase: str, form: Form) -> str:
    """A verb phrase with its marked verbs in that form; the places of the objects stay."""
    told = re.sub(r"~(\w+)", lambda match: _verb(match[1], form), phrase)
    return told.replace("{your}", _POSSESSIVE[form]).replace("{they}", _PRONOUN[form])


def _verb(verb: str, form: Form) -> str:
    return third_person(verb) if form == "third" else gerund(verb) if form == "gerund" else verb


def third_person(verb: str) -> str:
    """ "walk": "walks"."""
    if verb in _THIRD:
        return _THIRD[verb]
    return (
        verb + ("es" if verb.endswith(("ch", "sh", "ss", "x")) else "s") if not _ends_in_y(verb) else verb[:-1] + "ies"
    )


def gerund(verb: str) -> str:
    """ "walk": "walking"."""
    if verb in _GERUNDS:
        return _GERUNDS[verb]
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


def _ends_in_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2] not in "aeiou"
