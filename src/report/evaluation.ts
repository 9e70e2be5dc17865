import type { EvaluationRecord } from '../simulator/result.ts';
import { formatCount, formatRatio, formatShare } from './comparison.ts';
import { drawTable } from './draw-table.ts';
import { drawChart } from './line-chart.ts';
import { LRU_STYLE, OPT_STYLE, SAMPLE_STYLE } from './palette.ts';

/** Features told on a terminal; the record has all. */
const TOLD_FEATURES = 10;

/**
 * Writes what a model is worth as text for a terminal.
 *
 * @returns several lines, the last without a line feed
 *
 * @example
 * console.log(evaluationText(evaluate(trace, model, 7000, [5000], 1)));
 */
export function evaluationText(record: EvaluationRecord): string {
  const { trace, trainedOn, accesses, crossEntropy, baseCrossEntropy } = record;
  return [
    `${trace}: ${formatCount(accesses)} block accesses scored; the model was trained on the first part of ${trainedOn}.`,
    '',
    table(
      ['capacity', 'lru', 'learned', 'in switch', 'opt', 'gap closed', 'precision', 'recall', 'used'],
      record.capacities.map(({ capacity, lru, opt, learned, robust, precision, recall, pays }) => [
        formatCount(capacity),
        ...[lru, learned, robust, opt].map(formatRatio),
        ...[(learned - lru) / (opt - lru), precision, recall].map(formatShare),
        pays ? 'yes' : 'no',
      ]),
    ),
    'Hit ratios; precision and recall of discards against those of the optimum; used: whether it paid on held-out requests.',
    '',
    'Hit ratio of discard(lru) where a bit turns as soon as a cache of a share of the capacity gives the block up',
    table(
      ['capacity', ...record.capacities[0].strictness.map(({ share }) => `× ${share}`)],
      record.capacities.map(({ capacity, strictness }) => [
        formatCount(capacity),
        ...strictness.map(({ hitRatio }) => formatRatio(hitRatio)),
      ]),
    ),
    '',
    `Chances of return in a span of age: cross-entropy ${crossEntropy.toFixed(4)}, of the bare shares ${baseCrossEntropy.toFixed(4)} nats`,
    table(
      ['predicted', 'came true', 'predictions'],
      record.reliability.map(({ predicted, observed, predictions }) => [
        formatShare(predicted),
        formatShare(observed),
        formatCount(predictions),
      ]),
    ),
    '',
    'What it rests on: growth of the cross-entropy when a feature is shuffled',
    table(
      ['feature', 'nats'],
      record.importance
        .slice(0, TOLD_FEATURES)
        .map(({ feature, crossEntropy: nats }) => [feature, nats.toFixed(4)]),
      1,
    ),
  ].join('\n');
}

/** @param words how many columns, the first, hold words and not numbers */
function table(headings: readonly string[], rows: readonly string[][], words = 0): string {
  const columns = headings.map((heading, i) => ({ heading, numeric: i >= words }));
  return drawTable(columns, rows, 100);
}

/**
 * Draws the reliability diagram of a model.
 *
 * @returns an SVG
 */
export function reliabilityFigure({ trace, reliability }: EvaluationRecord): Promise<string> {
  const points = reliability.map(({ predicted, observed }) => ({ x: predicted, y: observed }));
  const most = Math.max(...points.flatMap(({ x, y }) => [x, y])) * 1.06 || 1;
  return drawChart({
    title: 'Do predicted chances of return come true?',
    subtitle: `${trace}: bins of as many predictions each`,
    x: { title: 'predicted chance', logarithmic: false, domain: [0, most] },
    y: { title: 'share that came true', domain: [0, most] },
    lines: [
      {
        label: 'exact',
        style: OPT_STYLE,
        reference: true,
        points: [
          { x: 0, y: 0 },
          { x: most, y: most },
        ],
      },
      { label: 'model', style: SAMPLE_STYLE, reference: false, points },
    ],
  });
}

/**
 * Draws hit ratios against how soon a bit turns, at the first capacity of a record.
 *
 * @returns an SVG
 */
export function strictnessFigure({ trace, capacities: [first] }: EvaluationRecord): Promise<string> {
  const { capacity, lru, opt, strictness } = first;
  const shares = strictness.map(({ share }) => share);
  const level = (y: number) => shares.map((x) => ({ x, y }));
  return drawChart({
    title: `Hit ratio by how soon a bit turns, ${formatCount(capacity)} blocks`,
    subtitle: trace,
    x: {
      title: 'size of the cache that gives a block up (× capacity)',
      logarithmic: false,
      domain: [0, shares[shares.length - 1]],
    },
    y: { title: 'hit ratio (hits / requests)', domain: [0, opt * 1.06 || 1] },
    lines: [
      { label: 'LRU', style: LRU_STYLE, reference: true, points: level(lru) },
      { label: 'OPT', style: OPT_STYLE, reference: true, points: level(opt) },
      {
        label: 'discard(lru)',
        style: SAMPLE_STYLE,
        reference: false,
        points: strictness.map(({ share, hitRatio }) => ({ x: share, y: hitRatio })),
      },
    ],
  });
}
