/** How sure it is what a policy is good for. */
export type Standing =
  /** Stated and proved in the paper cited. */
  | 'proved'
  /** Proved in this project, and checked by its property tests. */
  | 'derived'
  /** No bound with constants is proved, at most how it grows with k: what is known of it is measured. */
  | 'empirical';

/**
 * A bound that a policy promises, as data: faults ≤ α(k)·OPT + β(k)·η0 + γ(k)·η1 + additive(k) on every request sequence
 * and all bits, in expectation if the policy is randomised. A policy that needs no prediction has β = γ = 0. It holds
 * under unit costs with nothing protected; elsewhere it is a hope, to be measured.
 */
export interface Guarantee {
  readonly alpha: (k: number) => number;
  readonly beta: (k: number) => number;
  readonly gamma: (k: number) => number;
  readonly additive: (k: number) => number;
  readonly standing: Standing;
  readonly reference: string;
}

/**
 * The guarantee of a policy that needs no prediction.
 *
 * @param ratio its competitive ratio
 * @param reference where it is proved
 */
export function competitive(ratio: (k: number) => number, reference: string): () => Guarantee {
  return () => ({ alpha: ratio, beta: zero, gamma: zero, additive: zero, standing: 'proved', reference });
}

/** The guarantee (α, β, 1) of a policy with bits. */
export function oneBit(
  alpha: number,
  beta: (k: number) => number,
  standing: Standing,
  reference: string,
): Guarantee {
  return { alpha: () => alpha, beta, gamma: () => 1, additive: zero, standing, reference };
}

const zero = () => 0;

/** *Paging with Succinct Predictions*, the source of the core. */
export const SUCCINCT = 'Antoniadis et al., Paging with Succinct Predictions, ICML 2023, arXiv 2210.02775';

/** The k-th harmonic number, H_k = 1 + 1/2 + … + 1/k. O(k). */
export function harmonic(k: number): number {
  let sum = 0;
  for (let i = k; i >= 1; i--) sum += 1 / i;
  return sum;
}
