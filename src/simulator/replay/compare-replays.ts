import { nextRequests } from '../../paging/belady.ts';
import type { CatalogPolicy } from '../../paging/definition.ts';
import type { Bits } from '../../paging/policy.ts';
import { findPolicy } from '../../policies/find-policy.ts';
import { fitCutPoints } from '../../predictors/cut-point.ts';
import { makeBits } from '../make-predictions.ts';
import { formatPredictions, isLearned, type PredictionSource } from '../predictions.ts';
import type { ReplayRecord, TierRecord } from '../result.ts';
import { FarthestNextUse, nextUses } from './farthest-next-use.ts';
import type { Measures } from './measures.ts';
import { type ReplayOutcome, type ReplaySettings, replay } from './replay.ts';
import { tailBits, trueBits } from './request-bits.ts';
import type { Workload } from './workload.ts';

type GivenPredictions = Pick<ReplaySettings, 'predictions' | 'late'>;

/** Policies × predictions on one workload. */
export interface ReplayComparison extends Omit<ReplaySettings, 'policy' | 'homes' | keyof GivenPredictions> {
  readonly policies: readonly CatalogPolicy[];
  /** Each policy that takes bits is run once with each of these. */
  readonly sources: readonly PredictionSource[];
  /** For each block access of the workload the block whose bit a model lets turn, by predictions as `formatPredictions` writes them; needed where `isLearned`. */
  readonly learned?: (predictions: string) => Uint32Array;
  /** Seconds within which the first token shall come. */
  readonly target: number;
}

/**
 * Runs a comparison of replays, one record at a time: LRU; `belady`, the block used farthest in the future leaves, with the
 * same pins, where the future is that of the run with LRU: its routing and the order of its arrivals; `t-lru` (`tailBits`) and `rlt`; then the other policies in the order given.
 *
 * RLT, randomised eviction of leaves (Wu, Silwal and Zhang, arXiv 2601.18999), is `marker` here: where only leaves may
 * leave, it evicts a random one of those not used in this phase.
 */
export function* compareReplays(comparison: ReplayComparison): Generator<ReplayRecord> {
  const { policies, workload } = comparison;
  const lru = run(comparison, findPolicy('lru'));
  const { homes, order } = lru;
  const uses = nextUses(workload, { homes, order, workers: comparison.workers });
  const optimum = run({ ...comparison, homes }, farthestNextUse(workload), { predictions: uses });
  const record = (policy: string, outcome: ReplayOutcome, predictions = 'none') =>
    describe(comparison, { policy, predictions, outcome, gapClosed: gapClosed(lru, outcome, optimum) });
  yield record('lru', lru);
  yield record('belady', optimum);
  const tail = tailBits(workload, spareTokens(comparison));
  yield record('t-lru', run(comparison, findPolicy('discard(lru)'), { predictions: tail }));
  yield record('rlt', run(comparison, findPolicy('marker')));
  for (const policy of policies) {
    if (policy.name === 'lru') continue;
    if (policy.needs === 'nothing') {
      yield record(policy.name, run(comparison, policy));
      continue;
    }
    for (const source of comparison.sources) {
      const bits = makeRequestBits(comparison, policy, source, order);
      yield record(policy.name, run(comparison, policy, bits), formatPredictions(source));
    }
  }
}

function run(
  comparison: ReplayComparison & Pick<ReplaySettings, 'homes'>,
  policy: CatalogPolicy,
  given?: GivenPredictions,
): ReplayOutcome {
  return replay({ ...comparison, policy, ...given });
}

function farthestNextUse({ accesses }: Workload): CatalogPolicy {
  return {
    ...findPolicy('follow-the-prediction'),
    name: 'belady',
    create: ({ capacity }) => new FarthestNextUse(capacity, accesses.pages.length),
  };
}

