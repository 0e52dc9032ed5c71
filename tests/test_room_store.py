"""Rooms in their file: who sits where, what is kept and for how long, and what a new group and its undo do."""

import csv
import io
import json
import re
import zipfile

import pytest

from pushpull.dashboard.i18n.texts import language
from pushpull.dashboard.room import codes, phone_seats, presenter_calls, room_file, room_making
from pushpull.dashboard.room.room_store import LETTERS_OF_A_ROOM, RoomFault, RoomFile, table_of
from pushpull.dashboard.room.room_values import SlipFault
from pushpull.dashboard.state.state import State
from tests.test_room_slips import slip

WHY = slip("why")


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def rooms(tmp_path, clock):
    file = RoomFile(tmp_path / "state" / "rooms.sqlite", clock)
    yield file
    file.close()


@pytest.fixture
def code(rooms):
    code, _ = room_making.make(rooms)
    return code


def sit(rooms, code):
    seat, token = phone_seats.join(rooms, code, None)
    return seat.number, token


def put(rooms, code, asked=WHY, phase="open", reveal=None, link=""):
    presenter_calls.put(rooms, code, asked, phase, reveal or {}, link)


def seen(rooms, code, *told):
    return json.loads(presenter_calls.seen(rooms, code, *told).text)


def refused(act, *given):
    with pytest.raises(RoomFault) as fault:
        act(*given)
    return fault.value.status, fault.value.key


def test_codes_have_no_letters_that_look_alike_and_are_read_however_they_are_typed():
    made = {codes.new_code() for _ in range(500)}
    assert len(made) == 500 and all(
        len(each) == 6 and not set(each) & set("01OIL5SZ8BGAEU") - set("8") for each in made
    )
    assert codes.code_of(" vk6-r8v ") == codes.code_of("VK6 R8V") == "VK6R8V"
    assert codes.code_of("VK6R8O") is None and codes.code_of("../../etc") is None and codes.code_of("") is None


def test_nothing_in_the_file_gives_a_secret_away(rooms, code):
    _, secret = room_making.make(rooms)
    _, token = sit(rooms, code)
    rooms.close()
    held = b"".join(path.read_bytes() for path in rooms.file.parent.iterdir())
    assert code.encode() in held and secret.encode() not in held and token.encode() not in held


def test_a_room_outlives_its_server(rooms, code, clock):
    number, token = sit(rooms, code)
    put(rooms, code)
    phone_seats.answer(rooms, code, token, WHY["id"], 1, "Routes move.")
    before = seen(rooms, code)
    again = RoomFile(rooms.file, clock)  # beside one that never closed, as after a kill
    assert seen(again, code) == before and before["answers"] == [{"seat": 1, "value": "Routes move.", "hidden": False}]
    assert phone_seats.join(again, code, token)[0].number == number
    phone_seats.answer(again, code, token, WHY["id"], 1, "No, they close.")
    assert seen(rooms, code)["answers"][0]["value"] == "No, they close."
    again.close()


def test_a_seat_has_one_answer_to_a_slip_and_only_while_it_is_open(rooms, code):
    (_, one), (_, other) = sit(rooms, code), sit(rooms, code)
    assert refused(phone_seats.answer, rooms, code, one, WHY["id"], 1, "early") == (409, "not_open")
    put(rooms, code)
    for text in ("first", "second"):
        phone_seats.answer(rooms, code, one, WHY["id"], 1, text)
    assert refused(phone_seats.answer, rooms, code, one, "another", 1, "x") == (409, "not_open")
    assert refused(phone_seats.answer, rooms, code, one, WHY["id"], 2, "x") == (409, "not_open")
    assert refused(phone_seats.answer, rooms, code, codes.new_secret(), WHY["id"], 1, "x") == (403, "no_seat")
    assert refused(phone_seats.answer, rooms, code, None, WHY["id"], 1, "x") == (403, "no_seat")
    for phase in ("closed", "half", "revealed", "waiting"):
        put(rooms, code, phase=phase)
        assert refused(phone_seats.answer, rooms, code, other, WHY["id"], 1, "late") == (409, "not_open")
    assert [each["value"] for each in seen(rooms, code)["answers"]] == ["second"]
    put(rooms, code, {**WHY, "round": 2})
    assert seen(rooms, code)["answers"] == []
    put(rooms, code)  # back to the first round
    assert [each["value"] for each in seen(rooms, code)["answers"]] == ["second"]


def test_the_presenter_hears_which_rounds_the_group_has_answered(rooms, code):
    _, token = sit(rooms, code)
    for round_ in (1, 2, 3):
        put(rooms, code, {**WHY, "round": round_})
        if round_ < 3:
            phone_seats.answer(rooms, code, token, WHY["id"], round_, "Routes move.")
    put(rooms, code, slip("count"))
    assert seen(rooms, code)["rounds"] == {WHY["id"]: 2}
    presenter_calls.new_group(rooms, code)
    assert seen(rooms, code)["rounds"] == {}


