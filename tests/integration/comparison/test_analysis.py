"""The analysis of a catalog in Postgres: the same scores as in memory, and only what changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import numpy as np
import pytest

from core.analysis import AnalysisProgress
from core.schema.fingerprint import fingerprint
from core.schema.model import Field, Kind, Schema
from core.similarity.candidates import candidates
from core.similarity.comparable import Comparable
from core.similarity.fleet import Fleet
from core.similarity.relation import Relation
from core.similarity.score import scores
from core.source import Description, SourceKind
from tests.integration.db.test_repositories import finding
from tools.comparison.analysis import Analysis
from tools.comparison.comparer import Comparer, NothingToCompareError
from tools.comparison.scoring import Pair, Scoring
from tools.db.features import FeatureRepository
from tools.db.findings import FindingRepository
from tools.db.pairs import PairRepository
from tools.db.pool import Pool, open_pool
from tools.db.scans import ScanRepository
from tools.db.sources import SourceNotFoundError, SourceRepository
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.legible import vectors_by_text
from tools.embeddings.minilm import MiniLM

FLEET = {
    "shop.orders.v1": ("Orders that customers place.", "order_id customer_id total currency"),
    "shop.orders.v2": ("Orders that customers place.", "order_id customer_id total currency city"),
    "sales_orders": ("Orders of customers.", "orderNumber customerNumber amount currency"),
    "shop.returns": ("Goods that come back.", "return_id order_id reason"),
    "hr.payroll": ("Salaries paid to staff.", "employee_id salary bonus month"),
    "staff-salaries": ("Salaries of employees.", "employeeId salary bonus payMonth"),
    "iot.temperature": ("Readings of sensors.", "sensor_id celsius measured_at"),
    "clickstream": ("Pages that visitors viewed.", "url referrer user_agent session_id"),
}
EMPTY = "nothing-yet"


def schema(names: str) -> Schema:
    fields = tuple(Field(name, frozenset({Kind.STRING})) for name in names.split())
    return Schema(Field("", frozenset({Kind.OBJECT}), children=fields))


async def put(pool: Pool, name: str, description: str, names: str, version: int = 1) -> None:
    scan = await ScanRepository(pool).queue("default", "test")
    found = finding(
        name,
        schema=schema(names) if names else None,
        fingerprint=fingerprint(schema(names)) if names else None,
        new_version=bool(names),
        version=version,
        description=Description(text=description, by="rules"),
        profile=None,
    )
    await FindingRepository(pool, "default").put(scan.id, [found])


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    async with await open_pool(database_url) as opened:
        for name, (description, names) in FLEET.items():
            await put(opened, name, description, names)
        await put(opened, EMPTY, "Not known.", "")
        yield opened


async def analyzed(pool: Pool, model: MiniLM, *, whole: bool = False) -> AnalysisProgress:
    told: list[AnalysisProgress] = []

    async def tell(progress: AnalysisProgress) -> None:
        told.append(progress)

    done = await Analysis(pool, model, "default").run(tell, whole=whole)
    assert all(progress.done <= done.done for progress in told)
    return done


async def relations(pool: Pool) -> dict[frozenset[str], Relation]:
    found = await PairRepository(pool).listed("default", list(Relation))
    return {frozenset((pair.left, pair.right)): pair.relation for pair in found}


async def test_what_is_the_same_is_found_and_versions_are_told_apart(
    pool: Pool, model: MiniLM
) -> None:
    done = await analyzed(pool, model)

    assert (done.sources, done.total, done.done) == (len(FLEET),) * 3
    found = await relations(pool)
    assert found[frozenset({"hr.payroll", "staff-salaries"})] is Relation.DUPLICATE
    assert found[frozenset({"shop.orders.v1", "shop.orders.v2"})] is Relation.KIN
    assert not any("clickstream" in pair or "iot.temperature" in pair for pair in found)


async def test_scores_by_the_index_are_those_of_the_whole_fleet_in_memory(
    pool: Pool, model: MiniLM
) -> None:
    await analyzed(pool, model)
    sources = [Comparable.of(name, schema(names), doc) for name, (doc, names) in FLEET.items()]
    texts = {text for source in sources for text in source.title_texts()}
    fleet = Fleet.of(sources, await vectors_by_text(model, texts))
    pairs = candidates(fleet)
    ids = [(await SourceRepository(pool).get(name)).id for name in FLEET]
    assert ids == sorted(ids)

    features = FeatureRepository(pool, "default", model.model_id, model.dimension)
    scoring = Scoring(features, CachedEmbeddings(pool, model), await features.lines())
    found = await scoring.candidates(ids)
    scored = await scoring.scores(found)

    assert {(ids[left], ids[right]) for left, right in pairs} == set(found)
    in_memory = scores(fleet, pairs)
    by_index = [scored[ids[left], ids[right]] for left, right in pairs]
    # The index keeps half precision.
    assert np.allclose(in_memory, by_index, atol=0.02)


@pytest.mark.parametrize("blind", ["hr.payroll", "staff-salaries"])
async def test_a_pair_that_only_one_side_sees_is_kept_whichever_side_is_compared_last(
    pool: Pool, model: MiniLM, monkeypatch: pytest.MonkeyPatch, blind: str
) -> None:
    """Near is not mutual in a crowd; here one side is made not to see the other."""
    twice = frozenset({"hr.payroll", "staff-salaries"})
    ids = {name: (await SourceRepository(pool).get(name)).id for name in twice}
    told = Scoring.candidates

    async def one_sided(scoring: Scoring, asked: Sequence[int]) -> list[Pair]:
        found = await told(scoring, asked)
        return [
            both for both in found if list(asked) != [ids[blind]] or set(both) != {*ids.values()}
        ]

    monkeypatch.setattr(Scoring, "candidates", one_sided)
    monkeypatch.setattr("tools.comparison.scored_batches._AT_ONCE", 1)

    await analyzed(pool, model)
    assert twice in await relations(pool)

    description, names = FLEET[blind]
    await put(pool, blind, f"{description} Monthly.", names, 2)
    assert (await analyzed(pool, model)).total == 1
    assert twice in await relations(pool)


async def test_nothing_new_costs_nothing_and_a_change_only_its_own_pairs(
    pool: Pool, model: MiniLM
) -> None:
    await analyzed(pool, model)

    assert (await analyzed(pool, model)).total == 0
    await put(pool, "clickstream", "Salaries paid to staff.", "employee_id salary bonus month", 2)
    again = await analyzed(pool, model)

    assert (again.total, again.done) == (1, 1)
    assert (await relations(pool)).keys() >= {frozenset({"hr.payroll", "staff-salaries"})}


async def test_a_topic_that_is_no_longer_like_another_loses_its_pair(
    pool: Pool, model: MiniLM
) -> None:
    await analyzed(pool, model)
    await put(pool, "staff-salaries", "Pictures of parked cars.", "plate colour image_url", 2)

    await analyzed(pool, model)

    found = await relations(pool)
    assert frozenset({"hr.payroll", "staff-salaries"}) not in found
    assert frozenset({"shop.orders.v1", "shop.orders.v2"}) in found


async def test_vanished_topics_are_compared_with_nothing(pool: Pool, model: MiniLM) -> None:
    await analyzed(pool, model)
    scan = await ScanRepository(pool).queue("default", "test")
    findings = FindingRepository(pool, "default")
    await findings.vanish(scan.id, ["hr.payroll"], "gone")

    done = await analyzed(pool, model)

    assert done.sources == len(FLEET) - 1
    assert not any("hr.payroll" in pair for pair in await relations(pool))


async def test_two_sources_are_compared_on_demand_from_either_side(
    pool: Pool, model: MiniLM
) -> None:
    comparer = Comparer(pool, model)

    there = await comparer.compare("hr.payroll", "staff-salaries", "default")
    back = await comparer.compare("staff-salaries", "hr.payroll", "default")

    assert there == back.turned
    assert {(m.left, m.right) for m in there.alignment.matches} >= {
        ("employee_id", "employeeId"),
        ("salary", "salary"),
        ("bonus", "bonus"),
    }
    assert (await SourceRepository(pool).get("hr.payroll")).summary.kind is SourceKind.DISCOVERED


@pytest.mark.parametrize(
    ("other", "error", "says"),
    [
        (EMPTY, NothingToCompareError, "No schema is known of 'nothing-yet'"),
        ("hr.payroll", NothingToCompareError, "one source"),
        ("hr.payrol", SourceNotFoundError, "hr.payroll"),
    ],
)
async def test_what_cannot_be_compared_is_said(
    pool: Pool, model: MiniLM, other: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        await Comparer(pool, model).compare("hr.payroll", other, "default")
