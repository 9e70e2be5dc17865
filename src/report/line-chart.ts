import type { Config, TopLevelSpec } from 'vega-lite';
import { GRID, INK, type LineStyle, MUTED, PAPER } from './palette.ts';
import { fold, spread } from './text-layout.ts';

/** A point of a line, and the ends of its interval where it has one. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** One line of a chart, named by a label at its right end. */
export interface Line {
  readonly label: string;
  readonly style: LineStyle;
  /** In the order in which they are joined; at least one. */
  readonly points: readonly Point[];
  /** Whether it is a yardstick, drawn under the other lines and without marks at its points. */
  readonly reference: boolean;
}

/** An axis with its limits. */
interface Axis {
  /** What is measured, with its unit. Up the side in 31 characters: without fonts their widths are guessed, and a longer one pushes the chart's title out. */
  readonly title: string;
  readonly domain: readonly [number, number];
}

/** A chart of lines as plain data. */
export interface LineChart {
  /** What is to be seen, in words. */
  readonly title: string;
  readonly subtitle: string;
  /** Integers if logarithmic. Marked at `ticks`; at round numbers where there are none. */
  readonly x: Axis & { readonly logarithmic: boolean; readonly ticks?: readonly number[] };
  readonly y: Axis;
  readonly lines: readonly Line[];
}

const PLOT_WIDTH = 440;
const PLOT_HEIGHT = 300;
/** Room for the titles and the axes, in pixels. */
const MARGIN = { left: 64, top: 40, bottom: 54 };
const TITLE_LINE = 20;
/** Width of a character of the title in the widest of the fonts, in pixels. */
const TITLE_CHARACTER = 8.2;
/** Distance of the labels from the plot, least distance between two labels, and a character's width, in pixels. */
const LABEL_OFFSET = 26;
const LABEL_SPACING = 17;
const LABEL_CHARACTER = 7;
/** Short labels are capitals, which are wider. */
const SHORTEST_LABEL = 5;

/** How every chart is set, static or interactive. */
export const CHART_CONFIG: Config = {
  aria: false,
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  view: { stroke: null },
  text: { fontSize: 12 },
  title: {
    anchor: 'start',
    frame: 'group',
    color: INK,
    fontSize: 16,
    fontWeight: 600,
    lineHeight: TITLE_LINE,
    subtitleColor: MUTED,
    subtitleFontSize: 12,
    subtitlePadding: 6,
    offset: 16,
  },
  axis: {
    labelColor: MUTED,
    labelFontSize: 11,
    titleColor: INK,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 10,
    gridColor: GRID,
    domainColor: MUTED,
    tickColor: MUTED,
  },
};

/**
 * Draws a chart as SVG, about 720 × 420 pixels. Equal charts give equal text.
 *
 * @returns a whole `<svg>` element without scripts or references to other files
 */
