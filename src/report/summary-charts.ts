/** What summaries over seeds are drawn as: figures as plain data, for the static and for the interactive form alike. */
import { formatCount, formatShare } from './comparison.ts';
import type { Line, LineChart } from './line-chart.ts';
import { choosePalette, type LineStyle, SOLID } from './palette.ts';
import type { Mean, Summary } from './summary.ts';
import { capacityTicks } from './ticks.ts';

/** A chart, how to read it, and what its files are called. */
export interface SummaryChart {
  /** Name of its files, without an ending. */
  readonly name: string;
  readonly chart: LineChart;
  readonly caption: string;
}

const CAPACITY_CAPTION =
  'How to read it: higher is better. lru needs no predictions, belady (OPT) knows every future request and cannot be beaten. ' +
  'Bars are 95% confidence intervals over the seeds.';
const ERROR_CAPTION =
  'How to read it: lower is better, and 1 is belady (OPT). At 0 all bits are right: how close a policy then comes to 1 is its ' +
  'consistency. At 1 all are inverted: how little it then loses against lru is its robustness. In between a policy is smooth ' +
  'if its line climbs without a jump. Bursts, whole requests and the worst bits are wrong together, flipped ones one by one. ' +
  'Bars are 95% confidence intervals over the seeds.';

type Palette = ReturnType<typeof choosePalette>;

/**
 * The charts that summaries of one trace and scored part allow: hit ratios against capacities if there are several, and at
 * each capacity fault ratios against the share of wrong bits if there are several shares.
 */
export function summaryCharts(trace: string, summaries: readonly Summary[]): SummaryChart[] {
  const capacities = [...new Set(summaries.map(({ capacity }) => capacity))].sort((a, b) => a - b);
  // Several shares of wrong bits have figures of their own.
  const between = [...new Set(summaries.filter(isBetween).map(({ predictions }) => predictions))];
  // The same colour in all of them.
  const drawn = summaries.filter((summary) => !isBetween(summary) || between.length === 1);
  const palette = choosePalette(drawn);
  const charts: SummaryChart[] = [];
  if (capacities.length > 1) charts.push(capacityChart(trace, drawn, capacities, palette));
  for (const capacity of capacities) {
    const here = summaries.filter((summary) => summary.capacity === capacity);
    const shares = new Set(here.map(({ predictions }) => wrongShare(predictions)?.share));
    shares.delete(undefined);
    const isKnown = here.every(({ faultRatio }) => Number.isFinite(faultRatio.mean));
    // Right and inverted bits alone are no curve, nor is one share.
    if (isKnown && shares.size > 1 && here.some(isBetween))
      charts.push(errorChart(trace, here, capacity, palette));
  }
  return charts;
}

function capacityChart(
  trace: string,
  drawn: readonly Summary[],
  capacities: readonly number[],
  palette: Palette,
): SummaryChart {
  const lines = series(
    drawn,
    palette,
    ({ policy, predictions }) => `${policy}|${predictions}`,
    (group) => ({
      label:
        group[0].predictions === 'none' ? group[0].policy : `${group[0].policy} · ${group[0].predictions}`,
      points: group.map(({ capacity, hitRatio }) => ({ x: capacity, ...interval(hitRatio) })),
    }),
  );
  const domain = [capacities[0] / 1.15, (capacities.at(-1) as number) * 1.15] as const;
  const best = [...drawn]
    .filter(
      ({ policy, predictions }) =>
        policy !== 'belady' && predictions !== 'perfect' && predictions !== 'inverted',
    )
    .sort((a, b) => (b.gapClosed?.mean ?? 0) - (a.gapClosed?.mean ?? 0))[0];
  const closes = best !== undefined && (best.gapClosed?.mean ?? 0) > 0;
  const title = closes
    ? `${best.policy}${best.predictions === 'none' ? '' : ` · ${best.predictions}`} closes ${formatShare(best.gapClosed?.mean ?? null)} of the gap from lru to belady at ${formatCount(best.capacity)} pages`
    : 'Hit ratio between the floor, lru, and the ceiling, belady';
  return {
    name: 'hit-ratio',
    caption: CAPACITY_CAPTION,
    chart: {
      title,
      subtitle: trace,
      x: {
        title: 'cache capacity (pages, logarithmic)',
        logarithmic: true,
        domain,
        ticks: capacityTicks(capacities, domain),
      },
      y: { title: 'hit ratio (hits / requests)', domain: [0, 1.06 * highest(lines) || 1] },
      lines,
    },
  };
}

