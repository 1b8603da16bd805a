import pytest

from core.product import DataProduct, Lifecycle, OutputPort
from core.report import SampleReport
from core.scan import ScanProgress, ScanStatus
from core.schema.fingerprint import fingerprint
from core.schema.model import Field, Kind, Schema
from core.search import SearchFilters
from core.source import Description, Owner, SourceChangeKind, SourceKind
from tools.db.errors import InvalidCursorError
from tools.db.facets import FacetRepository
from tools.db.finding import FailedTopic, Finding, Placement, Reader
from tools.db.findings import FindingRepository
from tools.db.pool import Pool
from tools.db.products import PortTakenError, ProductNotFoundError, ProductRepository
from tools.db.scans import ScanNotFoundError, ScanRepository
from tools.db.sources import SourceNotFoundError, SourceRepository

SCHEMA = Schema(
    Field("", frozenset({Kind.OBJECT}), children=(Field("id", frozenset({Kind.STRING})),))
)


def finding(name: str, **more: object) -> Finding:
    facts: dict[str, object] = {
        "placement": Placement(name, 1, 1, {"cleanup.policy": "delete"}),
        "offsets": {0: (3, 10)},
        "format": "json",
        "schema": SCHEMA,
        "fingerprint": fingerprint(SCHEMA),
        "version": 1,
        "new_version": True,
        "registered": False,
        "subject": None,
        "schema_id": None,
        "profile": b"p",
        "report": SampleReport(messages=7),
        "description": Description(text=f"What {name} is.", by="rules"),
        "owner": Owner(ref="group:default/guessed", guessed_from="its name"),
        "changes": ((SourceChangeKind.NEW, ()),),
    }
    return Finding(**{**facts, **more})  # type: ignore[arg-type]


def product(product_id: str, *topics: str, **more: object) -> DataProduct:
    facts: dict[str, object] = {
        "id": product_id,
        "name": product_id.title(),
        "description": "The one truth.",
        "owner": "group:default/stated",
        "domain": "procurement",
        "tags": ("gold",),
        "lifecycle": Lifecycle.ACTIVE,
        "ports": tuple(OutputPort(cluster="default", topic=topic) for topic in topics),
    }
    return DataProduct.model_validate({**facts, **more})


async def put(pool: Pool, *names: str) -> None:
    scan = await ScanRepository(pool).queue("default", "test")
    await FindingRepository(pool, "default").put(scan.id, [finding(name) for name in names])


async def test_a_finding_comes_back_whole(pool: Pool) -> None:
    await put(pool, "orders")
    readers = [Reader("risk.app", "orders", "risk", 4, "stable")]
    await FindingRepository(pool, "default").put_consumers(readers)

    source = await SourceRepository(pool).get("orders")

    assert (source.schema, source.version, source.offsets) == (SCHEMA, 1, {0: (3, 10)})
    assert (source.report.messages, source.summary.messages) == (7, 7)
    assert source.config == {"cleanup.policy": "delete"}
    assert source.summary.kind is SourceKind.DISCOVERED
    assert source.summary.consuming_teams == ("risk",)
    assert source.consumers[0].lag == 4


@pytest.mark.parametrize(
    ("kept", "left"),
    [((), ["fresh"]), (("silent",), ["fresh", "silent"]), (None, ["fresh", "gone", "silent"])],
)
async def test_consumers_of_groups_that_could_not_be_asked_are_kept(
    pool: Pool, kept: tuple[str, ...] | None, left: list[str]
) -> None:
    await put(pool, "orders")
    findings = FindingRepository(pool, "default")
    readers = [Reader(group, "orders", None, 4, "stable") for group in ("gone", "silent")]
    await findings.put_consumers(readers)

    await findings.put_consumers([Reader("fresh", "orders", None, 0, "stable")], kept)

    source = await SourceRepository(pool).get("orders")
    assert [consumer.group for consumer in source.consumers] == left