def test_the_presenter_hears_what_is_new_and_all_of_another_question(rooms, code):
    _, token = sit(rooms, code)
    _, other = sit(rooms, code)
    put(rooms, code)
    phone_seats.answer(rooms, code, token, WHY["id"], 1, "a")
    first = presenter_calls.seen(rooms, code)
    phone_seats.answer(rooms, code, other, WHY["id"], 1, "b")
    then = seen(rooms, code, first.of, first.change)
    assert json.loads(first.text)["fresh"] and not then["fresh"] and [each["seat"] for each in then["answers"]] == [2]
    presenter_calls.hide(rooms, code, 1, True)
    hidden = seen(rooms, code, first.of, first.change)["answers"][0]
    assert hidden == {"seat": 1, "value": "a", "hidden": True}
    phone_seats.answer(rooms, code, token, WHY["id"], 1, "a ruder one")
    assert seen(rooms, code)["answers"][0]["hidden"]
    put(rooms, code, slip("count"))
    assert seen(rooms, code, first.of, first.change)["fresh"]


def test_a_new_group_begins_with_nothing_and_one_undo_brings_the_group_before_back(rooms, code):
    _, token = sit(rooms, code)
    put(rooms, code)
    phone_seats.answer(rooms, code, token, WHY["id"], 1, "a")
    before = seen(rooms, code)
    presenter_calls.new_group(rooms, code)
    now = seen(rooms, code)
    assert (now["seats"], now["slip_id"], now["phase"], now["answers"]) == (0, None, "waiting", []) and now["can_undo"]
    assert phone_seats.seat_of(rooms, code, token) is None
    assert refused(phone_seats.join, rooms, code, token) == (409, "new_group")  # a phone in a pocket takes no seat
    assert phone_seats.join(rooms, code, token, True)[0].number == 1
    presenter_calls.undo(rooms, code)
    after = seen(rooms, code)
    assert after == {**before, "can_undo": False} and phone_seats.seat_of(rooms, code, token).number == 1
    assert refused(presenter_calls.undo, rooms, code) == (409, "nothing_to_undo")


def test_a_phone_takes_a_role_of_the_proposal_that_lies_on_the_table(rooms, code):
    _, token = sit(rooms, code)
    assert refused(phone_seats.choose_role, rooms, code, token, "interior") == (400, "not_taken")
    put(rooms, code, slip("proposal"))
    assert refused(phone_seats.choose_role, rooms, code, token, "king") == (400, "not_taken")
    phone_seats.choose_role(rooms, code, token, "interior")
    assert phone_seats.seat_of(rooms, code, token).role == "interior" and seen(rooms, code)["roles"] == {"interior": 1}


def test_a_room_ends_at_a_word_or_after_a_day_and_leaves_nothing(rooms, clock):
    codes_ = [room_making.make(rooms)[0] for _ in range(2)]
    for each in codes_:
        _, token = sit(rooms, each)
        put(rooms, each)
        phone_seats.answer(rooms, each, token, WHY["id"], 1, "a telling text")
    room_making.end(rooms, codes_[0])
    clock.now += 86_401
    room_making.changes(rooms, codes_[:1])
    assert table_of(rooms, codes_[0]).ended and not table_of(rooms, codes_[1]).ended
    room_making.changes(rooms, codes_)
    for each in codes_:
        assert table_of(rooms, each).ended and refused(phone_seats.join, rooms, each, None) == (410, "ended")
        assert presenter_calls.seen(rooms, each) is None
    assert not room_making.any_open(rooms)
    room_making.tidy(rooms)
    assert refused(table_of, rooms, codes_[0]) == (404, "no_room")
    rooms.close()
    assert not any(b"a telling text" in path.read_bytes() for path in rooms.file.parent.iterdir())


def test_a_secret_leads_its_own_room_and_no_other(rooms, code):
    other, secret = room_making.make(rooms)
    assert room_making.is_presenter(rooms, other, secret)
    for wrong in (None, "", "x" * 32, secret[:-1], secret.swapcase(), f"{secret} "):
        assert not room_making.is_presenter(rooms, other, wrong)
    assert not room_making.is_presenter(rooms, code, secret)
    room_making.end(rooms, other)
    assert not room_making.is_presenter(rooms, other, secret) and not room_making.is_presenter(rooms, other, "")


