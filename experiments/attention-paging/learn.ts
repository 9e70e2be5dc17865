/** A discard bit for each request, learned from past attention by logistic regression. */
import { SeededRandom } from '../../src/support/random.ts';
import type { Requests, Sequence } from './sequences.ts';

const EPOCHS = 30;
const RATE = 0.05;

/**
 * What is known of a block when it is asked for, one row a request; looks at no later step. The first is always 1.
 */
export function featuresOf({ steps }: Sequence, { pages, step }: Requests, share: number): Float64Array[] {
  const count = new Float64Array(steps[steps.length - 1].length);
  const [sum, most, smooth, asked] = [count.slice(), count.slice(), count.slice(), count.slice()];
  const latest = count.slice().fill(-1);
  const rows: Float64Array[] = [];
  let i = 0;
  steps.forEach((mass, j) => {
    mass.forEach((now, block) => {
      count[block]++;
      sum[block] += now;
      most[block] = Math.max(most[block], now);
      smooth[block] = count[block] === 1 ? now : 0.7 * smooth[block] + 0.3 * now;
      if (now > share) asked[block]++;
    });
    for (; i < pages.length && step[i] === j; i++) {
      const block = pages[i];
      const seen = Math.max(1, count[block]);
      const fromEnd = mass.length - 1 - block;
      rows.push(
        Float64Array.of(
          1,
          logarithm(mass[block] ?? 0),
          logarithm(sum[block] / seen),
          logarithm(most[block]),
          logarithm(smooth[block]),
          asked[block] / seen,
          Math.log2(1 + j - latest[block]),
          Math.log2(1 + Math.max(0, fromEnd)),
          Number(block === 0),
          Number(fromEnd <= 0),
          Number(fromEnd === 1),
          Number(fromEnd === 2 || fromEnd === 3),
          Math.log2(1 + j),
          Math.log2(mass.length),
        ),
      );
      latest[block] = j;
    }
  });
  return rows;
}

/** The probability of a 1 given a row of features. */
export class Logistic {
  private readonly weights: Float64Array;
  private readonly centre: Float64Array;
  private readonly spread: Float64Array;

  /** Fits by stochastic gradient descent with decreasing steps. O(epochs · rows · features). */
  constructor(rows: readonly Float64Array[], labels: readonly number[], seed: number) {
    const width = rows[0].length;
    this.weights = new Float64Array(width);
    this.centre = new Float64Array(width);
    this.spread = new Float64Array(width).fill(1);
    for (let f = 1; f < width; f++) {
      this.centre[f] = rows.reduce((total, row) => total + row[f], 0) / rows.length;
      const variance = rows.reduce((total, row) => total + (row[f] - this.centre[f]) ** 2, 0) / rows.length;
      this.spread[f] = Math.sqrt(variance) || 1;
    }
    const random = new SeededRandom(seed);
    for (let turn = 0; turn < EPOCHS * rows.length; turn++) {
      const at = random.below(rows.length);
      const error = labels[at] - this.probability(rows[at]);
      const rate = RATE / (1 + (4 * turn) / rows.length);
      for (let f = 0; f < width; f++) this.weights[f] += rate * error * this.scaled(rows[at], f);
    }
  }

  probability(row: Float64Array): number {
    let sum = 0;
    for (let f = 0; f < row.length; f++) sum += this.weights[f] * this.scaled(row, f);
    return 1 / (1 + Math.exp(-sum));
  }

  private scaled(row: Float64Array, f: number): number {
    return (row[f] - this.centre[f]) / this.spread[f];
  }
}

function logarithm(mass: number): number {
  return Math.log2(Math.max(mass, 2 ** -16));
}
