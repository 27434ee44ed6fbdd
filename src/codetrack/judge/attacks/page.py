"""The report of the attacks as one file of HTML: no scripts, nothing loaded, light and dark."""

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
p { max-width: 44rem; }
.soft, td p { color: var(--soft); }
.result { font-size: 1.125rem; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; padding: 1rem 0 0.5rem; color: var(--soft); }
th, td { text-align: start; vertical-align: top; padding: 0.5rem 0.75rem 0.5rem 0;
  border-top: 1px solid var(--line); overflow-wrap: anywhere; }
thead th { font-size: 0.875rem; color: var(--soft); border-top: 0; }
tbody th { font-weight: 600; }
tbody th[scope="rowgroup"] { font-variant-numeric: tabular-nums; width: 2rem; }
td.figure, th.figure { text-align: end; font-variant-numeric: tabular-nums; }
td p { margin: 0.125rem 0 0; font-size: 0.875rem; }
td p.bad { color: var(--bad); }
h2 { font-size: 1rem; margin: 0; }
code { background: var(--code); border-radius: 0.25rem; padding: 0 0.25rem; font-size: 0.875rem; }
@media (max-width: 48rem) {
  body { padding: 0.75rem; font-size: 0.875rem; }
  th, td { padding-inline-end: 0.5rem; }
  .time { display: none; }
}
"""
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
<table>
<caption>What was tried, and what it got. Where the idea is from: {SOURCES}.</caption>
<thead><tr>
<th scope="col">No.</th><th scope="col">Tried</th><th scope="col">Expected</th>
<th scope="col">Got</th><th scope="col" class="figure">CPU</th>
<th scope="col" class="figure">Memory</th><th scope="col" class="figure time">Time</th>
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
    return f"""<tbody>
<tr><th scope="rowgroup" rowspan="{span}">{row.number}</th>
<td colspan="2"><h2>{escape(row.title)}</h2><p>Idea: {escape(row.source)}</p>{said}</td>
<td colspan="4"><strong class="{kind}">{told}</strong></td></tr>
{"".join(map(_try, row.tries))}</tbody>"""


def _try(got: Got) -> str:
    problems = "".join(f'<p class="bad">{escape(problem)}</p>' for problem in got.problems)
    expected = " or ".join(got.expected)
    if got.skipped:
        result = f'<td colspan="4">not tried<p>{escape(got.skipped)}</p></td>'
    else:
        verdict = f"{got.verdict or 'none'}{' (idle)' if got.idle else ''}"
        result = (
            f'<td>{verdict}</td><td class="figure">{got.cpu:.2f} s</td>'
            f'<td class="figure">{got.memory / MIB:.1f} MiB</td>'
            f'<td class="figure time">{got.wall:.2f} s</td>'
        )
    return (
        f"<tr><td><code>{escape(got.program)}</code> {escape(got.language)}"
        f"<p>{escape(got.why)}</p>{problems}</td><td>{expected}</td>{result}</tr>\n"
    )
