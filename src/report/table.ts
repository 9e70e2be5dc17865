import { styleText } from 'node:util';
import Table, { type Cell } from 'cli-table3';
import type { ResultRecord } from '../simulator/result.ts';
import { COLUMNS, comparisonSections, formatCount, scoredRequests } from './comparison.ts';

/** The rule under the headings is the only line drawn. */
export const NO_BORDER = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'right', 'right-mid'])
    .map((place) => [place, '']),
);

/** Widest text under `predictions`; the path of a model file can be any length. */
const WIDEST_PREDICTIONS = 24;

/**
 * Writes a comparison as a table for a terminal: one section per capacity, its best rows in bold, and a closing line
 * that says what was scored.
 *
 * @param records cells of one comparison, at least one
 * @param colour whether the terminal understands escape sequences
 * @param width of the terminal in characters; where the table does not fit, the columns move closer
 * @returns several lines, the last without a line feed
 *
 * @example
 * console.log(comparisonTable(records, process.stdout.hasColors?.() ?? false, process.stdout.columns));
 */
export function comparisonTable(records: readonly ResultRecord[], colour: boolean, width = 100): string {
  // The caller decided about escape sequences, so styleText must not look at the standard output again.
  const style = (format: 'bold' | 'dim' | 'underline', text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text;
  const lines: Cell[][] = [];
  for (const { capacity, rows } of comparisonSections(records)) {
    const heading = style('underline', `capacity ${formatCount(capacity)} pages`);
    lines.push(COLUMNS.map((_, column) => (column > 0 ? '' : lines.length === 0 ? heading : `\n${heading}`)));
    for (const { record, best } of rows) {
      const shown = { ...record, predictions: shorten(record.predictions) };
      lines.push(COLUMNS.map(({ text }) => (best ? style('bold', text(shown)) : text(shown))));
    }
  }
  const roomy = draw(lines, false);
  const drawn = roomy.indexOf('\n') > width ? draw(lines, true) : roomy;
  const notes = [scoredRequests(records[0]), 'Gap closed: lru is 0%, belady (OPT) 100%.'];
  if (colour) notes.push('Bold: fewest faults without perfect foresight.');
  return `${drawn}\n\n${notes.map((note) => style('dim', note)).join('\n')}`;
}

function draw(lines: readonly Cell[][], narrow: boolean): string {
  const gap = narrow ? ' ' : '  ';
  const head = COLUMNS.map(({ heading }) => {
    // Broken at a blank or before a slash, since most numbers are narrower than their heading.
    const content = heading.replace(/ |(?=\/)/, '\n');
    return { content: narrow ? content.replace('predictions', 'predic-\ntions') : content, vAlign: 'bottom' };
  });
  const table = new Table({
    // The type of `head` leaves out that a heading, like every cell, may carry its alignment.
    head: head as unknown as string[],
    colAligns: COLUMNS.map(({ numeric }) => (numeric ? 'right' : 'left')),
    chars: { ...NO_BORDER, mid: '─', 'mid-mid': '─'.repeat(gap.length), middle: gap },
    style: { compact: true, head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...lines);
  return table.toString();
}

/** Keeps what says most about predictions that are too wide: the kind in front, the file's name at the end. */
function shorten(predictions: string): string {
  if (predictions.length <= WIDEST_PREDICTIONS) return predictions;
  const kind = predictions.slice(0, predictions.indexOf(':') + 1);
  return `${kind}…${predictions.slice(kind.length + 1 - WIDEST_PREDICTIONS)}`;
}