async def test_settings_that_were_not_looked_at_stay(pool: Pool) -> None:
    await put(pool, "orders")
    place, findings = Placement("orders", 2, 1), FindingRepository(pool, "default")
    scan = await ScanRepository(pool).queue("default", "test")
    kept = {"cleanup.policy": "delete"}

    await findings.seen([(place, {0: (3, 10)})])
    assert (await SourceRepository(pool).get("orders")).config == kept
    await findings.put(scan.id, (), [FailedTopic(place, "away", ())])
    assert (await SourceRepository(pool).get("orders")).config == kept
    await findings.put(scan.id, [finding("orders", placement=place)])
    source = await SourceRepository(pool).get("orders")
    assert (source.config, source.partitions) == (kept, 2)


async def test_a_turn_counts_the_earlier_scans_of_the_same_cluster(pool: Pool) -> None:
    scans = ScanRepository(pool)
    made = [await scans.queue(cluster, "test") for cluster in ("a", "b", "a", "b", "a")]

    assert [await scans.turn(scan.id) for scan in made] == [0, 0, 1, 1, 2]


async def test_a_batch_is_written_whole_or_not_at_all(pool: Pool) -> None:
    broken = finding("broken", format=None)
    with pytest.raises(Exception, match="format"):
        await FindingRepository(pool, "default").put(1, [finding("good"), broken])
    assert (await SourceRepository(pool).list()).items == ()


async def test_writing_a_batch_twice_keeps_one_version_and_one_change(pool: Pool) -> None:
    scan = await ScanRepository(pool).queue("default", "test")
    for _ in range(2):
        await FindingRepository(pool, "default").put(scan.id, [finding("orders")])
    sources = SourceRepository(pool)
    assert len((await sources.versions("orders")).items) == 1
    assert len((await sources.changes("orders")).items) == 1


async def test_an_unknown_source_names_those_that_look_like_it(pool: Pool) -> None:
    await put(pool, "supplier-events", "payments")
    with pytest.raises(SourceNotFoundError, match="supplier-events") as raised:
        await SourceRepository(pool).get("suplier_event")
    assert raised.value.near == ("supplier-events",)
    with pytest.raises(SourceNotFoundError):
        await SourceRepository(pool).get("a\0'; drop table sources; --")


async def test_pages_go_through_everything_once_in_order(pool: Pool) -> None:
    names = [f"topic-{at:02}" for at in range(7)]
    await put(pool, *names)
    sources, seen, cursor = SourceRepository(pool), [], None
    while True:
        page = await sources.list(limit=3, cursor=cursor)
        seen += [item.name for item in page.items]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == names


@pytest.mark.parametrize("cursor", ["", "zzz", "W10", "WzEsMl0", "é", "WyJhIl0", "a" * 9_999])
async def test_a_cursor_of_someone_elses_making_is_refused(pool: Pool, cursor: str) -> None:
    with pytest.raises(InvalidCursorError, match="first page"):
        await SourceRepository(pool).list(cursor=cursor)


async def test_filters_hold_together(pool: Pool) -> None:
    await put(pool, "orders", "payments")
    await ProductRepository(pool).put(product("orders-product", "orders"))
    sources = SourceRepository(pool)

    async def names(**filters: object) -> list[str]:
        page = await sources.list(SearchFilters.model_validate(filters))
        return [item.name for item in page.items]

    assert await names(kind="managed") == ["orders"]
    assert await names(kind="discovered", format="json") == ["payments"]
    assert await names(tag="gold", domain="procurement") == ["orders"]
    assert await names(tag="gold", kind="discovered") == []
    assert await names(owner="group:default/guessed", has_schema=False) == ["payments"]


