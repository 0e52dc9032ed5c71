"""Who did it: a change divided exactly between players who acted together.

A game of n players is an array of worths (2^n, ...): the first axis counts the coalitions, and player i is in coalition
c where bit i of c is set. Whatever axes follow (outcomes, times) are divided one by one.
"""

from __future__ import annotations

from math import factorial

import numpy as np

MOST_PLAYERS = 10


def shapley_values(worth: np.ndarray) -> np.ndarray:
    """What each player adds, averaged over every order in which they could come: an array (player, ...).

    The values add up to the worth of all less that of none. Source: Shapley (1953), A value for n-person games.
    """
    players = _players(worth)
    inside = _inside(players)
    sizes = inside.sum(axis=1)
    weights = np.zeros((players, len(worth)))
    for player in range(players):
        member = inside[:, player]
        others = sizes - member  # of the coalition without the player
        share = np.array([factorial(size) * factorial(players - size - 1) for size in range(players)])
        weights[player] = np.where(member, 1, -1) * share[others] / factorial(players)
    return _weighted(weights, worth)


def shapley_interactions(worth: np.ndarray) -> np.ndarray:
    """How much more each pair does together than one by one, averaged over what the others do: (player, player, ...).

    Positive where the presence of one raises what the other adds; the diagonal is zero. This is the Shapley
    interaction index. Source: Grabisch and Roubens (1999), An axiomatic approach to the concept of interaction among
    players in cooperative games.
    """
    players = _players(worth)
    inside = _inside(players)
    sizes = inside.sum(axis=1)
    pairs = np.zeros((players, players, *worth.shape[1:]))
    for player in range(players):
        for other in range(player):
            first, second = inside[:, player], inside[:, other]
            rest = sizes - first - second
            share = [factorial(size) * factorial(players - size - 2) for size in range(players - 1)]
            weights = np.where(first == second, 1, -1) * np.array(share)[rest] / factorial(players - 1)
            pairs[player, other] = pairs[other, player] = _weighted(weights[None], worth)[0]
    return pairs


def _players(worth: np.ndarray) -> int:
    players = len(worth).bit_length() - 1
    if len(worth) != 2**players or not 1 <= players <= MOST_PLAYERS:
        raise ValueError(f"a game has a worth for each of 2 to 2^{MOST_PLAYERS} coalitions; this has {len(worth)}")
    return players


def _inside(players: int) -> np.ndarray:
    """Which player is in which coalition: booleans (coalition, player)."""
    return (np.arange(2**players)[:, None] >> np.arange(players) & 1).astype(bool)


def _weighted(weights: np.ndarray, worth: np.ndarray) -> np.ndarray:
    """Sums over coalitions of changes from the empty one, which keeps the rounding small beside the change."""
    change = (worth - worth[:1]).reshape(len(worth), -1)
    return (weights @ change).reshape(len(weights), *worth.shape[1:])
