import { axes, CHART_CONFIG, type LineChart } from './line-chart.ts';
import { INK, PAPER } from './palette.ts';

const HEIGHT = 340;
/** Labels up to this length stand in two columns under the plot. */
const SHORT_LABEL = 20;

/**
 * A chart as a specification for Vega, as wide as its place on a page. A point tells its numbers under the pointer; a click on
 * a name in the legend dims the other lines, with shift several may be chosen.
 *
 * @returns plain data for `vega.parse`
 */
export async function interactiveChart(chart: LineChart): Promise<object> {
  const { compile } = await import('vega-lite');
  return compile(specify(chart) as unknown as Parameters<typeof compile>[0]).spec;
}

function specify(chart: LineChart): object {
  const { x, y } = axes(chart);
  const lines = [...chart.lines].sort((a, b) => Number(b.reference) - Number(a.reference));
  const labels = lines.map(({ label }) => label);
  const values = lines.flatMap(({ label, points, reference, style }) =>
    points.map((point) => ({ ...point, label, reference, width: style.width })),
  );
  const scaled = (range: unknown[]) => ({
    field: 'label',
    type: 'nominal',
    title: null,
    scale: { domain: labels, range },
    legend: {
      orient: 'bottom',
      columns: Math.max(...labels.map(({ length }) => length)) > SHORT_LABEL ? 1 : 2,
      labelLimit: 0,
      symbolType: 'stroke',
      symbolSize: 400,
    },
  });
  const colour = scaled(lines.map(({ style }) => style.colour));
  const opacity = { condition: { param: 'chosen', value: 1 }, value: 0.12 };
  const tooltip = [
    { field: 'label', type: 'nominal', title: 'line' },
    { field: 'x', type: 'quantitative', title: chart.x.title },
    { field: 'y', type: 'quantitative', title: chart.y.title, format: '.4f' },
    { field: 'low', type: 'quantitative', title: 'from (95%)', format: '.4f' },
    { field: 'high', type: 'quantitative', title: 'to (95%)', format: '.4f' },
  ];
  return {
    // The card behind it is paper, light or dark.
    background: 'transparent',
    width: 'container',
    height: HEIGHT,
    autosize: { type: 'fit-x', contains: 'padding' },
    data: { values },
    encoding: { x, color: colour, opacity },
    layer: [
      {
        params: [{ name: 'chosen', select: { type: 'point', fields: ['label'] }, bind: 'legend' }],
        mark: { type: 'line', strokeJoin: 'round', clip: true },
        encoding: {
          y,
          strokeDash: scaled(lines.map(({ style }) => [...style.dash])),
          strokeWidth: { field: 'width', type: 'quantitative', scale: null },
        },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.5 },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        transform: [{ filter: '!datum.reference' }],
        mark: { type: 'point', filled: true, size: 60, stroke: PAPER, strokeWidth: 1 },
        encoding: { y, tooltip },
      },
    ],
    config: { ...CHART_CONFIG, legend: { labelColor: INK, labelFontSize: 12, offset: 12 } },
  };
}
