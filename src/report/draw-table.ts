import Table, { type Cell } from 'cli-table3';

/** The rule under the headings is the only line drawn. */
export const NO_BORDER = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'right', 'right-mid'])
    .map((place) => [place, '']),
);

/** A column's heading, and whether it holds numbers, which stand to the right. */
export interface Heading {
  readonly heading: string;
  readonly numeric: boolean;
}

/**
 * Draws a table for a terminal: headings, a rule, lines.
 *
 * @param columns one per cell of a line
 * @param width of the terminal in characters; where the table does not fit, the columns move closer
 * @returns several lines, the last without a line feed
 */
export function drawTable(columns: readonly Heading[], lines: readonly Cell[][], width: number): string {
  const roomy = draw(columns, lines, false);
  return roomy.indexOf('\n') > width ? draw(columns, lines, true) : roomy;
}

function draw(columns: readonly Heading[], lines: readonly Cell[][], narrow: boolean): string {
  const gap = narrow ? ' ' : '  ';
  const head = columns.map(({ heading }) => {
    // Broken at a blank or before a slash, since most numbers are narrower than their heading.
    const content = heading.replace(/ |(?=\/)/, '\n');
    return { content: narrow ? content.replace('predictions', 'predic-\ntions') : content, vAlign: 'bottom' };
  });
  const table = new Table({
    // The type of `head` leaves out that a heading, like every cell, may carry its alignment.
    head: head as unknown as string[],
    colAligns: columns.map(({ numeric }) => (numeric ? 'right' : 'left')),
    chars: { ...NO_BORDER, mid: '─', 'mid-mid': '─'.repeat(gap.length), middle: gap },
    style: { compact: true, head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...lines);
  return table.toString();
}
