from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from server.embedded.artifacts import Artifact, Cache, read_bundle
from server.embedded.errors import ArtifactDamagedError
from server.embedded.maven import Arrivals, project_of

REGISTRY = read_bundle("registry", "Apicurio Registry")


def test_every_file_of_both_servers_is_pinned() -> None:
    for bundle in (read_bundle("kafka", "Apache Kafka"), REGISTRY):
        assert bundle.artifacts
        assert all(len(artifact.sha256) == 64 for artifact in bundle.artifacts)


def test_maven_coordinates_are_read_from_the_path() -> None:
    (archive,) = REGISTRY.artifacts
    assert archive.group_id == "io.apicurio"
    assert archive.artifact_id == "apicurio-registry-app"
    assert (archive.classifier, archive.type) == ("all", "tar.gz")
    assert "<classifier>all</classifier>" in project_of(REGISTRY)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jar").write_text("other")
    artifact = Artifact(PurePosixPath("g/a/1/a-1.jar"), "0" * 64, 5)
    with pytest.raises(ArtifactDamagedError, match=r"a-1\.jar is not the file"):
        artifact.verify(tmp_path / "a.jar")


def test_a_bundle_that_failed_its_check_does_not_appear_in_the_cache(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    (archive,) = REGISTRY.artifacts
    with cache.staging() as incoming:
        file = incoming / archive.path
        file.parent.mkdir(parents=True)
        file.write_text("cut off")
        with pytest.raises(ArtifactDamagedError):
            cache.put_now(REGISTRY, incoming)
    assert cache.get(REGISTRY) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "megabytes"),
    [
        ("Progress (1): 12/159 MB", 12),
        ("Progress (1): apicurio-registry-app-3.3.3-all.tar.gz (12/159 MB)", 12),
        ("Progress (2): 500/900 kB | 12/159 MB", 12.5),
        (
            "Downloaded from x: y://h/io/apicurio/apicurio-registry-app-3.3.3-all.tar.gz (1 s)",
            158.577952,
        ),
        ("Downloaded from x: y://h/some/parent-1.pom (7 kB at 1 MB/s)", 0),
    ],
)
def test_the_bytes_that_have_come_are_read_from_what_maven_prints(
    line: str, megabytes: float
) -> None:
    arrivals = Arrivals(REGISTRY)
    arrivals.read(line)
    assert arrivals.bytes == pytest.approx(megabytes * 1e6)
