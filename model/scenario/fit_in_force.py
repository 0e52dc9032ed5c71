"""Which of a corridor's numbers come from a fit, and whether that fit is still one of today's model and files."""

from __future__ import annotations

from dataclasses import dataclass

from pushpull.files.faults import listed

UNKNOWN = "unknown"
SHOWN = 3


class OutOfDateFit(UserWarning):
    """A corridor was loaded whose fit was made from other numbers, equations or records than today's."""


@dataclass(frozen=True)
class FitInForce:
    """The fit of a corridor as its runs have it: `names` of the parameters whose values are the fit's, `edited` those
    that the corridor's own file has overruled since, `changed` what else is no longer as it was at the fit, and `gone`
    which of the files that a fit writes are not there."""

    names: frozenset[str] = frozenset()
    edited: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        """Whether nothing has changed since the fit."""
        return not (self.edited or self.changed or self.gone)

    def warning(self, corridor: str, renewal: str) -> str:
        """One line on a corridor's fit that is out of date, and how to renew it; nothing where it is not.

        `renewal` is the command that fits the corridor anew.
        """
        if self.current:
            return ""
        reasons = [f"{name} is gone" for name in self.gone]
        if self.changed == (UNKNOWN,):
            reasons.append("calibrated.yaml does not say what it was made from")
        elif self.changed or self.edited:
            changes = self.changed or ("corridor.yaml",)
            many = len(changes) > 1 or changes[0] in ("equations", "cards")
            reasons.append(f"{listed(changes)} {'have' if many else 'has'} changed since")
        if self.edited:
            more = len(self.edited) - SHOWN
            names = listed(self.edited[:SHOWN]) + (f" and {more} more" if more > 0 else "")
            reasons.append(f"{names}: the edit counts; all else: the fit")
        way_out = f"renew it by {renewal}"
        return f"{corridor}: the fit is out of date: {'; '.join([*reasons, way_out])}"
