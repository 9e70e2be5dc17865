/**
 * Policies whose coins correlate the pages: what is known of them is a *belief*, each outcome of the coins so far with its
 * probability, where an outcome is one mark a page. Written as a table with an outcome a row, the mark of a page in the model is
 * its column, and the probabilities are shared. A request to an oblivious adversary's sequence serves every row.
 *
 * Beliefs that differ by the order of rows or columns are the same. Columns are sorted by the game; rows are put in an
 * order that the names of pages do not decide, except among rows that two rounds of comparing cannot tell apart. Those are nearly
 * always alike; where not, one belief is counted as several, and the graph is larger than need be but no less exact.
 */
import { add, formatRational, multiply, type Rational, rational } from '../../support/rational.ts';
import type { PolicyModel, Served } from './policy-model.ts';

/** What one outcome becomes, among the equally likely results of a request. */
export interface Branch {
  readonly marks: number[];
  readonly hit: boolean;
}

interface Row {
  readonly marks: readonly number[];
  readonly probability: Rational;
}

/**
 * @param branches the equally likely results of a request in one outcome; does not change the marks it is given
 */
export function beliefModel(
  needs: PolicyModel['needs'],
  branches: (marks: readonly number[], page: number, bit: number) => Branch[],
): PolicyModel {
  const columns: number[][] = [];
  const numbers = new Map<string, number>();
  const numberOf = (column: number[]): number => {
    const key = column.join();
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, columns.length);
    return columns.push(column) - 1;
  };
  const format = (rows: readonly Row[]) => ({
    marks: rows[0].marks.map((_, page) => numberOf(rows.map(({ marks }) => marks[page]))),
    shared: rows.map(({ probability }) => formatRational(probability)).join(' '),
  });
  const parse = (marks: readonly number[], shared: string): Row[] =>
    shared.split(' ').map((text, row) => {
      const [numerator, denominator = '1'] = text.split('/');
      const probability = rational(BigInt(numerator), BigInt(denominator));
      return { marks: marks.map((mark) => columns[mark][row]), probability };
    });
  return {
    needs,
    isExact: true,
    mayBeInfinite: true,
    start: (pageCount) => format([{ marks: new Array(pageCount).fill(0), probability: rational(1) }]),
    serve: ({ marks, shared }, page, bit): Served => {
      let faults = rational(0);
      const rows = new Map<string, Row>();
      for (const row of parse(marks, shared)) {
        const results = branches(row.marks, page, bit);
        const share = multiply(row.probability, rational(1, results.length));
        for (const result of results) {
          if (!result.hit) faults = add(faults, share);
          const key = result.marks.join();
          const probability = add(rows.get(key)?.probability ?? rational(0), share);
          rows.set(key, { marks: result.marks, probability });
        }
      }
      return { state: format(inOrder([...rows.values()])), faults };
    },
  };
}

/** The rows by probability, then by their marks, then by the columns that their marks stand in. */
function inOrder(rows: readonly Row[]): Row[] {
  if (rows.length === 1) return [...rows];
  const own = rows.map(({ marks, probability }) => {
    return `${formatRational(probability)}:${[...marks].sort((a, b) => a - b)}`;
  });
  const columns = rows[0].marks.map((_, page) =>
    rows
      .map(({ marks }, i) => `${own[i]}=${marks[page]}`)
      .sort()
      .join(';'),
  );
  const keys = rows.map(
    ({ marks }, i) => `${own[i]} ${marks.map((mark, page) => `${columns[page]}#${mark}`).sort()}`,
  );
  const order = rows
    .map((_, i) => i)
    .sort((a, b) => compareText(keys[a], keys[b]) || compareText(`${rows[a].marks}`, `${rows[b].marks}`));
  return order.map((i) => rows[i]);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
