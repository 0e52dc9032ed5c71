"""Caches hold so many bytes and no more, whoever asks for whatever."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushpull.files.bounded_cache import LEAST, Bounded

sizes = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 20_000)), max_size=60)


@given(sizes)
def test_a_cache_never_holds_more_than_its_room(puts):
    cache = Bounded("test", 30_000, len)
    for key, size in puts:
        cache.put(key, bytes(size))
        held = [value for value in map(cache.get, range(31)) if value is not None]
        assert sum(len(value) + LEAST for value in held) == cache.bytes <= cache.room
        assert len(held) == len(cache)


@given(sizes)
def test_what_was_put_last_is_held_and_is_what_was_put(puts):
    cache = Bounded("test", 30_000, len)
    for key, size in puts:
        assert cache.put(key, bytes(size)) == cache.get(key) == bytes(size)


def test_what_was_not_asked_for_longest_goes_first():
    cache = Bounded("test", 3 * (1000 + LEAST), len)
    for key in "abc":
        cache.put(key, bytes(1000))
    cache.get("a")
    cache.put("d", bytes(1000))
    assert [key for key in "abcd" if cache.get(key)] == ["a", "c", "d"]


def test_a_value_larger_than_the_room_stands_alone():
    cache = Bounded("test", 5000, len)
    cache.put("small", bytes(10))
    cache.put("huge", bytes(50_000))
    assert cache.get("huge") == bytes(50_000) and cache.get("small") is None
    cache.put("next", bytes(10))
    assert cache.get("huge") is None and cache.get("next") == bytes(10)


def test_a_value_that_has_grown_is_counted_anew():
    cache, grown = Bounded("test", 10_000, len), bytearray(10)
    cache.put("grown", grown)
    grown += bytes(6000)
    cache.put("grown", grown)
    assert cache.bytes == 6010 + LEAST


def test_what_is_held_is_not_made_again():
    cache, made = Bounded("test", 10_000, len), []
    for _ in range(3):
        assert cache.get_or_make("key", lambda: made.append(1) or b"value") == b"value"
    assert made == [1]


def test_threads_share_a_cache():
    cache, together = Bounded("test", 50_000, len), threading.Barrier(8)

    def work(number):
        together.wait(60)
        for turn in range(500):
            key = (number * turn) % 37
            found = cache.get_or_make(key, partial(bytes, key * 100))
            if len(found) != key * 100 or cache.bytes > cache.room:
                return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(8)))


def test_nothing_that_fails_is_kept():
    cache = Bounded("test", 1000, len)
    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("key", lambda: 1 // 0)
    assert len(cache) == 0
