"""The faults that can be planted: what each does, and to how many records."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Fault(StrEnum):
    """Each as a producer brings it about, on one topic and, where it has one, one field."""

    TYPE_FLIP = "type-flip"
    """A number arrives as text."""
    NULL_BURST = "null-burst"
    """A field that is filled is null."""
    LATE_DATA = "late-data"
    """Records arrive two to six hours after what they tell."""
    DUPLICATES = "duplicates"
    """Records are sent a second time, a little later."""
    VOLUME_DROP = "volume-drop"
    """Records do not come."""
    ENUM_DRIFT = "enum-drift"
    """A value that the field's list does not have."""
    UNIT_CHANGE = "unit-change"
    """A measure in another unit: a thousand times what it was."""
    STUCK_SENSOR = "stuck-sensor"
    """A reading stays at one value, as of a gateway that repeats its last one."""
    CLOCK_SKEW = "clock-skew"
    """Event times lie 47 minutes ahead; the message's own time is right."""


SHARES: Mapping[Fault, float] = {
    Fault.TYPE_FLIP: 0.3,
    Fault.NULL_BURST: 0.5,
    Fault.LATE_DATA: 0.5,
    Fault.DUPLICATES: 0.3,
    Fault.VOLUME_DROP: 0.9,
    Fault.ENUM_DRIFT: 0.3,
    Fault.UNIT_CHANGE: 0.5,
    Fault.STUCK_SENSOR: 1.0,
    Fault.CLOCK_SKEW: 0.5,
}
"""How many of the records are hit where nobody says otherwise: one producer of a few, as a rule."""
