"""Rules that a stream teaches: faults found, clean streams left alone."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.quality.learning.column import Column, column_at
from core.quality.learning.examiner import Examiner
from core.quality.learning.learn import learn
from core.quality.learning.learnt import Learnt
from core.quality.record import record_holds
from core.quality.rule import Metric
from tests.unit.quality.learning.orders import CITIES, Record, orders

AT = (17, 301)

FAULTS: dict[str, tuple[str, Any, Metric]] = {
    "null": ("amount", None, Metric.REQUIRED),
    "a word for nothing": ("mail", "N/A", Metric.MISSING),
    "text among numbers": ("amount", "12.50 EUR", Metric.TYPE),
    "a fraction among whole numbers": ("pieces", 3.0, Metric.TYPE),
    "a unit of another kind": ("weight", "12 lbs", Metric.PATTERN),
    "another shape": ("id", "000031", Metric.PATTERN),
    "another format": ("placed", "03/14/2026", Metric.FORMAT),
    "no address": ("mail", "ba.lo(at)example", Metric.FORMAT),
    "replacement characters": ("note", "ten lo\ufffdri", Metric.PATTERN),
    "misread UTF-8": ("note", "ten loÃ¼ri", Metric.PATTERN),
    "an accent that fits no letter": ("note", "ten lo.\u0301 ri", Metric.PATTERN),
    "other case": ("status", "PAID", Metric.PATTERN),
    "a misspelling": ("status", "deliverd", Metric.SPELLING),
    "off the list": ("status", "lost", Metric.ENUM),
    "a thousand times as much": ("amount", 250_000.0, Metric.RANGE),
    "not what the postcode says": ("city", "Madrid", Metric.DEPENDENCY),
}


def _with(records: list[Record], field: str, value: Any, at: tuple[int, ...] = AT) -> list[Record]:
    return [
        record | {field: value} if place in at else record for place, record in enumerate(records)
    ]


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn(orders())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_seldom_fault_is_found_in_the_very_sample_that_taught_the_rules(fault: str) -> None:
    field, value, metric = FAULTS[fault]
    records = _with(orders(), field, value)
    learnt = learn(records)

    said = learnt.judge(records)

    assert said.cells() == dict.fromkeys(AT, (field,))
    metrics = {rule.id: rule.metric for rule in learnt.rules}
    blamed = {metrics[verdict.rule] for at in AT for verdict in said.verdicts()[at]}
    assert metric in blamed


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_was_never_seen_while_learning_is_found(fault: str, learnt: Learnt) -> None:
    field, value, _ = FAULTS[fault]

    said = learnt.judge(_with(orders(40, seed=2), field, value, at=(17,)))

    assert said.cells() == {17: (field,)}
    assert said.scores[17] >= 0.5


def test_a_clean_stream_raises_no_suspicion_neither_seen_nor_unseen(learnt: Learnt) -> None:
    assert learnt.judge(orders()).cells() == {}
    assert learnt.judge(orders(2000, seed=3)).cells() == {}


def test_a_wrong_city_is_blamed_on_the_city_whichever_city_it_is() -> None:
    records = orders()
    wrong = next(city for code, city in CITIES.items() if code != records[17]["postcode"])

    said = learn(records).judge(_with(records, "city", wrong, at=(17,)))

    assert "city" in said.cells()[17]
    assert set(said.cells()) == {17}


def test_of_two_fields_that_contradict_the_one_that_a_third_speaks_for_is_let_go() -> None:
    towns = {f"{10_000 + 7 * at}": f"Town{'abcdefghij'[at % 10]}{at}" for at in range(40)}
    codes = list(towns)
    records = [
        {"postcode": code, "town": towns[code], "region": at % 4, "plate": f"plate {at % 4}"}
        for n in range(15)
        for at, code in enumerate(codes)
    ]
    records[100] = records[100] | {"postcode": codes[(100 + 1) % 40]}
    records[200] = records[200] | {"town": towns[codes[(200 + 1) % 40]]}

    assert learn(records).judge(records).cells() == {100: ("postcode",), 200: ("town",)}


def test_what_is_usual_is_no_fault_however_odd() -> None:
    records = [
        record | {"amount": None} if at % 3 == 0 else record for at, record in enumerate(orders())
    ]

    assert learn(records).judge(records).cells() == {}


def test_a_word_for_nothing_beside_the_usual_one_is_a_fault() -> None:
    records = [
        record | {"note": "none given" if at % 2 else ""} for at, record in enumerate(orders())
    ]
    records[17] = records[17] | {"note": "N/A"}

    assert learn(records).judge(records).cells() == {17: ("note",)}


def test_a_field_that_one_kind_of_event_never_has_is_not_missed_there_but_is_elsewhere() -> None:
    records = [
        {name: value for name, value in record.items() if name != "city"} | {"kind": "pickup"}
        if at % 20 == 0
        else record | {"kind": "delivery"}
        for at, record in enumerate(orders())
    ]
    broken = _with(records, "city", None, at=(7,))

    assert learn(records).judge(records).cells() == {}
    assert learn(broken).judge(broken).cells() == {7: ("city",)}


def test_members_and_items_are_judged_at_their_paths() -> None:
    records = [
        {
            "id": at,
            "buyer": {"mail": f"u{at}@example.org"},
            "lines": [{"sku": f"A-{at}-{line}"} for line in (1, 2)],
        }
        for at in range(300)
    ]
    records[5]["buyer"] = {"mail": "nobody"}
    records[9]["lines"] = [{"sku": "A-9-1"}, {"sku": "?? 9 / 1"}]

    assert learn(records).judge(records).cells() == {5: ("buyer.mail",), 9: ("lines[].sku",)}


def test_columns_of_a_frame_are_judged_as_the_records_are(learnt: Learnt) -> None:
    records = orders(60, seed=6)
    for field, value, _ in FAULTS.values():
        if field in ("city", "status", "mail", "note"):
            records = _with(records, field, value, at=(17,))
    examiner = Examiner(learnt.checks)
    frame = pl.DataFrame({path: column_at(records, path).values for path in examiner.paths})

    said = examiner.judge_columns({each.name: Column.of(each) for each in frame}, len(records))

    assert said.cells() == learnt.judge(records).cells() != {}


@pytest.mark.parametrize(("often", "far", "found"), [(0.03, 900, True), (0.03, 25, False),
                                                     (0.09, 900, False)])  # fmt: skip
def test_what_is_far_out_may_come_more_often_than_what_is_out(
    often: float, far: int, found: bool
) -> None:
    records = orders(2_000)
    at = tuple(range(0, 2_000, round(1 / often)))

    said = learn(_with(records, "pieces", far, at)).judge(_with(records, "pieces", far, at))

    assert {place for place, cells in said.cells().items() if "pieces" in cells} == (
        set(at) if found else set()
    )


def test_what_is_called_a_number_has_no_range() -> None:
    records = [{"order_number": 5_000 + (7 * at) % 90, "amount": 5 + at % 9} for at in range(600)]

    ranges = {rule.field for rule in learn(records).rules if rule.metric is Metric.RANGE}

    assert ranges == {"amount"}


def test_names_and_prose_are_no_misspellings_of_each_other() -> None:
    names = ["Anna", "Anne", "Hanna", "Jan", "Jon", "John", "Joan", "Tim", "Tom", "Kim"]
    records = [{"name": names[at % 9] if at % 150 else "Kim"} for at in range(900)]

    assert learn(records).judge(records).cells() == {}


def test_reasons_and_names_of_rules_tell_no_values(learnt: Learnt) -> None:
    told = " ".join(f"{rule.id} {rule.reason}" for rule in learnt.rules)
    values = {str(value) for record in orders() for value in record.values()}

    assert not {value for value in values if len(value) > 3 and value in told}
    assert all(rule.inferred for rule in learnt.rules)
    assert len({rule.id for rule in learnt.rules}) == len(learnt.rules)


def test_rules_say_as_data_what_holds_of_a_clean_record(learnt: Learnt) -> None:
    broken = {
        rule.id
        for record in orders()
        for rule in learnt.rules
        if not record_holds(record, rule, None)
    }

    assert broken == set()


def test_what_was_learnt_comes_back_from_json_and_says_the_same() -> None:
    records = orders()
    for field, value, _ in FAULTS.values():
        records = _with(records, field, value, at=(17,))
    learnt = learn(records)

    again = Learnt.model_validate_json(learnt.model_dump_json())

    assert again.model_dump() == learnt.model_dump()
    assert again.judge(records).verdicts() == learnt.judge(records).verdicts()


def test_two_samples_know_together_what_each_knew() -> None:
    more = {"99084": "Erfurt"}
    first = orders(300)
    second = [record | {"postcode": "99084", "city": more["99084"]} for record in orders(150, 4)]
    second += orders(150, seed=5)
    both = learn(first) + learn(second)

    wrong = [first[0] | {"city": "Madrid"}, second[0] | {"city": "Madrid"}]

    assert both.records == 600
    assert both.judge(first + second).cells() == {}
    assert both.judge(wrong).cells() == {0: ("city",), 1: ("city",)}
    assert learn(first).judge(wrong[1:]).by_field["city"][0] < both.judge(wrong).by_field["city"][1]


def test_rules_that_have_judged_learn_more_all_the_same() -> None:
    first = learn(orders(400))
    more = [
        record | {"status": "parked"} if place % 4 == 0 else record
        for place, record in enumerate(orders(400, seed=9))
    ]
    parked = [orders(1)[0] | {"status": "parked"}]
    assert first.judge(parked).cells() == {0: ("status",)}

    assert (first + learn(more)).judge(parked).cells() == {}


def test_rules_on_texts_say_nothing_of_what_is_no_text() -> None:
    records = _with(orders(), "mail", 17, at=(17,))
    learnt = learn(records)
    texts = {rule.id for rule in learnt.rules if rule.id == "mail.format"}

    said = learnt.judge(records).verdicts()

    assert texts == {"mail.format"}
    assert [verdict.rule for verdict in said[17]] == ["mail.kind"]


def test_fields_that_are_asked_the_same_have_their_own_answers() -> None:
    records = [record | {"backup": record["mail"]} for record in orders()]
    wrong = _with(_with(records, "mail", "ba.lo(at)example", at=(17,)), "backup", "no", at=(300,))

    said = learn(records).judge(wrong).verdicts()

    fields = {place: {verdict.field for verdict in each} for place, each in said.items()}
    assert fields == {17: {"mail"}, 300: {"backup"}}


@pytest.mark.parametrize(
    "records", [[], [{}], orders(1), orders(5)], ids=["none", "empty", "1", "5"]
)
def test_a_handful_of_records_proves_nothing(records: list[Record]) -> None:
    learnt = learn(records)

    assert learnt.judge([{"id": 3}, {}, {"amount": "x"}]).cells() == {}


_PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
_VALUES = st.recursive(
    _PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c", "count"]), _VALUES), min_size=1))
def test_any_records_can_be_learnt_from_and_judged(records: list[Record]) -> None:
    said = learn(records * 20).judge(records)

    assert len(said.scores) == len(records)
    assert all(0 <= score <= 1 for score in said.scores)


@pytest.mark.parametrize(
    "days",
    [
        ("2026-03-01", "2026-03-02"), ("20260301", "20260302"), ("01.03.2026", "02.03.2026"),
        ("2026-03", "2026-04"), ("2026-W09", "2026-W10"),
        ("2026-03-01T00:00:00Z", "2026-03-02 00:00"),
    ],
)  # fmt: skip
def test_dates_are_no_list_though_few_are_seen_in_a_day(days: tuple[str, str]) -> None:
    learnt = learn([{"on": days[n % 2], "state": ("new", "paid")[n % 2]} for n in range(600)])

    listed = {rule.field for rule in learnt.rules if rule.metric is Metric.ENUM}
    assert listed == {"state"}


def test_a_type_lets_off_where_a_date_would_only_until_tomorrow() -> None:
    def record(n: int, day: str) -> Record:
        if n % 5:
            return {"kind": ("sale", "return", "gift")[n % 3], "order": f"A-{n:05}"}
        return {"kind": "payout", "arrives": day}

    learnt = learn([record(n, f"2026-03-0{1 + n % 2}") for n in range(1_000)])

    assert learnt.judge([record(n, "2026-03-03") for n in range(100)]).cells() == {}
