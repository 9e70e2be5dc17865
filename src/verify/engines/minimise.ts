import { requestSequence } from '../../paging/request-sequence.ts';
import { type Instance, makeInstance } from '../instance.ts';

/** Checks spent on one counterexample: a second or so. */
const MOST_CHECKS = 3000;

/**
 * Makes a counterexample small: leaves out stretches of requests, halves first, then single ones; makes the cache smaller; lets two
 * pages be one; sets predictions to 0 and the seed to 1; until nothing of it can be had. Pages are renamed in the order of their first
 * request where that keeps it a counterexample.
 *
 * @param isBad whether an instance breaks the law
 */
export function minimise(instance: Instance, isBad: (instance: Instance) => boolean): Instance {
  let checks = 0;
  let best = instance;
  const take = (candidate: Instance): boolean => {
    if (candidate.sequence.pages.length === 0 || checks++ >= MOST_CHECKS || !isBad(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let before: Instance | undefined; before !== best; ) {
    before = best;
    if (best.seed !== 1) take({ ...best, seed: 1 });
    leaveOut(take, () => best);
    while (best.capacity > 1 && take({ ...best, capacity: best.capacity - 1 }));
    unitePages(take, () => best);
    best.predictions.forEach((prediction, step) => {
      if (prediction !== 0) take({ ...best, predictions: best.predictions.with(step, 0) });
    });
  }
  take(makeInstance(requestSequence(best.sequence.pages).pages, best.capacity, best.predictions, best.seed));
  return best;
}

type Take = (candidate: Instance) => boolean;

function leaveOut(take: Take, best: () => Instance): void {
  for (let size = best().sequence.pages.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < best().sequence.pages.length; ) {
      const { sequence, capacity, predictions, seed } = best();
      const isLeft = (_: number, step: number) => step < from || step >= from + size;
      const candidate = makeInstance(
        sequence.pages.filter(isLeft),
        capacity,
        predictions.filter(isLeft),
        seed,
      );
      if (!take(candidate)) from += size;
    }
  }
}

function unitePages(take: Take, best: () => Instance): void {
  for (const page of new Set(best().sequence.pages)) {
    for (const other of new Set(best().sequence.pages)) {
      if (other >= page) continue;
      const { sequence, capacity, predictions, seed } = best();
      const pages = sequence.pages.map((requested) => (requested === page ? other : requested));
      if (take(makeInstance(pages, capacity, predictions, seed))) break;
    }
  }
}
