"""The addresses by which phones in the same network reach this machine. They are found without sending anything."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, ip_address

import ifaddr

LOOPBACK = "127.0.0.1"
MOST = 4
NOWHERE = ("192.0.2.1", 9)  # of a network kept for examples: a way there is looked up, and nothing is sent
# Networks within one machine, or to an office far away: where phones in the room are not.
_NOT_OF_THE_ROOM = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "tun", "tap", "wg", "utun", "tailscale", "zt")


def _of_the_way_out() -> str | None:
    """The address from which this machine would speak to others elsewhere; None where there is no way out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(NOWHERE)
            return probe.getsockname()[0]
        except OSError:
            return None


def _held() -> list[tuple[str, str]]:
    """The names of this machine's networks and its addresses in them."""
    try:
        return [
            (adapter.name, each.ip)
            for adapter in ifaddr.get_adapters()
            for each in adapter.ips
            if isinstance(each.ip, str)
        ]
    except OSError:
        return []


def in_order(held: list[tuple[str, str]], way_out: str | None) -> list[str]:
    """The addresses that phones may reach, the likeliest first: that of the way out, then private ones."""

    def rank(entry: tuple[str, str]) -> tuple[bool, bool, bool]:
        name, address = entry
        return name.lower().startswith(_NOT_OF_THE_ROOM), address != way_out, not ip_address(address).is_private

    def usable(address: str) -> bool:
        found = ip_address(address)
        return isinstance(found, IPv4Address) and not (found.is_loopback or found.is_link_local or found.is_unspecified)

    known = [("", way_out)] if way_out and all(address != way_out for _, address in held) else []
    entries = sorted((entry for entry in [*held, *known] if usable(entry[1])), key=rank)
    return list(dict.fromkeys(address for _, address in entries))[:MOST]


def of_the_room() -> list[str]:
    """This machine's addresses for phones, the likeliest first; that of this machine alone where there is no other."""
    return in_order(_held(), _of_the_way_out()) or [LOOPBACK]


def is_reachable(address: str) -> bool:
    """Whether others than this machine could reach an address or name."""
    try:
        return not ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address != "localhost" and not address.endswith(".localhost")
