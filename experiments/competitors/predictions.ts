/**
 * Everything that the policies of the comparison are told, derived from the same predicted next arrivals:
 * - *cache states*: those of the cache that follows the arrivals, as in the published experiments;
 * - *schedule bits*: discard labels of that cache's schedule, 1 where it evicts the page before its next request. So they say
 *   in one bit what the states say, and true arrivals give true labels;
 * - *horizon bits*: 1 where the arrival is more than a fixed number of steps away. They use nothing but the prediction at hand.
 *   The number is one a dataset: for discard bits that with which as many true arrivals give a 1 as there are among the
 *   true labels; for phase bits one and a half mean phases, from the middle of a phase to the end of the next.
 */
import {
  type Bits,
  cacheStates,
  discardLabels,
  findPolicy,
  noisyArrivals,
  type Predictions,
  perfectArrivals,
  phases,
  plecoArrivals,
  popularityArrivals,
  type RequestSequence,
  SeededRandom,
} from '../../src/index.ts';

/** How discard bits are derived. */
export type BitRule = 'schedule' | 'horizon';

/** What was predicted for one instance. */
export interface Told {
  readonly arrivals: Float64Array;
  readonly states: Float64Array;
  readonly discard: Readonly<Record<BitRule, Bits>>;
  readonly phase: Bits;
}

/** For each instance what is told under a seed. */
export type Predictor = (instance: number, seed: number) => Told;

/**
 * Predictions by name.
 *
 * @param kind `popularity`, `pleco` or `noise:σ`
 */
export function predictor(kind: string, instances: readonly RequestSequence[], capacity: number): Predictor {
  const truth = instances.map((instance) => perfectArrivals(instance));
  const discardHorizon = horizon(
    truth,
    instances.map((instance) => discardLabels(instance, capacity)),
  );
  const phaseHorizon = 1.5 * meanPhase(instances, capacity);
  const tell = (instance: number, arrivals: Float64Array): Told => {
    const states = followed(instances[instance], capacity, arrivals);
    const discard = {
      schedule: scheduleBits(instances[instance], states),
      horizon: horizonBits(arrivals, discardHorizon),
    };
    return { arrivals, states, discard, phase: horizonBits(arrivals, phaseHorizon) };
  };
  if (kind === 'popularity' || kind === 'pleco') {
    const predict = kind === 'pleco' ? plecoArrivals : popularityArrivals;
    const told = instances.map((sequence, instance) => tell(instance, predict(sequence)));
    return (instance) => told[instance];
  }
  const sigma = Number(kind.slice('noise:'.length));
  // Without deviation the noise is the same number everywhere, whatever the seed.
  if (sigma === 0) {
    const told = truth.map((arrivals, instance) =>
      tell(instance, noisyArrivals(arrivals, 0, new SeededRandom(0))),
    );
    return (instance) => told[instance];
  }
  // Instances differ in their noise, too: the seed alone would give the same to each.
  return (instance, seed) =>
    tell(
      instance,
      noisyArrivals(truth[instance], sigma, new SeededRandom(noiseSeed(seed, instance, instances))),
    );
}

/** The seed of one instance. */
export function noiseSeed(seed: number, instance: number, instances: readonly unknown[]): number {
  return seed * instances.length + instance;
}

/** What a policy needs of all that was told. */
export function predictionsFor(needs: string, told: Told, bits: BitRule): Predictions {
  if (needs === 'discard bit') return told.discard[bits];
  if (needs === 'phase bit') return told.phase;
  return needs === 'cache state' ? told.states : told.arrivals;
}

function followed(sequence: RequestSequence, capacity: number, arrivals: Float64Array): Float64Array {
  const run = { capacity, pageCount: sequence.pageCount, random: new SeededRandom(0), sequence };
  return cacheStates(sequence, capacity, findPolicy('follow-the-prediction').create(run), arrivals);
}

/** 1 at the latest request of each page that a schedule gives up. */
export function scheduleBits({ pages, pageCount }: RequestSequence, states: Float64Array): Bits {
  const bits = new Uint8Array(pages.length);
  const latest = new Uint32Array(pageCount);
  pages.forEach((page, step) => {
    if (states[step] < pageCount) bits[latest[states[step]]] = 1;
    latest[page] = step;
  });
  return bits;
}

function horizonBits(arrivals: Float64Array, steps: number): Bits {
  const bits = new Uint8Array(arrivals.length);
  for (let step = 0; step < bits.length; step++) bits[step] = arrivals[step] - step > steps ? 1 : 0;
  return bits;
}

/** Mean number of requests in a k-phase. */
function meanPhase(instances: readonly RequestSequence[], capacity: number): number {
  let [requests, count] = [0, 0];
  for (const instance of instances) {
    requests += instance.pages.length;
    count += phases(instance, capacity)[instance.pages.length - 1] + 1;
  }
  return requests / count;
}

/** The number of steps beyond which as many true arrivals lie as there are 1s among the labels. */
function horizon(truth: readonly Float64Array[], labels: readonly Bits[]): number {
  const distances = new Float64Array(labels.reduce((sum, { length }) => sum + length, 0));
  let [count, ones] = [0, 0];
  truth.forEach((arrivals, instance) => {
    for (let step = 0; step < arrivals.length; step++) {
      distances[count++] = arrivals[step] - step;
      ones += labels[instance][step];
    }
  });
  return distances.sort()[Math.max(0, count - ones - 1)];
}