function errorChart(
  trace: string,
  summaries: readonly Summary[],
  capacity: number,
  palette: Palette,
): SummaryChart {
  const kinds = [...new Set(summaries.map(({ predictions }) => wrongShare(predictions)?.name))].filter(
    (name) => name !== undefined && name !== 'ends',
  ) as string[];
  const lines: Line[] = [];
  const flat = summaries.filter(({ predictions }) => predictions === 'none');
  for (const { policy, faultRatio } of flat) {
    const points = [0, 1].map((x) => ({ x, y: faultRatio.mean }));
    lines.push({ label: policy, style: palette({ policy, predictions: 'none' }), points, reference: true });
  }
  for (const policy of new Set(summaries.map((summary) => summary.policy))) {
    for (const [i, kind] of kinds.entries()) {
      // Right bits and inverted ones are the ends of every kind.
      const group = summaries.filter(
        (one) => one.policy === policy && [kind, 'ends'].includes(wrongShare(one.predictions)?.name ?? ''),
      );
      if (!group.some(({ predictions }) => wrongShare(predictions)?.name === kind)) continue;
      const points = group
        .map(({ predictions, faultRatio }) => ({
          x: wrongShare(predictions)?.share ?? 0,
          ...interval(faultRatio),
        }))
        .sort((a, b) => a.x - b.x);
      const style: LineStyle = {
        ...palette({ policy, predictions: 'none' }),
        dash: DASHES[i % DASHES.length],
      };
      lines.push({
        label: kinds.length === 1 ? policy : `${policy} · ${kind}`,
        style,
        points,
        reference: false,
      });
    }
  }
  const top = highest(lines);
  return {
    name: `wrong-bits-${capacity}`,
    caption: ERROR_CAPTION,
    chart: {
      title: `Faults relative to the optimum as more bits are wrong, at ${formatCount(capacity)} pages`,
      subtitle: trace,
      x: { title: 'share of wrong bits', logarithmic: false, domain: [-0.02, 1.02] },
      y: {
        title: 'faults / faults of OPT',
        domain: [1 - 0.04 * (top - 1), 1 + 1.06 * Math.max(top - 1, 0.01)],
      },
      lines,
    },
  };
}

const DASHES = [SOLID, [6, 3], [2, 2], [9, 3, 2, 3]];

/** Which share of the bits is wrong, and how: by a kind, or at the ends none or all. */
function wrongShare(predictions: string): { kind: 'ends' | 'some'; name: string; share: number } | undefined {
  if (predictions === 'perfect') return { kind: 'ends', name: 'ends', share: 0 };
  if (predictions === 'inverted') return { kind: 'ends', name: 'ends', share: 1 };
  const [, kind, share] = /^(flip|flip-requests|bursts|adversarial):([\d.e-]+)/.exec(predictions) ?? [];
  return kind === undefined ? undefined : { kind: 'some', name: kind, share: Number(share) };
}

/** Whether some bits are wrong, and not all. */
function isBetween({ predictions }: Summary): boolean {
  return wrongShare(predictions)?.kind === 'some';
}

function series(
  summaries: readonly Summary[],
  palette: Palette,
  name: (summary: Summary) => string,
  line: (group: readonly Summary[]) => Pick<Line, 'label' | 'points'>,
): Line[] {
  const groups = new Map<string, Summary[]>();
  for (const summary of summaries) groups.set(name(summary), [...(groups.get(name(summary)) ?? []), summary]);
  return [...groups.values()].map((group) => {
    const [{ policy }] = group;
    group.sort((a, b) => a.capacity - b.capacity);
    return { ...line(group), style: palette(group[0]), reference: policy === 'lru' || policy === 'belady' };
  });
}

/** A point of the chart: its mean, and the ends of its interval where there is one. */
function interval({ mean, halfWidth }: Mean) {
  return halfWidth === 0 ? { y: mean } : { y: mean, low: mean - halfWidth, high: mean + halfWidth };
}

function highest(lines: readonly Line[]): number {
  return Math.max(...lines.flatMap(({ points }) => points.map(({ y, high }) => high ?? y)));
}
