"""An answer in Markdown: a model's lead, then the facts as the tools returned them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.search import SearchHit
from core.source import SourceKind, SourceSummary
from core.spans import amount_of
from graph import facts
from graph.draft import Aspect, DiscoveryAnswer
from graph.findings import Findings
from graph.lineage_words import impact_body, lineage_body
from graph.markdown import code, plain, prose
from graph.sheet import sheet_lines
from tools.lineage import ImpactFindings, LineageFindings
from tools.sources import ChangeFindings, ListFindings, SearchFindings, SourceFindings

SHOWN = 10
HITS = 5
"""Hits of a kind that an answer words."""
"""Sources or changes that an answer words; the findings hold the rest."""

UNPICKED = 3
"""Hits of a kind that are worded when the model found none of them fitting."""

_TITLES = {SourceKind.MANAGED: "Managed", SourceKind.DISCOVERED: "Discovered"}


def compose(draft: DiscoveryAnswer, findings: Findings | None) -> str:
    """The whole answer."""
    parts = [prose(draft.lead)]
    if findings is not None:
        parts += _body(draft, findings)
    return "\n\n".join(part for part in parts if part)


def _body(draft: DiscoveryAnswer, findings: Findings) -> list[str]:
    match findings:
        case SearchFindings():
            return _hits(findings, draft)
        case SourceFindings():
            return _sheets(found=findings, aspect=draft.aspect)
        case ListFindings():
            return _list(findings)
        case ChangeFindings():
            return _changes(findings)
        case LineageFindings():
            return lineage_body(findings)
        case ImpactFindings():
            return impact_body(findings)


def _sheets(found: SourceFindings, aspect: Aspect) -> list[str]:
    """Each topic of a product under its name; a single topic is named by the lead."""
    if found.source is None:
        return []
    sheets = (found.source, *found.others)
    bodies = ["\n".join(sheet_lines(sheet, aspect)) for sheet in sheets]
    if not found.others or aspect is Aspect.OVERVIEW:
        return bodies
    named = zip(sheets, bodies, strict=True)
    return [f"{code(sheet.summary.name)}\n\n{body or '- none'}" for sheet, body in named]


def _hits(found: SearchFindings, draft: DiscoveryAnswer) -> list[str]:
    """Managed before discovered; the sources that the model picked, a few where it picked none."""
    picked = set(draft.sources)
    rest = 0 if picked else UNPICKED
    sections = []
    for kind, hits in (
        (SourceKind.MANAGED, found.result.managed),
        (SourceKind.DISCOVERED, found.result.discovered),
    ):
        chosen = [hit for hit in hits if hit.source.name in picked] or hits[:rest]
        entries = [_hit(hit, draft.aspect) for hit in chosen[:HITS]]
        sections += [_section(_TITLES[kind], entries), _more(len(chosen) - HITS)]
    return sections


def _section(title: str, entries: Sequence[str]) -> str:
    if not entries:
        return ""
    numbered = [f"{place}. {entry}" for place, entry in enumerate(entries, 1)]
    return "\n".join([f"**{title}**", "", *numbered])


def _hit(hit: SearchHit, aspect: Aspect) -> str:
    entry = _entry(hit.source)
    if hit.reasons and aspect is Aspect.OVERVIEW:
        entry += f"\n   - why: {prose('; '.join(reason.text for reason in hit.reasons[:2]))}"
    return entry


def _entry(source: SourceSummary) -> str:
    return f"{facts.headline(source)}\n   - {facts.facts(source)}"


def _list(found: ListFindings) -> list[str]:
    sections = []
    for kind, title in _TITLES.items():
        of_kind = [source for source in found.sources if source.kind is kind]
        sections.append(_section(title, [_line(source) for source in of_kind]))
    return [*sections, _more(found.total - len(found.sources))]


def _more(left: int) -> str:
    return f"{left:,} more {'is' if left == 1 else 'are'} not shown here." if left > 0 else ""


def _line(source: SourceSummary) -> str:
    return f"{facts.headline(source)} ({facts.owner(source)}; {amount_of(source.fields, 'field')})"


def _changes(found: ChangeFindings) -> list[str]:
    shown = found.changes[:SHOWN]
    lines: list[str] = []
    for change in shown:
        lines.append(f"- {code(change.name)} {change.kind.value}, {change.at:%Y-%m-%d %H:%M} UTC")
        lines += _indented(change.lines)
    return ["\n".join(lines), _more(len(found.changes) - len(shown))]


def _indented(lines: Iterable[str], limit: int = 6) -> list[str]:
    every = list(lines)
    cut = [f"  - {len(every) - limit:,} more field changes"] if len(every) > limit else []
    return [f"  - {plain(line)}" for line in every[:limit]] + cut
