import type { ResultRecord } from '../simulator/result.ts';

/** Colours that the page exchanges for lighter ones in dark mode; written in a figure exactly as here. */
export const INK = '#24292f';
export const MUTED = '#6e7781';
export const GRID = '#e4e7eb';
export const PAPER = '#ffffff';

/** Okabe and Ito's palette (2008), told apart with every kind of colour blindness; black is left to lru. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
/** As many as are not a divisor of the number of colours, so that thirty policies get a pair of their own. */
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'triangle-down'];

/** The first predictions that are not inverted get a solid line, the next ones these dashes in turn. */
export const SOLID: readonly number[] = [1, 0];
const DASHES = [SOLID, [9, 3], [9, 3, 2, 3], [4, 2]];
const DOTTED = [1.5, 3];

/** What tells the lines of a figure apart. */
type Drawn = Pick<ResultRecord, 'policy' | 'predictions'>;

/** How the line of a policy with one kind of predictions is drawn. */
export interface LineStyle {
  readonly colour: string;
  readonly shape: string;
  /** Lengths of dash and gap in pixels. */
  readonly dash: readonly number[];
  /** In pixels. */
  readonly width: number;
}

/** The yardsticks of every figure, wider than other lines so that they can be seen under one that keeps to them. */
export const LRU_STYLE: LineStyle = { colour: INK, shape: 'circle', dash: SOLID, width: 3.5 };
export const OPT_STYLE: LineStyle = { colour: MUTED, shape: 'circle', dash: [7, 5], width: 2.5 };
/** An estimate drawn over what it estimates. */
export const SAMPLE_STYLE: LineStyle = { colour: COLOURS[1], shape: 'circle', dash: SOLID, width: 1.5 };

/**
 * Chooses colours and shapes by policy and dashes by predictions, the same in every figure drawn with one palette.
 *
 * @param records all records of all figures that shall agree; O(n)
 * @returns the style of each of these records
 */
export function choosePalette(records: readonly Drawn[]): (record: Drawn) => LineStyle {
  const coloured = records.filter(({ policy }) => policy !== 'lru' && policy !== 'belady');
  const policies = [...new Set(coloured.map((record) => record.policy))];
  const predictions = [...new Set(coloured.map((record) => record.predictions))].filter(
    (kind) => kind !== 'none' && kind !== 'inverted',
  );
  return (record) => {
    if (record.policy === 'lru') return LRU_STYLE;
    if (record.policy === 'belady') return OPT_STYLE;
    const policy = policies.indexOf(record.policy);
    const kind = Math.max(0, predictions.indexOf(record.predictions));
    return {
      colour: COLOURS[policy % COLOURS.length],
      shape: SHAPES[policy % SHAPES.length],
      dash: record.predictions === 'inverted' ? DOTTED : DASHES[kind % DASHES.length],
      width: 2,
    };
  };
}
