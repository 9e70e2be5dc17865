/** The instance that a worker is trying, in memory shared with whoever watches it: all that is left of a run without end. */
import { type Instance, makeInstance } from '../instance.ts';

const COUNT = 0;
const CAPACITY = 1;
const SEED = 2;
const LENGTH = 3;
const REQUESTS = 4;
const MOST_REQUESTS = 4000;

/** Memory for one instance. */
export function watchedMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(8 * (REQUESTS + 2 * MOST_REQUESTS));
}

/** Writes down what is about to be tried. */
export function watchInto(memory: SharedArrayBuffer): (instance: Instance) => void {
  const numbers = new Float64Array(memory);
  return ({ sequence, capacity, predictions, seed }) => {
    const { length } = sequence.pages;
    numbers[CAPACITY] = capacity;
    numbers[SEED] = seed;
    numbers[LENGTH] = length;
    if (length <= MOST_REQUESTS) {
      numbers.set(sequence.pages, REQUESTS);
      numbers.set(predictions, REQUESTS + length);
    }
    numbers[COUNT]++;
  };
}

/** How many instances have been begun. */
export function instancesBegun(memory: SharedArrayBuffer): number {
  return new Float64Array(memory)[COUNT];
}

/** The instance begun last, if it was not too long to be written down. */
export function instanceBegunLast(memory: SharedArrayBuffer): Instance | undefined {
  const numbers = new Float64Array(memory);
  const length = numbers[LENGTH];
  if (numbers[COUNT] === 0 || length > MOST_REQUESTS) return undefined;
  const [pages, predictions] = [0, length].map((from) =>
    numbers.slice(REQUESTS + from, REQUESTS + from + length),
  );
  return makeInstance(pages, numbers[CAPACITY], predictions, numbers[SEED]);
}
