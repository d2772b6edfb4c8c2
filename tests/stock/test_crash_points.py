"""reliability.md suite 1 for stock: the process ends, as by a power cut, at every step of placing,
cancelling, expiring, shipping an order and of the lapse of a hold. What was true at that moment is
looked up; then it starts again, whoever got no answer asks again, and the books must add up.
"""

import random
import time
from collections.abc import Callable

import pytest

from conftest import NewServer
from lib import books
from lib.crash_points import EXPECTED, Point, points
from lib.stage import STOCK, Scene, Stage, open_stage
from lib.waiting import wait_until

#: For how long a hold is kept where it is to lapse, in seconds: the least that can be set.
HOLD_SECONDS = 10
#: What lapses does so at once; this much may be lost to a busy machine, in seconds. Who only looks
#: now and then looks once a minute.
LATE_SECONDS_MAX = 25
#: Every place at which a process may end, with whose it is.
PLACES = [
    *(
        f"{place}@{of}"
        for place in ("db.before_commit", "db.after_commit", "relay.before_append")
        + ("relay.after_append", "relay.after_delete")
        for of in ("order", "inventory")
    ),
    *(
        f"{place}@{of}"
        for place in ("consumer.before_commit", "consumer.after_commit")
        for of in ("order", "inventory", "cart", "product")
    ),
    "log.before_commit",
    "log.after_commit",
]


@pytest.fixture(scope="module")
def stage(new_module_server: NewServer) -> Stage:
    return open_stage(new_module_server(), len(points()))


@pytest.mark.parametrize("point", points(), ids=str)
def test_wherever_it_ends_no_unit_is_lost_and_none_sold_twice(stage: Stage, point: Point) -> None:
    stage.as_ever()
    scene = Scene(stage)
    scene.prepare(point.doing)
    stage.server.kill()
    scene.let_time_pass(point.doing)
    stage.start(FAIL_POINT=point.at)
    act = scene.do(point.doing)
    if act is not None and stage.server.running:
        stage.try_to(act)
    stage.ended()
    assert scene.seen() in point.seen
    stage.start()
    if act is not None:
        assert stage.insist(act).status < 300
    wait_until(lambda: scene.seen() == EXPECTED[point.doing], f"{point.doing} is done", every=0.05)
    book = books.check_at_rest(stage.layout)[scene.product["id"]]
    assert book.total == STOCK - book.confirmed


@pytest.mark.slow
def test_what_nobody_asks_for_again_is_free_after_the_seconds_of_its_hold(
    new_server: NewServer,
) -> None:
    stage = open_stage(new_server(), 3)
    scenes, began = [Scene(stage) for _ in range(3)], time.monotonic()
    for scene, at in zip(
        scenes,
        ("db.after_commit@inventory", "db.before_commit@order", "db.before_commit@order"),
        strict=True,
    ):
        stage.as_ever()
        scene.prepare("place")
        stage.server.kill()
        stage.start(FAIL_POINT=at, INVENTORY_RESERVATION_TTL_SECONDS=str(HOLD_SECONDS))
        stage.try_to(scene.ask_for_order)
        stage.ended()
        assert scene.seen() == (1, 0, 0, "")
    stage.start(INVENTORY_RESERVATION_TTL_SECONDS=str(HOLD_SECONDS))
    wait_until(
        lambda: all(scene.seen() == (0, 0, 0, "") for scene in scenes),
        "all holds have lapsed",
        HOLD_SECONDS + LATE_SECONDS_MAX,
        0.1,
    )
    print(f"three holds without orders, free {time.monotonic() - began:.1f} s after the first")
    books.check_at_rest(stage.layout)
    # Late is not too late: the same request is an order, and one only.
    order = scenes[0].ask_for_order().expect(201)
    assert scenes[0].ask_for_order().expect(201) == order
    wait_until(lambda: scenes[0].seen() == (0, 1, 0, "pending"), "the unit is the order's")
    books.check_at_rest(stage.layout)


@pytest.mark.slow
def test_it_may_end_at_each_passing_of_each_place_while_orders_live(
    new_server: NewServer, size: Callable[[int, int], int], seed: int
) -> None:
    """On every change a place of chance, and its first passings."""
    stage = open_stage(new_server(), 2_000)
    for place in random.Random(seed).sample(PLACES, size(1, len(PLACES))):
        passings = 0
        while passings < size(2, 99) and ends_at(stage, place, passings + 1):
            passings += 1
        print(f"{place}: ended at each of {passings} passings")
        assert 0 < passings < 99, place


def ends_at(stage: Stage, place: str, passing: int) -> bool:
    """Two orders live, one is shipped, one cancelled. Whether the process ended at that passing."""
    stage.as_ever()
    scenes = {Scene(stage): "ship", Scene(stage): "cancel"}
    for scene in scenes:
        scene.prepare("place")
    stage.server.kill()
    stage.start(FAIL_POINT=f"{place}:{passing}")
    for scene, end in scenes.items():
        scene.order = stage.carry_through(scene.ask_for_order).expect(201)
        if end == "ship":
            stage.carry_through(lambda s=scene: s.become("paid")).expect(200)
        stage.carry_through(scene.do(end)).expect(200)
    wait_until(
        lambda: not stage.revive()
        and all(scene.seen() == EXPECTED[end] for scene, end in scenes.items())
        and stage.layout.is_quiet(),
        "both orders have ended, and that is told",
        every=0.05,
    )
    books.check_at_rest(stage.layout)
    return stage.settings == {}