async def test_an_active_product_makes_its_topics_managed_and_speaks_for_them(pool: Pool) -> None:
    await put(pool, "orders")
    products, sources = ProductRepository(pool), SourceRepository(pool)

    await products.put(product("gold", "orders", "not-there-yet"))
    managed = (await sources.get("orders")).summary
    assert (managed.kind, managed.product_id, managed.product_name) == ("managed", "gold", "Gold")
    assert managed.owner == Owner(ref="group:default/stated")
    assert managed.description == Description(text="The one truth.", by="product")

    await put(pool, "not-there-yet", "orders")
    assert (await sources.get("not-there-yet")).summary.kind is SourceKind.MANAGED
    assert (await sources.get("orders")).summary.owner == Owner(ref="group:default/stated")

    await products.put(product("gold", "orders", lifecycle=Lifecycle.RETIRED))
    for topic in ("orders", "not-there-yet"):
        released = (await sources.get(topic)).summary
        assert (released.kind, released.product_id) == ("discovered", None)


async def test_a_topic_belongs_to_one_product(pool: Pool) -> None:
    products = ProductRepository(pool)
    await products.put(product("one", "orders"))
    with pytest.raises(PortTakenError, match=r"orders \(one\)"):
        await products.put(product("two", "orders"))
    with pytest.raises(ProductNotFoundError):
        await products.get("two")


async def test_products_are_replaced_listed_and_missed(pool: Pool) -> None:
    products = ProductRepository(pool)
    first = await products.put(product("supplier-data", "a"))
    second = await products.put(product("supplier-data", "b", version="2.0.0", domain="risk"))
    assert second.ports == (OutputPort(cluster="default", topic="b"),)
    assert (first.created_at, second.version) == (second.created_at, "2.0.0")
    assert (await products.list(domain="risk")).items == (second,)
    assert (await products.list(domain="procurement")).items == ()
    with pytest.raises(ProductNotFoundError, match="supplier-data"):
        await products.get("suplier-data")


async def test_a_scan_goes_from_queued_to_its_end(pool: Pool) -> None:
    scans = ScanRepository(pool)
    run = await scans.queue("default", "someone")
    assert await scans.open("default") == run
    await scans.start(run.id)
    await scans.progress(run.id, ScanProgress(total=9, done=4))
    assert (await scans.get(run.id)).progress.done == 4
    ended = await scans.finish(run.id, ScanProgress(total=9, done=9), "Kafka is away")
    assert (ended.status, ended.error) == (ScanStatus.FAILED, "Kafka is away")
    assert await scans.open("default") is None
    with pytest.raises(ScanNotFoundError):
        await scans.get(10**9)


async def test_vanished_sources_are_listed_and_counted_when_asked_for(pool: Pool):
    await put(pool, "gone", "here")
    scan = await ScanRepository(pool).queue("default", "test")
    await FindingRepository(pool, "default").vanish(scan.id, ["gone"], "it is gone")
    sources, facets = SourceRepository(pool), FacetRepository(pool)

    for filters, names in (
        (SearchFilters(), ["here"]),
        (SearchFilters(include_vanished=True), ["gone", "here"]),
    ):
        assert [item.name for item in (await sources.list(filters)).items] == names
        assert await facets.count(filters) == len(names)


async def test_sources_are_narrowed_by_whether_an_owner_is_known(pool: Pool):
    await put(pool, "owned")
    scan = await ScanRepository(pool).queue("default", "test")
    await FindingRepository(pool, "default").put(scan.id, [finding("unowned", owner=None)])

    for owned, name in ((True, "owned"), (False, "unowned")):
        filters = SearchFilters(has_owner=owned)
        page = await SourceRepository(pool).list(filters)
        assert [item.name for item in page.items] == [name]
        assert await FacetRepository(pool).count(filters) == 1


@pytest.mark.parametrize("name", ["golden-vendors", "Golden-Vendors"])
async def test_a_products_name_or_id_gives_its_topics(pool: Pool, name: str):
    await put(pool, "a", "b", "c")
    await ProductRepository(pool).put(product("golden-vendors", "b", "a"))
    sources = SourceRepository(pool)

    assert await sources.topics_of_product(name, "default") == ("a", "b")
    assert await sources.topics_of_product(name, "elsewhere") == ()
    assert await sources.topics_of_product("c", "default") == ()
