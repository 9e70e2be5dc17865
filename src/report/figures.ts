import type { ResultRecord } from '../simulator/result.ts';
import { assert } from '../support/failure.ts';
import { comparisonSections, formatCount } from './comparison.ts';
import { capacityHeadline, flipHeadline, flipProbability, hasBits, seriesName } from './headlines.ts';
import { drawChart, type Line } from './line-chart.ts';
import { type LineStyle, SOLID } from './palette.ts';
import { capacityTicks } from './ticks.ts';

/** The style of each record's line, as `choosePalette` gives it. */
export type Palette = (record: ResultRecord) => LineStyle;

/**
 * Draws the hit ratio against the cache capacity, one line per policy and kind of predictions, with lru as the floor
 * and belady as the ceiling.
 *
 * @param records the same rows at each of one or more capacities; at least one record
 * @param palette shared with the other figures
 * @returns an SVG
 */
export function capacityFigure(records: readonly ResultRecord[], palette: Palette): Promise<string> {
  const sections = comparisonSections(records);
  const capacities = sections.map(({ capacity }) => capacity);
  const domain = [capacities[0] / 1.15, capacities[capacities.length - 1] * 1.15] as const;
  const sorted = sections.flatMap(({ rows }) => rows.map(({ record }) => record));
  const lines = [...groupBy(sorted, seriesName)].map(([label, group]): Line => {
    const reference = group[0].policy === 'lru' || group[0].policy === 'belady';
    // At a single capacity there is no line to draw: the yardsticks reach across the plot.
    const points =
      reference && capacities.length === 1
        ? domain.map((x) => ({ x, y: group[0].hitRatio }))
        : group.map((record) => ({ x: record.capacity, y: record.hitRatio }));
    return { label, style: palette(group[0]), points, reference };
  });
  const highest = Math.max(...records.map((record) => record.hitRatio));
  return drawChart({
    title: capacityHeadline(records),
    subtitle: records[0].trace,
    x: {
      title: 'cache capacity (pages, logarithmic)',
      logarithmic: true,
      domain,
      ticks: capacityTicks(capacities, domain),
    },
    y: { title: 'hit ratio (hits / requests)', domain: [0, highest * 1.06 || 1] },
    lines,
  });
}

/**
 * Draws the fault ratio against the probability with which each bit is flipped, one line per policy; what runs without
 * predictions, such as lru, is a horizontal line.
 *
 * @param records of one capacity at which OPT has faults, with predictions `none`, `perfect` (p = 0), `flip:P` or `inverted` (p = 1)
 * @param palette shared with the other figures
 * @returns an SVG
 */
export function flipFigure(records: readonly ResultRecord[], palette: Palette): Promise<string> {
  const { capacity, trace } = records[0];
  assert(
    records.every((record) => record.capacity === capacity),
    'flip records are of one capacity',
  );
  const ticks = [...new Set(records.filter(hasBits).map(flipProbability))].sort((a, b) => a - b);
  const ends = ticks.length === 0 ? [0, 1] : [ticks[0], ticks[ticks.length - 1]];
  const lines = [...groupBy(records, ({ policy }) => policy)].map(([label, group]): Line => {
    const style = palette(group[0]);
    if (!hasBits(group[0])) {
      return { label, style, points: ends.map((x) => ({ x, y: group[0].faultRatio })), reference: true };
    }
    const points = group.map((record) => ({ x: flipProbability(record), y: record.faultRatio }));
    return {
      label,
      style: { ...style, dash: SOLID },
      points: points.sort((a, b) => a.x - b.x),
      reference: false,
    };
  });
  const span = Math.max(...records.map((record) => record.faultRatio), 1.01) - 1;
  return drawChart({
    title: flipHeadline(records),
    subtitle: `${trace} · capacity ${formatCount(capacity)} pages`,
    x: {
      title: 'probability p that a bit is flipped',
      logarithmic: false,
      domain: [ends[0] - 0.02 * (ends[1] - ends[0]), ends[1] + 0.02 * (ends[1] - ends[0])],
    },
    y: { title: 'faults / faults of OPT', domain: [1 - 0.04 * span, 1 + 1.06 * span] },
    lines,
  });
}

function groupBy(records: readonly ResultRecord[], name: (record: ResultRecord) => string) {
  const groups = new Map<string, ResultRecord[]>();
  for (const record of records) {
    const group = groups.get(name(record));
    if (group) group.push(record);
    else groups.set(name(record), [record]);
  }
  return groups;
}
