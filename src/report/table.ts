import { styleText } from 'node:util';
import type { Cell } from 'cli-table3';
import type { ResultRecord } from '../simulator/result.ts';
import { COLUMNS, comparisonSections, formatCount, scoredRequests } from './comparison.ts';
import { drawTable } from './draw-table.ts';

/** Widest text under `predictions`; the path of a model file can be any length. */
const WIDEST_PREDICTIONS = 24;

/**
 * Writes a comparison as a table for a terminal: one section per capacity, its best rows in bold, and closing lines
 * that say what was scored.
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
  const drawn = drawTable(COLUMNS, lines, width);
  const notes = [
    `Trace: ${records[0].trace}.`,
    scoredRequests(records[0]),
    'Gap closed: lru is 0%, belady (OPT) 100%.',
  ];
  if (colour) notes.push('Bold: fewest faults without perfect foresight.');
  return `${drawn}\n\n${notes.map((note) => style('dim', note)).join('\n')}`;
}

/** Keeps what says most about predictions that are too wide: the kind in front, the file's name at the end. */
export function shorten(predictions: string): string {
  if (predictions.length <= WIDEST_PREDICTIONS) return predictions;
  const kind = predictions.slice(0, predictions.indexOf(':') + 1);
  return `${kind}…${predictions.slice(kind.length + 1 - WIDEST_PREDICTIONS)}`;
}
