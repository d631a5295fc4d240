"""The sentence patterns' texts, by style and count of deeds; what the slots mean is said in `patterns`.

Patterns keep their numbers: new ones are appended to the list of their style and of their count of deeds.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Style = Literal["third", "order", "terse", "long", "bare", "plain"]
STYLES: Final[tuple[Style, ...]] = get_args(Style)

SKELETONS: Final[dict[tuple[Style, int], str]] = {
    ("third", 1): """
        {s} {a1}
        {s} {a1} {pace}
        {s} {slow} {a1}
        {s} {a1}, {turn}
        {s} {a1} {pace}, {turn}
        in the {room}, {s} {a1}
        inside {aroom}, {s} {a1}
        {s} in {aroom} {a1}
        {s} is {g1}
        {s} is {slow} {g1}
        {s} can be seen {g1}
        here {s} {a1}
        we see {s} {g1}
        we see {s} {g1}, {turn}
        there is a person {g1}
        in the {room} there is a person {g1}
        {pace}, {s} {a1}
        moving at a {adj} pace, {s} {a1}
        {s}, in {aroom}, {a1} {pace}
        this shows {s} {g1}
        what {s} does is {b1}
        one can see how {s} {a1}
        it is {aroom} in which {s} {a1}
        {s} moves {pace} and {a1}
        {turn}, {s} {a1}
        """,
    ("third", 2): """
        {s} {a1} and then {a2}
        {s} {a1}, then {a2}
        {s} {a1} and after that {a2}
        {s} {a1} and {a2}
        {s} first {a1}, then {a2}
        {s} {a1} before {g2}
        after {g1}, {s} {a2}
        having started by {g1}, {s} then {a2}
        {s} {slow} {a1} and then {a2}
        {s} {a1} {pace}, then {a2}
        {s} {a1}, {turn}, and then {a2}
        in the {room}, {s} {a1} and then {a2}
        inside {aroom}, {s} {a1}, then {a2}
        {s} is {g1} and then {g2}
        {s} begins by {g1} and ends by {g2}
        {s} starts off by {g1} and goes on to {b2}
        we see {s} {g1} and then {g2}
        there is a person who {a1} and then {a2}
        {s} {a1}; afterwards {s2} {a2}
        {s} {a1}, after which {s2} {a2}
        {s} {a1}, followed by {g2}
        once done {g1}, {s} {a2}
        at a {adj} pace, {s} {a1} and then {a2}
        {s} in {aroom} {a1}, and next {a2}
        {s} {a1}, only to {b2} afterwards
        {s} {a1}. then {s2} {a2}.
        {s} does two things: {s2} {a1} and then {a2}
        {s} ends by {g2}, after {g1}
        """,
    ("third", 3): """
        {s} {a1}, then {a2} and finally {a3}
        {s} {a1}, {a2} and then {a3}
        {s} first {a1}, then {a2}, and at last {a3}
        {s} {a1}, after that {a2}, and in the end {a3}
        {s} {a1} and {a2} before {g3}
        after {g1}, {s} {a2} and then {a3}
        {s} {a1}; next {s2} {a2}, and then {a3}
        {s} begins by {g1}, goes on to {b2} and ends by {g3}
        in the {room}, {s} {a1}, then {a2}, then {a3}
        {s} {slow} {a1}, then {a2}, and then {a3}
        {s} does three things: {s2} {a1}, then {a2}, then {a3}
        we see {s} {g1}, then {g2}, and finally {g3}
        {s} {a1}, followed by {g2} and {g3}
        {s} {a1}, and once that is done {s2} {a2} and then {a3}
        """,
    ("order", 1): """
        {i1}
        {i1} {pace}
        please {i1}
        now {i1}
        {slow} {i1}
        in the {room}, {i1}
        go ahead and {i1}
        you should {i1}
        {i1}, {turn}
        take your time and {i1}, moving {pace}
        your task is to {i1}
        the task in the {room}: {i1}
        try to {i1}
        at a {adj} pace, {i1}
        i want you to {i1}
        could you {i1}?
        make the character {b1}
        have the person in the {room} {b1}
        let them {b1}
        """,
    ("order", 2): """
        {i1} and then {i2}
        {i1}, then {i2}
        {i1}, and after that {i2}
        first {i1}, then {i2}
        {i1} and {i2}
        {i1} before {g2}
        after {g1}, {i2}
        please {i1} and then {i2}
        now {i1}, then {i2}
        {slow} {i1} and then {i2}
        {i1} {pace}, then {i2}
        {i1}, {turn}, and then {i2}
        in the {room}, {i1}, then {i2}
        start by {g1}, then {i2}
        begin by {g1}, and end by {g2}
        step one: {i1}. step two: {i2}.
        {i1}. then {i2}.
        you should first {i1} and then {i2}
        i want you to {i1}, and next to {i2}
        make the character {b1} and then {b2}
        when you are done {g1}, {i2}
        could you {i1} and then {i2}?
        your task is to {i1}, then to {i2}
        """,
    ("order", 3): """
        {i1}, then {i2}, then {i3}
        {i1}, {i2} and then {i3}
        first {i1}, then {i2}, and finally {i3}
        {i1}. then {i2}. in the end {i3}.
        start by {g1}, go on to {i2} and finish by {g3}
        please {i1}, then {i2}, and then {i3}
        step one: {i1}. step two: {i2}. step three: {i3}.
        after {g1}, {i2} and then {i3}
        in the {room}, {i1}, after that {i2}, and then {i3}
        {slow} {i1}, then {i2}, and last of all {i3}
        your task is to {i1}, then to {i2}, then to {i3}
        make the character {b1}, then {b2}, then {b3}
        """,
    ("terse", 1): """
        {g1}
        {g1} {pace}
        {slow} {g1}
        {g1}, {turn}
        {room}: {g1}
        {g1} at a {adj} pace
        shown: {g1}
        someone {g1}
        motion: {g1}
        a clip of someone {g1}
        {g1} - {adj}
        {adj} motion: {g1}
        scene: {room}; action: {g1}
        person {g1}, {pace}
        somebody in {aroom}, {g1}
        """,
    ("terse", 2): """
        {g1}, then {g2}
        {g1} then {g2}
        {g1} and then {g2}
        {g1}, {g2}
        first {g1}, then {g2}
        {g1} before {g2}
        {g1}, followed by {g2}
        {slow} {g1}, then {g2}
        {g1} {pace}, then {g2}
        {room}: {g1}, then {g2}
        someone {g1} and then {g2}
        {g1}, afterwards {g2}
        {g1}, next {g2}
        motion: {g1}, then {g2}
        a clip of someone {g1} and then {g2}
        from {g1} to {g2}
        (1) {g1} (2) {g2}
        """,
    ("terse", 3): """
        {g1}, then {g2}, then {g3}
        {g1}, {g2}, {g3}
        {g1}, {g2} and then {g3}
        first {g1}, then {g2}, finally {g3}
        {g1}, followed by {g2} and {g3}
        {room}: {g1}, then {g2}, then {g3}
        {slow} {g1}, then {g2}, then {g3}
        someone {g1}, then {g2}, then {g3}
        (1) {g1} (2) {g2} (3) {g3}
        a clip of someone {g1}, then {g2} and then {g3}
        """,
    ("long", 1): """
        in the {room} there is a person. they {b1}.
        in the {room} there is a person, and we watch how they {b1}
        {s} is in {aroom}, and what {s2} does there is {b1}
        the scene is {aroom}. {s} {a1}.
        the scene shows {s}, and what we see is that {s2} {a1}
        we are looking at {aroom}; in it, {s} {a1}
        here we see {s} moving about. {s2} {a1}.
        {s} moves {pace} through the {room}. {s2} {a1}.
        {s} can be seen in the {room}, where {s2} {a1}
        when we look into the {room}, {s} is {g1}
        the clip takes place in {aroom}, and in it {s} {a1}
        this clip is of {s}. it shows them {g1}.
        as the clip starts, {s} is about to move; {s2} then {a1}
        somebody has recorded {s}, and in the recording {s2} {a1}
        {s}, whom we see in {aroom}, {a1}, and does so {pace}
        it happens in {aroom}: {s} {a1}, moving at a {adj} pace
        on the way {s} is {turn}. {s2} {a1}.
        take a look at {s} in this clip, who {a1}
        """,
    ("long", 2): """
        in the {room} there is a person. they {b1}, and then they {b2}.
        in the {room}, {s} {a1}, and once that is done, {s2} {a2}
        the scene is {aroom}. {s} {a1} and then {a2}.
        {s} has two things to do: the first is to {b1}, the second is to {b2}
        first of all {s} {a1}. when that is over, {s2} {a2}.
        {s} {a1}. a moment later {s2} {a2}.
        {s} {a1}, and it is only after this that {s2} {a2}
        the clip starts with {s} {g1}, and it ends with {s3} {g2}
        the clip takes place in {aroom}: at first {s} {a1}, later {s2} {a2}
        to begin with, {s} {a1}, moving {pace}; the next thing is {g2}
        {s} is in {aroom}. {s2} {a1}. after that {s2} {a2}.
        what happens first is that {s} {a1}; what happens next is that {s2} {a2}
        before {s} {a2}, {s2} {a1}
        by the time {s} {a2}, the part in which {s2} {a1} is over
        {s} {a2}, but not before {s2} {a1}
        here we see {s} {g1}. as soon as that is done, {s2} {a2}.
        {s} moves about at a {adj} pace: {s2} {a1}, and later on {a2}
        when we look into the {room}, {s} is {g1}; a little later {s2} {a2}
        there are two parts to this clip: in the first {s} {a1}, in the second {s2} {a2}
        {s} starts with {g1}, and when that is finished, the next thing is {g2}
        we watch {s} {b1}, and then we watch {s3} {b2}
        """,
    ("long", 3): """
        in the {room} there is a person. they {b1}, then they {b2}, and finally they {b3}.
        in the {room}, {s} {a1}, and once that is done, {s2} {a2} and then {a3}
        first of all {s} {a1}. after that {s2} {a2}. at the end {s2} {a3}.
        {s} has three things to do: to {b1}, then to {b2}, and last to {b3}
        {s} {a1}. a moment later {s2} {a2}. then {s2} {a3}.
        the clip starts with {s} {g1}, goes on with {g2}, and ends with {g3}
        the scene is {aroom}. {s} {a1}, then {a2}, then {a3}.
        there are three parts to this clip: first {s} {a1}, then {s2} {a2}, and finally {s2} {a3}
        what happens first is that {s} {a1}; then {s2} {a2}, and the last thing is {g3}
        before {g3} at the end, {s} {a1} and then {a2}
        to begin with, {s} {a1}; the next thing is {g2}, and the one after it is {g3}
        we watch {s} {b1}, then {b2}, and in the end {b3}
        """,
    ("bare", 1): """
        {s} {a1}
        {s} {a1} {pace}
        {s} {slow} {a1}
        {s} is {g1}
        {i1}
        {g1}
        {s} {a1}, {turn}
        this is someone {g1}
        the motion is this: {s} {a1}
        a body in motion: {g1}
        a short clip: {g1}
        one sees {s} {g1}
        the person is shown {g1} {pace}
        somewhere, {s} {a1}
        what we see is a person who {a1}
        they {b1}
        """,
    ("bare", 2): """
        {s} {a1} and then {a2}
        {s} {a1}, then {a2}
        {i1}, then {i2}
        {g1} and then {g2}
        after {g1}, {s} {a2}
        {s} {a1} before {g2}
        they {b1} and then {b2}
        the motion is this: {s} {a1} and then {a2}
        a body in motion: {g1}, then {g2}
        the person is shown {g1} and then {g2}
        somewhere, {s} {a1} and then {a2}
        {s} {a1} {pace} and then {a2}
        two moves: {g1} and {g2}
        what we see is a person who {a1} and then {a2}
        """,
    ("bare", 3): """
        {s} {a1}, then {a2}, then {a3}
        {i1}, then {i2}, then {i3}
        {g1}, then {g2} and then {g3}
        they {b1}, then {b2}, then {b3}
        the motion is this: {s} {a1}, then {a2}, then {a3}
        a body in motion: {g1}, then {g2}, then {g3}
        somewhere, {s} {a1}, then {a2}, then {a3}
        three moves: {g1}, {g2} and {g3}
        after {g1} and {g2}, {s} {a3}
        """,
    ("plain", 1): """
        {s} {a1}
        {s} {a1}.
        {s} is {g1}
        {s} is {g1}.
        {s} {a1} {pace}
        {s} {slow} {a1}
        {s} starts to {b1}
        {s} is {slow} {g1}
        {s} is {g1} {pace}.
        a person {g1}
        {s} {a1}, {turn}
        {s} is {g1}, {turn}
        {s} seems to be {g1}
        {s} {slow} {a1}.
        {s} is shown {g1}
        {s} begins to {b1}.
        a person who {a1}
        a person {g1} {pace}
        """,
    ("plain", 2): """
        {s} {a1} and {a2}
        {s} {a1} and {a2}.
        {s} {a1} and then {a2}
        {s} {a1} and then {a2}.
        {s} {a1}, then {a2}
        {s} {a1} then {a2}
        {s} is {g1} and then {a2}
        {s} {a1} before {g2}
        {s} {a1}. {s2} then {a2}.
        after {g1}, {s} {a2}
        {s} starts by {g1} and then {a2}
        {s} {slow} {a1} and then {a2}
        {s} {a1} {pace} and {a2}
        {s} {a1} {pace}, then {a2}.
        {s} first {a1} and then {a2}.
        a person {g1} and then {g2}
        {s} {a1}, and {s2} {a2}.
        """,
    ("plain", 3): """
        {s} {a1}, {a2} and {a3}
        {s} {a1}, {a2} and then {a3}.
        {s} {a1}, then {a2} and then {a3}
        {s} {a1} then {a2} then {a3}
        {s} {a1} and {a2}, then {a3}
        {s} {a1}, then {a2}. finally {s2} {a3}.
        {s} is {g1}, then {a2} and {a3}.
        {s} {slow} {a1}, then {a2} and {a3}
        {s} {a1} and then {a2} and {a3}.
        """,
}