/** The longest prompt that can be read within the target, in tokens. */
function spareTokens({ cost, target }: ReplayComparison): number {
  let [fits, more] = [0, 1];
  while (cost.firstTokenSeconds(more) <= target) more *= 2;
  while (more - fits > 1) {
    const middle = Math.floor((fits + more) / 2);
    if (cost.firstTokenSeconds(middle) <= target) fits = middle;
    else more = middle;
  }
  return fits;
}

/** Sources that misjudge single blocks; what they say of a request becomes one cut point. */
const NOISY: readonly PredictionSource['kind'][] = [
  'flip',
  'flip-requests',
  'bursts',
  'adversarial',
  'random',
];

/** @param order the requests as they arrive */
function makeRequestBits(
  comparison: ReplayComparison,
  policy: CatalogPolicy,
  source: PredictionSource,
  order: Uint32Array,
): GivenPredictions {
  const { workload, capacity, workers, seed } = comparison;
  const { first, accesses } = workload;
  const labels = trueBits(workload, order, capacity * workers, policy.needs);
  const faults = (predictions: Bits) => {
    const { measures } = run(comparison, policy, { predictions: fitCutPoints(predictions, first) });
    return measures.promptBlocks - measures.hitBlocks;
  };
  const learned = isLearned(source) ? comparison.learned?.(formatPredictions(source)) : undefined;
  const material = { seed, learned, firstBlock: first, next: nextRequests(accesses), faults };
  const given = makeBits(source, labels, material);
  return NOISY.includes(source.kind) ? { predictions: fitCutPoints(given.predictions, first) } : given;
}

function gapClosed(lru: ReplayOutcome, outcome: ReplayOutcome, optimum: ReplayOutcome): number | null {
  const gap = optimum.measures.hitBlocks - lru.measures.hitBlocks;
  return gap === 0 ? null : (outcome.measures.hitBlocks - lru.measures.hitBlocks) / gap;
}

function describe(
  comparison: ReplayComparison,
  row: { policy: string; predictions: string; outcome: ReplayOutcome; gapClosed: number | null },
): ReplayRecord {
  const { workload, capacity, workers, router, seed, measuredFrom, target } = comparison;
  const { measures } = row.outcome;
  const latency = measures.latency(target);
  return {
    trace: workload.trace.name,
    policy: row.policy,
    predictions: row.predictions,
    capacity,
    blockTokens: workload.blockTokens,
    workers,
    router,
    closedLoop: comparison.closedLoop,
    model: comparison.cost.geometry.name,
    device: comparison.cost.device.name,
    seed,
    measuredFrom,
    finished: measures.finished,
    rejected: measures.rejected,
    blockHitRatio: share(measures.hitBlocks, measures.promptBlocks),
    tokenHitRatio: share(measures.hitTokens, measures.promptTokens),
    tiers: tierRecords(comparison, measures),
    sparedTokenRatio: share(measures.sparedTokens, measures.promptTokens),
    recomputedTokens: measures.recomputedTokens,
    prefillSeconds: measures.prefillSeconds,
    prefillSecondsSaved: measures.coldSeconds - measures.prefillSeconds,
    firstTokenMean: latency.mean,
    firstTokenP50: latency.p50,
    firstTokenP90: latency.p90,
    firstTokenP99: latency.p99,
    target,
    withinTarget: latency.within,
    tokensPerSecond: share(measures.outputTokens, measures.end - measures.start),
    evictions: measures.evictions,
    preemptions: measures.preemptions,
    bytesMoved: measures.bytesMoved,
    gapClosed: row.gapClosed,
  };
}

function tierRecords({ tiers }: ReplayComparison, measures: Measures): TierRecord[] {
  return tiers.map(({ name, policy, capacity, error = 0 }, i) => {
    const { blocks, tokens, bytesRead, bytesWritten, evictions } = measures.tiers[i];
    return {
      name,
      policy: policy.name,
      capacity,
      error,
      blockHitRatio: share(blocks, measures.promptBlocks),
      tokenHitRatio: share(tokens, measures.promptTokens),
      bytesRead,
      bytesWritten,
      evictions,
    };
  });
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
