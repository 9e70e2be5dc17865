import type { ResultRecord } from '../simulator/result.ts';
import {
  COLUMNS,
  type ComparisonRow,
  comparisonSections,
  formatCount,
  scoredRequests,
} from './comparison.ts';
import { Markup, markup } from './markup.ts';
import { STYLE } from './style.ts';

/** What a page reports. */
export interface PageContent {
  readonly title: string;
  /** Name of the trace. */
  readonly trace: string;
  /** The command line that makes the page again. */
  readonly command: string;
  readonly seed: number;
  /** Rows of the table, at least one. */
  readonly records: readonly ResultRecord[];
  /** Points of the figure of hit ratios against capacities; without any, the page has no such figure. */
  readonly capacityRecords: readonly ResultRecord[];
  /**
   * Points of the figure of fault ratios against flip probabilities, of one capacity; without bits, or where OPT has no
   * faults, the page has no such figure.
   */
  readonly flipRecords: readonly ResultRecord[];
  /** Further sentences about the run, such as what trained the predictor. */
  readonly notes: readonly string[];
}

/** A figure in its place on the page. */
export interface PageFigure {
  /** Path of its file inside the page's directory. */
  readonly path: string;
  readonly svg: string;
  readonly caption: string;
}

const TABLE_NOTE =
  'Bold: fewest faults without perfect foresight. Gap closed: from lru (0%) to belady, the offline optimum OPT (100%). ' +
  'η0 counts the bits that wrongly said keep, η1 those that wrongly said discard; inverted bits are all wrong.';

const GUARANTEES =
  'Proved guarantees hold for unit cost (every fault costs the same) and without pinned pages. A KV cache in service ' +
  'pins blocks, weighs costs and has tiers: there, what is shown is measured and nothing is guaranteed.';

/** Writes a page as HTML that needs no script, no network and no other file. */
export function pageMarkup(
  { title, trace, command, seed, records, notes }: PageContent,
  figures: readonly PageFigure[],
): Markup {
  const sorted = comparisonSections(records)[0].rows.map(({ record }) => record.predictions);
  const predictions = [...new Set(sorted)].filter((kind) => kind !== 'none').join(', ') || 'none';
  return markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
<main>
<h1>${title}</h1>
<p class="lead">Paging policies on the trace <strong>${trace}</strong>. ${scoredRequests(records[0])} Predictions:
${predictions}. Seed:&nbsp;${seed}.</p>
${notes.length === 0 ? '' : markup`<ul class="note">${notes.map((note) => markup`<li>${note}</li>`)}</ul>`}
<h2>Comparison</h2>
${tableMarkup(records)}
<p class="note">${TABLE_NOTE}</p>
${figures.length === 0 ? '' : markup`<h2>Figures</h2>`}
${figures.map(figureMarkup)}
<p class="note">${GUARANTEES}</p>
<h2>Reproduce</h2>
<pre class="card"><code>${command.split(' ').map((word) => markup`<span>${word}</span> `)}</code></pre>
<p>All figures in numbers: <a href="records.jsonl">records.jsonl</a>, one JSON record a line.</p>
</main>
</html>
`;
}

function tableMarkup(records: readonly ResultRecord[]): Markup {
  const heads = COLUMNS.map(
    ({ heading, numeric }) => markup`<th scope="col" class="${numeric ? 'number' : 'word'}">${heading}</th>`,
  );
  const bodies = comparisonSections(records).map(
    ({ capacity, rows }) => markup`<tbody>
<tr><th scope="rowgroup" colspan="${COLUMNS.length}">capacity ${formatCount(capacity)} pages</th></tr>
${rows.map(rowMarkup)}</tbody>
`,
  );
  return markup`<div class="card"><table>
<thead><tr>${heads}</tr></thead>
${bodies}</table></div>`;
}

function rowMarkup({ record, best }: ComparisonRow): Markup {
  const yardstick = record.policy === 'lru' || record.policy === 'belady';
  const cells = COLUMNS.map(({ heading, numeric, text }) => {
    if (heading !== 'gap closed')
      return markup`<td class="${numeric ? 'number' : 'word'}">${text(record)}</td>`;
    // The bar beside the number shows 0 to 100%.
    const closed = Math.min(1, Math.max(0, record.gapClosed ?? 0)).toFixed(3);
    return markup`<td class="number gap" style="--closed:${closed}">${text(record)}</td>`;
  });
  return markup`<tr class="${best ? 'best' : yardstick ? 'yardstick' : 'contender'}">${cells}</tr>
`;
}

function figureMarkup({ path, svg, caption }: PageFigure): Markup {
  return markup`<figure>
<div class="card">${new Markup(svg)}</div>
<figcaption>${caption} <a href="${path}">SVG</a></figcaption>
</figure>
`;
}
