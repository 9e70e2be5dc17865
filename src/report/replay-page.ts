import { join } from 'node:path';
import type { ReplayRecord } from '../simulator/result.ts';
import { writeFile } from '../support/write-file.ts';
import { formatShare } from './comparison.ts';
import { drawChart, type Line } from './line-chart.ts';
import { Markup, markup } from './markup.ts';
import { choosePalette } from './palette.ts';
import { type ReplayTable, replayNotes, replayTables, workersText } from './replay.ts';
import { STYLE } from './style.ts';

/** What a page of replays reports. */
export interface ReplayPage {
  /** The command line that makes the page again. */
  readonly command: string;
  /** Rows of the table, at least one. */
  readonly records: readonly ReplayRecord[];
  /** The same rows at several cache sizes, those of `records` among them. */
  readonly capacityRecords: readonly ReplayRecord[];
  /** Further sentences about the run. */
  readonly notes: readonly string[];
}

const HITS_CAPTION =
  'How to read it: higher is better. The solid line of lru needs no predictions, the dashed line of belady knows when each ' +
  'block is used next. The dotted lines are inverted bits: what a predictor that is always wrong would cost.';
const LATENCY_CAPTION =
  'How to read it: lower is better. Time from arrival to the first token, queueing and reading of the prompt together.';

/**
 * Writes replays as a page: `index.html`, which needs no script and no network, figures as SVG files under `figures/`,
 * and every record in `records.jsonl`.
 *
 * @param directory created where it is missing
 * @throws Failure where a file cannot be written
 */
export async function writeReplayPage(directory: string, page: ReplayPage): Promise<void> {
  const { capacityRecords } = page;
  const figures = [
    { path: 'figures/token-hits.svg', svg: await hitFigure(capacityRecords), caption: HITS_CAPTION },
    {
      path: 'figures/first-token-mean.svg',
      svg: await latencyFigure(
        capacityRecords,
        'Mean time to first token',
        (record) => record.firstTokenMean,
      ),
      caption: LATENCY_CAPTION,
    },
    {
      path: 'figures/first-token-p99.svg',
      svg: await latencyFigure(
        capacityRecords,
        'Time to first token that 99% of the requests meet',
        (record) => record.firstTokenP99,
      ),
      caption: 'How to read it: lower is better. The slowest hundredth waits longer than this.',
    },
  ];
  for (const { path, svg } of figures) writeFile(join(directory, path), svg);
  const lines = capacityRecords.map((record) => `${JSON.stringify(record)}\n`);
  writeFile(join(directory, 'records.jsonl'), lines.join(''));
  const drawn = figures.map(
    ({ path, svg, caption }) => markup`<figure>
<div class="card">${new Markup(svg)}</div>
<figcaption>${caption} <a href="${path}">SVG</a></figcaption>
</figure>
`,
  );
  writeFile(join(directory, 'index.html'), pageText(page, drawn));
}

function pageText({ records, command, notes }: ReplayPage, figures: readonly Markup[]): string {
  const title = `Serving ${records[0].trace} from a KV cache`;
  const tables = replayTables(records).map((table) => tableText(table, records));
  return markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
<main>
<h1>${title}</h1>
<p class="lead">${headline(records)}</p>
<ul class="note">${[...replayNotes(records[0]), ...notes].map((note) => markup`<li>${note}</li>`)}</ul>
${tables}
<h2>Over the size of the caches</h2>
${figures}
<p class="note">The guarantees of the policies hold for unit costs and nothing pinned; here requests in flight pin their paths, so
all of this is measured.</p>
<h2>Reproduce</h2>
<pre class="card"><code>${command.split(' ').map((word) => markup`<span>${word}</span> `)}</code></pre>
<p>All figures in numbers: <a href="records.jsonl">records.jsonl</a>, one JSON record a line.</p>
</main>
</html>
`.text;
}

function tableText({ title, columns }: ReplayTable, records: readonly ReplayRecord[]): Markup {
  const heads = columns.map(({ heading }, i) => markup`<th class="${numberClass(i)}">${heading}</th>`);
  const rows = records.map((record) => {
    const cells = columns.map(({ text }, i) => markup`<td class="${numberClass(i)}">${text(record)}</td>`);
    return markup`<tr>${cells}</tr>
`;
  });
  return markup`<h2>${title}</h2>
<div class="card"><table><thead><tr>${heads}</tr></thead><tbody>
${rows}</tbody></table></div>
`;
}

function numberClass(column: number): string {
  return column < 2 ? 'word' : 'number';
}

function headline(records: readonly ReplayRecord[]): string {
  const lru = records.find(({ policy }) => policy === 'lru') as ReplayRecord;
  const online = records.filter(
    ({ policy, predictions }) => policy !== 'belady' && predictions !== 'perfect',
  );
  const best = online.reduce((best, record) =>
    record.sparedTokenRatio > best.sparedTokenRatio ? record : best,
  );
  const spared = `lru spares ${formatShare(lru.sparedTokenRatio)} of the tokens of all prompts`;
  if (best === lru) return `${spared}, and nothing without perfect foresight spares more.`;
  const source = best.predictions === 'train' ? 'trained' : best.predictions;
  const bits = source === 'none' ? '' : ` with ${source} predictions`;
  return `${spared}, ${best.policy}${bits} ${formatShare(best.sparedTokenRatio)}.`;
}

function linesOf(
  records: readonly ReplayRecord[],
  points: (group: readonly ReplayRecord[]) => Line['points'],
): Line[] {
  const palette = choosePalette(records);
  const names = records.map(({ policy, predictions }) =>
    predictions === 'none' ? policy : `${policy}, ${predictions}`,
  );
  return [...new Set(names)].map((label) => {
    const group = records.filter((_, i) => names[i] === label);
    const reference = group[0].policy === 'lru' || group[0].policy === 'belady';
    return { label, style: palette(group[0]), points: points(group), reference };
  });
}

function hitFigure(records: readonly ReplayRecord[]): Promise<string> {
  return capacityFigure(records, {
    title: 'Tokens of prompts that need not be computed',
    unit: 'share of tokens',
    value: ({ sparedTokenRatio }) => sparedTokenRatio,
  });
}

function latencyFigure(
  records: readonly ReplayRecord[],
  title: string,
  seconds: (record: ReplayRecord) => number,
): Promise<string> {
  return capacityFigure(records, { title, unit: 'seconds', value: seconds });
}

/** What a figure shows over the size of the caches. */
interface Shown {
  readonly title: string;
  readonly unit: string;
  readonly value: (record: ReplayRecord) => number;
}

function capacityFigure(records: readonly ReplayRecord[], { title, unit, value }: Shown): Promise<string> {
  const capacities = [...new Set(records.map(({ capacity }) => capacity))].sort((a, b) => a - b);
  return drawChart({
    title,
    subtitle: `${records[0].trace} · ${workersText(records[0]).replace(/,$/, '')}`,
    x: {
      title: 'cache of each worker (blocks, logarithmic)',
      logarithmic: true,
      domain: [capacities[0] / 1.15, (capacities.at(-1) as number) * 1.15],
      ticks: capacities,
    },
    y: { title: unit, domain: [0, upTo(records.map(value))] },
    lines: linesOf(records, (group) =>
      [...group]
        .sort((a, b) => a.capacity - b.capacity)
        .map((record) => ({ x: record.capacity, y: value(record) })),
    ),
  });
}

function upTo(values: readonly number[]): number {
  return 1.06 * Math.max(...values) || 1;
}