export async function drawChart(chart: LineChart): Promise<string> {
  // Loaded only here: the two libraries take about half a second, which commands without figures should not pay.
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const view = new vega.View(vega.parse(compile(specify(chart)).spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** The chart in the language of Vega-Lite. */
function specify(chart: LineChart): TopLevelSpec {
  const height = Math.max(PLOT_HEIGHT, chart.lines.length * LABEL_SPACING);
  const widest = Math.max(SHORTEST_LABEL, ...chart.lines.map(({ label }) => label.length));
  const right = LABEL_OFFSET + LABEL_CHARACTER * widest;
  const title = fold(chart.title, Math.floor((MARGIN.left + PLOT_WIDTH + right) / TITLE_CHARACTER));
  // What is drawn first lies below.
  const lines = [
    ...chart.lines.filter((line) => line.reference),
    ...chart.lines.filter((line) => !line.reference),
  ];
  const position = axes(chart);
  return {
    background: PAPER,
    width: PLOT_WIDTH,
    height,
    autosize: 'none',
    padding: {
      ...MARGIN,
      top: MARGIN.top + TITLE_LINE * title.length,
      right,
    },
    title: { text: title, subtitle: chart.subtitle, dx: 8 - MARGIN.left },
    layer: [...labelLayers(lines, position, height), ...lineLayers(lines, position)],
    config: CHART_CONFIG,
  };
}

/** The axes of a chart, static or interactive. */
export function axes({ x, y }: LineChart) {
  const scale = x.logarithmic ? { type: 'log' as const } : { zero: false };
  return {
    x: {
      field: 'x',
      type: 'quantitative' as const,
      title: x.title,
      scale: { ...scale, domain: [...x.domain], nice: false },
      axis: {
        ...(x.ticks && { values: [...x.ticks] }),
        ...(x.logarithmic && { format: ',' }),
        labelOverlap: true,
        grid: false,
      },
    },
    y: {
      field: 'y',
      type: 'quantitative' as const,
      title: y.title,
      scale: { domain: [...y.domain], nice: false, zero: false },
      axis: { tickCount: 6, domain: false, ticks: false },
    },
  };
}

/** Encodes a property by a field that holds the very colour, shape or number to draw with. */
function asIs(field: keyof LineStyle) {
  return { field, type: 'nominal' as const, scale: null };
}

function lineLayers(lines: readonly Line[], position: ReturnType<typeof axes>) {
  const rows = lines.flatMap(({ label, style, reference, points }) =>
    points.map((point) => ({ ...point, ...style, label, reference })),
  );
  const intervals = rows.filter(({ low }) => low !== undefined);
  const intervalLayer = {
    data: { values: intervals },
    mark: { type: 'rule' as const, strokeWidth: 1.5, opacity: 0.6 },
    encoding: {
      ...position,
      y: { ...position.y, field: 'low' },
      y2: { field: 'high' },
      color: asIs('colour'),
    },
  };
  return [
    {
      data: { values: rows },
      mark: { type: 'line' as const, strokeJoin: 'round' as const },
      encoding: {
        ...position,
        // One line per label, drawn in the order of the rows.
        detail: { field: 'label' },
        color: asIs('colour'),
        strokeDash: asIs('dash'),
        strokeWidth: { ...asIs('width'), type: 'quantitative' as const },
      },
    },
    ...(intervals.length === 0 ? [] : [intervalLayer]),
    {
      data: { values: rows.filter(({ reference }) => !reference) },
      mark: { type: 'point' as const, filled: true, size: 60, opacity: 1, stroke: PAPER, strokeWidth: 1 },
      encoding: { ...position, fill: asIs('colour'), shape: asIs('shape') },
    },
  ];
}

/** Labels to the right of the plot, each joined to the last point of its line. */
function labelLayers(lines: readonly Line[], { x, y }: ReturnType<typeof axes>, height: number) {
  const data = { values: labelRows(lines, y.scale.domain, height) };
  const rule = { type: 'rule' as const, strokeWidth: 1 };
  const place = { ...y, field: 'place' };
  return [
    {
      data,
      mark: { ...rule, opacity: 0.35 },
      encoding: { x, x2: { value: PLOT_WIDTH }, y, color: asIs('colour') },
    },
    {
      data,
      mark: { ...rule, opacity: 0.7 },
      encoding: {
        x: { value: PLOT_WIDTH + 3 },
        x2: { value: PLOT_WIDTH + LABEL_OFFSET - 4 },
        y,
        y2: { field: 'place' },
        color: asIs('colour'),
      },
    },
    {
      data,
      mark: { type: 'text' as const, align: 'left' as const, baseline: 'middle' as const, color: INK },
      encoding: { x: { value: PLOT_WIDTH + LABEL_OFFSET }, y: place, text: { field: 'label' } },
    },
  ];
}

/** Where each label stands: at its line's last point, in units of the y axis, moved aside where labels would touch. */
function labelRows(lines: readonly Line[], [low, high]: readonly number[], height: number) {
  const pixel = (high - low) / height;
  const rows = lines.map(({ label, style, points }) => ({
    ...points[points.length - 1],
    label,
    colour: style.colour,
  }));
  rows.sort((a, b) => b.y - a.y);
  const wanted = rows.map(({ y }) => (high - y) / pixel);
  const places = spread(wanted, LABEL_SPACING, height);
  return rows.map((row, index) => ({ ...row, place: high - places[index] * pixel }));
}
