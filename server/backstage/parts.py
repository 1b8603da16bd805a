"""How a catalog is parted into files: in few steps, so that entities seldom change theirs."""

from __future__ import annotations

from core.backstage.entity import Entity
from core.backstage.names import namespace_of, object_name

_STEPS = ((1_500, 1), (24_000, 16), (384_000, 256))
_MOST = 4_096

LARGEST_FILE = 200_000
"""Entities of one file; more are left out."""


def parts_for(entities: int) -> int:
    """In how many files so many entities are served: each has some 1,500 at most.

    Backstage refuses an entity that another file still holds, until it has read that file again:
    the number of files changes only where a catalog has grown sixteenfold.
    """
    return next((parts for most, parts in _STEPS if entities <= most), _MOST)


def index_of(cluster: str, parts: int) -> Entity:
    """The location that names the files, relative to it: Backstage hands its query on to them."""
    return Entity(
        kind="Location",
        name=object_name(f"headwater.{cluster}"),
        namespace=namespace_of(cluster),
        description=f"Topics and data products of one Kafka cluster, in {parts} files.",
        annotations={"cluster": cluster},
        spec={
            "type": "url",
            "targets": [f"./parts/{parts}/{part}.yaml" for part in range(parts)],
        },
    )
