import { predictionError } from '../paging/prediction-error.ts';
import type { RequestSequence } from '../paging/request-sequence.ts';
import { findPolicy } from '../policies/find-policy.ts';
import { settledBits } from '../predictors/learned-discards.ts';
import { Labels, makeArrivals, makeBits, makeStates } from './make-predictions.ts';
import { parsePredictions, takesBits } from './predictions.ts';
import { simulate } from './simulate.ts';

/** One simulation of a comparison, as plain data that crosses threads. */
export interface Cell {
  /** An expression that `findPolicy` reads. */
  readonly policy: string;
  /** Cache size in pages. */
  readonly capacity: number;
  /** What `parsePredictions` reads, or `none` for a policy that needs nothing. */
  readonly predictions: string;
  /** Which of the workload's learned arrays, where the source `isLearned`. */
  readonly learned?: number;
  readonly seed: number;
}

/** What all cells of a comparison share. */
export interface Workload {
  readonly sequence: RequestSequence;
  /** `nextRequests(sequence)` */
  readonly next: Uint32Array;
  /** Index of each serving request's first block access, and their number at the end. */
  readonly firstBlock: Uint32Array;
  /** The pages whose bits models let turn, `late` of a `Simulation`; one array for each model and capacity. */
  readonly learned: readonly Uint32Array[];
  /** Index of the first scored request. */
  readonly evaluatedFrom: number;
}

/** What a cell comes to, among the scored requests. */
export interface CellResult {
  readonly faults: number;
  /** Wrong 0s and wrong 1s; `null` without bits. */
  readonly eta0: number | null;
  readonly eta1: number | null;
}

/** Runs the cells of one workload; quickest where cells of equal capacity follow each other, since they share labels. */
export class CellRunner {
  private readonly workload: Workload;
  private labels: Labels | undefined;

  constructor(workload: Workload) {
    this.workload = workload;
  }

  /** @throws Failure for a policy or a source that the cell names wrongly, or that do not fit together */
  run({ policy: name, capacity, predictions, learned, seed }: Cell): CellResult {
    const { sequence, next, firstBlock, evaluatedFrom: from } = this.workload;
    const policy = findPolicy(name);
    const simulation = { sequence, policy, capacity, seed, from };
    if (predictions === 'none') return { faults: simulate(simulation), eta0: null, eta1: null };
    const source = parsePredictions(predictions);
    if (!takesBits(policy)) {
      const made =
        policy.needs === 'cache state'
          ? makeStates(source, sequence, capacity, next, seed)
          : makeArrivals(source, sequence, next, seed);
      return { faults: simulate({ ...simulation, predictions: made }), eta0: null, eta1: null };
    }
    if (this.labels?.capacity !== capacity) this.labels = new Labels(sequence, capacity, next);
    const labels = this.labels.of(policy);
    const bits = makeBits(source, labels, {
      seed,
      learned: this.workload.learned[learned ?? -1],
      firstBlock,
      next,
      // The adversary does not see the coins of the run that is reported.
      faults: (tried) => simulate({ ...simulation, predictions: tried, seed: seed + 1 }),
    });
    const settled = bits.late === undefined ? bits.predictions : settledBits(sequence, bits.late);
    return { faults: simulate({ ...simulation, ...bits }), ...predictionError(settled, labels, from) };
  }
}
