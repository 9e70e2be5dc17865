import { formatCount } from './comparison.ts';
import { Markup, markup } from './markup.ts';
import type { StoredGroup } from './stored-groups.ts';
import { STYLE } from './style.ts';
import type { Summary } from './summary.ts';
import { SUMMARY_COLUMNS } from './sweep-table.ts';

/** A figure of a report. */
export interface ReportFigure {
  /** Path of its files inside the report's folder, without an ending. */
  readonly path: string;
  readonly svg: string;
  /** For `vega.parse`. */
  readonly specification: object;
  readonly title: string;
  readonly caption: string;
}

/** What a report says about one trace and scored part. */
export interface ReportSection {
  readonly group: StoredGroup;
  readonly summaries: readonly Summary[];
  readonly figures: readonly ReportFigure[];
}

/** What a report says of where its results come from. */
export interface ReportOrigin {
  readonly title: string;
  /** The command that makes it again. */
  readonly command: string;
  /** Versions, commits and machines that computed the cells, each once. */
  readonly computedBy: readonly string[];
}

/** Only what is different from the pages of `onebit compare`. */
const REPORT_STYLE = `
main { max-width: 68rem }
figure .drawn { min-width: 0 }
figure .drawn svg { min-width: 0 }
.traces td:nth-child(2) { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace }
nav ul { padding-left: 1.1rem }
tbody { break-inside: avoid }
@media (max-width: 40rem) {
  main { padding: 1.5rem .8rem 3rem }
  h1 { font-size: 1.5rem }
  th, td { padding: .3rem .45rem }
  .gap { padding-left: .45rem; background: none }
  figure .card { padding: .3rem }
}
@media print {
  :root { --ground: #ffffff }
  body { font-size: 10pt }
  main { max-width: none; padding: 0 }
  .card { overflow: visible; border: none }
  table { font-size: 8pt }
  figure, tr, h2, h3 { break-inside: avoid }
  h2, h3 { break-after: avoid }
}
`;

/** Draws each figure over its static form; what is wrong is left as it was. Vega looks at the width of its place only when asked. */
const DRAW = `
for (const place of document.querySelectorAll('[data-figure]')) {
  const specification = JSON.parse(document.getElementById(place.dataset.figure).textContent);
  const drawn = document.createElement('div');
  drawn.className = 'drawn';
  place.replaceChildren(drawn);
  new vega.View(vega.parse(specification), { renderer: 'svg', container: drawn, hover: true }).runAsync();
}
`;

const GUARANTEES =
  'Proved guarantees hold for unit cost (every fault costs the same) and without pinned pages. A KV cache in service ' +
  'pins blocks, weighs costs and has tiers: there, what is shown is measured and nothing is guaranteed.';

/**
 * Writes a report as one HTML file that needs no network and no other file. Without scripts it shows the static figures.
 *
 * @param library the source of Vega, which draws the interactive ones
 */
export function reportMarkup(
  { title, command, computedBy }: ReportOrigin,
  sections: readonly ReportSection[],
  library: string,
): string {
  const figures = sections.flatMap((section) => section.figures);
  // Inside a script nothing may look like its end.
  const data = ({ path, specification }: ReportFigure) =>
    new Markup(
      `<script type="application/json" id="${path}">${JSON.stringify(specification).replaceAll('<', '\\u003c')}</script>\n`,
    );
  const scripts =
    figures.length === 0
      ? ''
      : markup`${figures.map(data)}<script>${new Markup(library.replaceAll('</script', '<\\/script'))}</script>
<script>${new Markup(DRAW)}</script>`;
  return markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE + REPORT_STYLE)}</style>
<main>
<h1>${title}</h1>
${tracesMarkup(sections)}
<p class="note">Means over the seeds, ± half of the 95% confidence interval (Student). Gap closed: from lru (0%) to belady, the offline
optimum OPT (100%). ${GUARANTEES}</p>
${sections.map(sectionMarkup)}
<h2>Reproduce</h2>
<pre class="card"><code>${command.split(' ').map((word) => markup`<span>${word}</span> `)}</code></pre>
<ul class="note">${computedBy.map((text) => markup`<li>${text}</li>`)}</ul>
<p>All results in numbers: <a href="records.jsonl">records.jsonl</a>, <a href="records.csv">records.csv</a>.</p>
</main>
${scripts}
</html>
`.text;
}

function tracesMarkup(sections: readonly ReportSection[]): Markup {
  const rows = sections.map(({ group, summaries }, i) => {
    const { trace, traceChecksum, requests, evaluatedFrom } = group;
    const scored = evaluatedFrom === 0 ? 'all' : `from ${formatCount(evaluatedFrom)} on`;
    const seeds = Math.max(...summaries.map((summary) => summary.seeds));
    return markup`<tr><td><a href="#trace-${i}">${trace}</a></td><td>${traceChecksum}</td><td class="number">${formatCount(requests)}</td>
<td>${scored}</td><td class="number">${formatCount(group.records.length)}</td><td class="number">${formatCount(seeds)}</td></tr>
`;
  });
  return markup`<div class="card"><table class="traces">
<thead><tr><th>trace</th><th>checksum</th><th class="number">requests scored</th><th>which</th><th class="number">cells</th><th class="number">seeds up to</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function sectionMarkup({ group, summaries, figures }: ReportSection, index: number): Markup {
  return markup`<h2 id="trace-${index}">${group.trace}</h2>
${figures.map(figureMarkup)}
${tableMarkup(summaries)}
`;
}

function tableMarkup(summaries: readonly Summary[]): Markup {
  const heads = SUMMARY_COLUMNS.map(
    ({ heading, numeric }) => markup`<th scope="col" class="${numeric ? 'number' : 'word'}">${heading}</th>`,
  );
  const bodies = [...new Set(summaries.map(({ capacity }) => capacity))].map((capacity) => {
    const rows = summaries.filter((summary) => summary.capacity === capacity);
    // The same mark as in a comparison: fewest faults without looking ahead.
    const online = rows.filter(({ policy, predictions }) => policy !== 'belady' && predictions !== 'perfect');
    const fewest = Math.min(...online.map(({ faults }) => faults.mean));
    return markup`<tbody>
<tr><th scope="rowgroup" colspan="${SUMMARY_COLUMNS.length}">capacity ${formatCount(capacity)} pages</th></tr>
${rows.map((row) => rowMarkup(row, online.includes(row) && row.faults.mean === fewest))}</tbody>
`;
  });
  return markup`<div class="card"><table>
<thead><tr>${heads}</tr></thead>
${bodies}</table></div>`;
}

function rowMarkup(summary: Summary, best: boolean): Markup {
  const yardstick = summary.policy === 'lru' || summary.policy === 'belady';
  const cells = SUMMARY_COLUMNS.map(({ heading, numeric, text }) => {
    if (heading !== 'gap closed')
      return markup`<td class="${numeric ? 'number' : 'word'}">${text(summary)}</td>`;
    const closed = Math.min(1, Math.max(0, summary.gapClosed?.mean ?? 0)).toFixed(3);
    return markup`<td class="number gap" style="--closed:${closed}">${text(summary)}</td>`;
  });
  return markup`<tr class="${best ? 'best' : yardstick ? 'yardstick' : 'contender'}">${cells}</tr>
`;
}

function figureMarkup({ path, svg, title, caption }: ReportFigure): Markup {
  return markup`<figure>
<h3>${title}</h3>
<div class="card" data-figure="${path}">${new Markup(svg)}</div>
<figcaption>${caption} <a href="${path}.svg">SVG</a>, <a href="${path}.png">PNG</a></figcaption>
</figure>
`;
}
