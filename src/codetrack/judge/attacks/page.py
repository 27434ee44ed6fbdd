"""The report of the attacks as one file of HTML: no scripts, nothing loaded, light and dark.

Roles are named because a narrow screen shows the table as blocks, which would lose them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape

from codetrack.judge.attacks.runner import Attacked, Got, Report
from codetrack.judge.values import MIB

STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --soft: #566071; --paper: #fbfaf8;
  --line: #dcd9d3; --good: #14663a; --bad: #a8201a; --code: #efece6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --soft: #a7adb8; --paper: #16191f;
  --line: #343a45; --good: #7fd3a2; --bad: #ff9d94; --code: #242932; } }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 1rem 0 0.25rem; }
p { max-width: 46rem; }
.soft, td p { color: var(--soft); }
.result { font-size: 1.125rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; padding: 1rem 0 0.5rem; color: var(--soft); }
th, td { text-align: start; vertical-align: top; padding: 0.5rem 0.75rem 0.5rem 0;
  border-top: 1px solid var(--line); overflow-wrap: anywhere; }
td[data-label] { white-space: nowrap; }
thead th { font-size: 0.875rem; color: var(--soft); border-top: 0; }
tbody th { font-weight: 600; font-variant-numeric: tabular-nums; width: 2rem; }
td.figure, th.figure { text-align: end; font-variant-numeric: tabular-nums; }
td p { margin: 0.125rem 0 0; font-size: 0.875rem; }
td p.bad { color: var(--bad); }
h2 { font-size: 1rem; margin: 0; }
code { background: var(--code); border-radius: 0.25rem; padding: 0 0.25rem; font-size: 0.875rem; }
@media (max-width: 48rem) {
  body { padding: 0.75rem; }
  thead { position: absolute; clip-path: inset(50%); }
  table, caption, tbody, td, tbody th { display: block; }
  tbody { border-top: 1px solid var(--line); padding: 0.5rem 0; }
  th, td, td.figure { border: 0; padding: 0; text-align: start; }
  tr { display: flex; flex-wrap: wrap; gap: 0 0.75rem; padding: 0.25rem 0; }
  .title { flex: 1; }
  .program { flex-basis: 100%; }
  td[data-label]::before { content: attr(data-label) " "; color: var(--soft); }
}
"""
COLUMNS = ("No.", "Tried", "Expected", "Got", "CPU", "Memory", "Time")
FIGURES = ("CPU", "Memory", "Time")
SOURCES = "D DMOJ, J Judger, G go-judge, M DOMjudge, I isolate, O our own"


def page(report: Report) -> str:
    """The whole document."""
    kind = "good" if report.contained else "bad"
    when = datetime.fromtimestamp(report.began, UTC)
    rows = "\n".join(map(_row, report.rows))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Attacks on the judge: {escape(report.summary)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>Attacks on the judge</h1>
<p class="result {kind}">{escape(report.summary)}</p>
<p>Each row is a way in which a program has harmed a judge somewhere, tried here with a program of
our own. It is contained when the verdict is the expected one, no process is left, the files of this
machine are as they were, and nothing of what was laid out to be found has come out.</p>
<p class="soft"><time datetime="{when:%Y-%m-%dT%H:%MZ}">{when:%Y-%m-%d %H:%M} UTC</time>
 · {report.took:.0f} s · {escape(report.machine)} · bubblewrap {escape(report.bubblewrap)}
 · level {escape(report.level)}</p>
<table role="table">
<caption>What was tried, and what it got. Where the idea is from: {SOURCES}.</caption>
<thead role="rowgroup"><tr role="row">
{"".join(map(_heading, COLUMNS))}
</tr></thead>
{rows}
</table>
</main>
</body>
</html>
"""


def _row(row: Attacked) -> str:
    kind, told = ("good", "contained") if row.contained else ("bad", "not contained")
    problems = [f"Left: process {process}." for process in row.left]
    problems += [f"On this machine {change}." for change in row.changes]
    said = "".join(f'<p class="bad">{escape(problem)}</p>' for problem in problems)
    span = len(row.tries) + 1
    return f"""<tbody role="rowgroup">
<tr role="row"><th role="rowheader" scope="rowgroup" rowspan="{span}">{row.number}</th>
<td role="cell" class="title" colspan="2"><h2>{escape(row.title)}</h2>
<p>Idea: {escape(row.source)}</p>{said}</td>
<td role="cell" colspan="4"><strong class="{kind}">{told}</strong></td></tr>
{"".join(map(_try, row.tries))}</tbody>"""


def _try(got: Got) -> str:
    problems = "".join(f'<p class="bad">{escape(problem)}</p>' for problem in got.problems)
    what = f"<code>{escape(got.program)}</code> {escape(got.language)}<p>{escape(got.why)}</p>"
    cells = [
        f'<td role="cell" class="program">{what}{problems}</td>',
        _cell("Expected", " or ".join(got.expected)),
    ]
    if got.skipped:
        cells.append(f'<td role="cell" colspan="4">not tried<p>{escape(got.skipped)}</p></td>')
    else:
        cells.append(_cell("Got", f"{got.verdict or 'none'}{' (idle)' if got.idle else ''}"))
        cells.append(_cell("CPU", f"{got.cpu:.2f} s"))
        cells.append(_cell("Memory", f"{got.memory / MIB:.1f} MiB"))
        cells.append(_cell("Time", f"{got.wall:.2f} s"))
    return f'<tr role="row">{"".join(cells)}</tr>\n'


def _heading(name: str) -> str:
    return f'<th role="columnheader" scope="col"{_figure(name)}>{name}</th>'


def _cell(name: str, text: str) -> str:
    return f'<td role="cell" data-label="{name}"{_figure(name)}>{text}</td>'


def _figure(name: str) -> str:
    return ' class="figure"' if name in FIGURES else ""
