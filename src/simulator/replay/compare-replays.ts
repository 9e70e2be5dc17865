import type { CatalogPolicy } from '../../paging/definition.ts';
import { findPolicy } from '../../policies/find-policy.ts';
import { flipBits, invertBits, randomBits } from '../../predictors/noise.ts';
import { assert } from '../../support/failure.ts';
import { SeededRandom } from '../../support/random.ts';
import { formatPredictions, type PredictionSource } from '../predictions.ts';
import type { ReplayRecord } from '../result.ts';
import { FarthestNextUse, nextUses } from './farthest-next-use.ts';
import { type ReplayOutcome, type ReplaySettings, replay } from './replay.ts';
import { tailBits, trueBits } from './request-bits.ts';
import type { Workload } from './workload.ts';

type GivenPredictions = Pick<ReplaySettings, 'predictions' | 'late'>;

/** Policies × predictions on one workload. */
export interface ReplayComparison extends Omit<ReplaySettings, 'policy' | 'homes' | keyof GivenPredictions> {
  readonly policies: readonly CatalogPolicy[];
  /** Each policy that takes bits is run once with each of these. */
  readonly sources: readonly PredictionSource[];
  /** For each block access of the workload the block whose bit a model lets turn; needed by the sources `train` and `model`. */
  readonly learned?: Uint32Array;
  /** Seconds within which the first token shall come. */
  readonly target: number;
}

/**
 * Runs a comparison of replays, one record at a time: LRU; `belady`, the block used farthest in the future leaves, with the
 * same pins; `t-lru` (`tailBits`) and `rlt`; then the other policies in the order given.
 *
 * RLT, randomised eviction of leaves (Wu, Silwal and Zhang, arXiv 2601.18999), is `marker` here: where only leaves may
 * leave, it evicts a random one of those not used in this phase.
 */
export function* compareReplays(comparison: ReplayComparison): Generator<ReplayRecord> {
  const { policies, workload } = comparison;
  const lru = run(comparison, findPolicy('lru'));
  const { homes } = lru;
  const uses = nextUses(workload, homes, comparison.workers);
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
      const bits = makeRequestBits(comparison, policy, source);
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

function makeRequestBits(
  comparison: ReplayComparison,
  policy: CatalogPolicy,
  source: PredictionSource,
): GivenPredictions {
  const { workload, capacity, workers, seed, learned } = comparison;
  const labels = () => trueBits(workload, capacity * workers, policy.needs);
  switch (source.kind) {
    case 'perfect':
      return { predictions: labels() };
    case 'inverted':
      return { predictions: invertBits(labels()) };
    case 'flip':
      return { predictions: flipBits(labels(), source.probability, new SeededRandom(seed)) };
    case 'random':
      return { predictions: randomBits(workload.accesses.pages.length, new SeededRandom(seed)) };
    default:
      assert(learned !== undefined && policy.needs === 'discard bit', 'the command line has seen to it');
      return { predictions: new Uint8Array(workload.accesses.pages.length), late: learned };
  }
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
  const { measures, evictions } = row.outcome;
  const latency = measures.latency(target);
  return {
    trace: workload.trace.name,
    policy: row.policy,
    predictions: row.predictions,
    capacity,
    blockTokens: workload.blockTokens,
    workers,
    router,
    seed,
    measuredFrom,
    finished: measures.finished,
    rejected: measures.rejected,
    blockHitRatio: share(measures.hitBlocks, measures.promptBlocks),
    tierHitRatios: comparison.tiers.map((_, i) => share(measures.tierBlocks[i] ?? 0, measures.promptBlocks)),
    tokenHitRatio: share(measures.hitTokens, measures.promptTokens),
    recomputedTokens: measures.recomputedTokens,
    prefillSeconds: measures.prefillSeconds,
    prefillSecondsSaved: measures.coldSeconds - measures.prefillSeconds,
    firstTokenMean: latency.mean,
    firstTokenP50: latency.p50,
    firstTokenP90: latency.p90,
    firstTokenP99: latency.p99,
    target,
    withinTarget: latency.within,
    tokensPerSecond: share(measures.outputTokens, measures.end - workload.trace.time[measuredFrom]),
    evictions,
    preemptions: measures.preemptions,
    bytesMoved: measures.bytesMoved,
    gapClosed: row.gapClosed,
  };
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}