def test_rooms_seats_questions_and_their_size_are_bounded(rooms, code, monkeypatch):
    monkeypatch.setattr(phone_seats, "MOST_SEATS", 2)
    for _ in range(2):
        number, _ = sit(rooms, code)
        phone_seats.came(rooms, code, phone_seats.Seat(number))
    assert refused(sit, rooms, code) == (503, "full")
    monkeypatch.setattr(presenter_calls, "MOST_SLIPS", 1)
    put(rooms, code)
    assert refused(put, rooms, code, slip("count")) == (413, "too_many_slips")
    monkeypatch.setattr(presenter_calls, "MOST_GROUPS", 1)
    assert refused(presenter_calls.new_group, rooms, code) == (413, "too_many_groups")
    monkeypatch.setattr(room_making, "MOST_ROOMS", 1)
    assert refused(room_making.make, rooms) == (503, "too_many_rooms")
    room_making.end(rooms, code)
    assert room_making.make(rooms)[0] != code


def test_seats_that_were_taken_and_never_used_go_to_those_who_come(rooms, code, monkeypatch):
    monkeypatch.setattr(phone_seats, "MOST_SEATS", 4)
    (listens, one), (answers, other) = sit(rooms, code), sit(rooms, code)
    phone_seats.came(rooms, code, phone_seats.Seat(listens))
    put(rooms, code)
    phone_seats.answer(rooms, code, other, WHY["id"], 1, "Because")
    taken = [sit(rooms, code) for _ in range(9)]
    assert seen(rooms, code)["seats"] == 4
    there = [phone_seats.seat_of(rooms, code, token) is not None for _, token in taken]
    assert there == [False] * 7 + [True] * 2
    assert [phone_seats.seat_of(rooms, code, token).number for token in (one, other)] == [listens, answers]


def test_a_room_that_holds_as_much_as_it_may_takes_no_more(rooms, code):
    _, token = sit(rooms, code)
    put(rooms, code)
    with rooms.writing() as base:
        base.execute("update rooms set letters = ?", (LETTERS_OF_A_ROOM,))
    assert refused(phone_seats.answer, rooms, code, token, WHY["id"], 1, "a") == (413, "room_is_full")


def test_another_question_under_a_name_that_has_answers_is_refused(rooms, code):
    _, token = sit(rooms, code)
    put(rooms, code)
    phone_seats.answer(rooms, code, token, WHY["id"], 1, "a")
    assert refused(put, rooms, code, {**slip("count"), "id": WHY["id"]}) == (409, "other_slip")
    put(rooms, code, {**WHY, "title": {"en": "Better said", "fr": "Mieux dit"}})
    with pytest.raises(SlipFault):
        phone_seats.answer(rooms, code, token, WHY["id"], 1, "")


@pytest.mark.parametrize("words, separator", [("en", ","), ("fr", ";")])
def test_everything_is_taken_away_as_one_file(rooms, code, words, separator):
    values = {
        "direction": "up", "amount": 12.5, "line": [1, 2.5, 3], "rank": ["down", "up"], "why": "=1+1",
        "proposal": {"role": "interior", "values": {"patrols": 2.5}, "why": "more"},
    }  # fmt: skip
    _, token = sit(rooms, code)
    page = State.opening("g8_2001").with_package("punitive")
    page = page.keeping(page.with_package("balanced").scenario)
    links = [page.link] * 4 + ["of a corridor that is gone", page.with_package("remedial").link]
    for (kind, value), link in zip(values.items(), links, strict=True):
        asked = slip(kind)
        put(rooms, code, asked, reveal={"after": {"en": "so", "fr": "ainsi"}}, link=link)
        phone_seats.answer(rooms, code, token, asked["id"], 1, value)
    presenter_calls.new_group(rooms, code)
    content = room_file.packed(presenter_calls.everything(rooms, code), language(words))
    archive = zipfile.ZipFile(io.BytesIO(content))
    held = json.loads(archive.read("room.json"))
    assert [each["slip"]["kind"] for each in held["groups"][0]["slips"]] == list(values)
    assert {each["slip"]["kind"]: each["answers"][0]["value"] for each in held["groups"][0]["slips"]} == values
    assert held["groups"][0]["slips"][0]["reveal"]["after"]["fr"] == "ainsi" and held["groups"][1]["slips"] == []
    (name,) = [name for name in archive.namelist() if name.endswith(".csv")]
    rows = list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline=""), delimiter=separator))
    assert len(rows) == 1 + 1 + 1 + 3 + 2 + 1 + 2 and {len(row) for row in rows} == {len(room_file.COLUMNS)}
    assert "'=1+1" in rows[-3] and re.fullmatch(r"12[.,]5", rows[2][-2])
    # The settings of each question, where their link opens here: the page's, and its options.
    assert [each["link"] for each in held["groups"][0]["slips"]] == links
    named = {row[4]: row[5] for row in rows[1:]}
    assert named["why"] == "" and named["line"] == named["direction"] != named["proposal"]
    settings = named["direction"]
    assert archive.read(settings).decode() == page.to_yaml()
    assert archive.read(settings.replace(".yaml", "_A.yaml")).decode() == page.kept[0].to_yaml()
