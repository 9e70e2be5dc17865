import type { CostModel } from '../../kvcache/cost-model.ts';
import type { TierSettings } from '../../kvcache/tier.ts';
import { TieredCache } from '../../kvcache/tiered-cache.ts';
import type { CatalogPolicy } from '../../paging/definition.ts';
import type { Predictions } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';
import { SeededRandom } from '../../support/random.ts';
import { Clients } from './clients.ts';
import { Measures } from './measures.ts';
import { makeRouter } from './router.ts';
import { TurningBits } from './turning-bits.ts';
import { Worker } from './worker.ts';
import type { Workload } from './workload.ts';

/** A tier below the device, run by a policy of the catalog that needs no predictions. */
export interface ReplayTier extends Pick<TierSettings, 'name' | 'capacity' | 'link' | 'error'> {
  readonly policy: CatalogPolicy;
}

/** One run of a serving engine over a trace. */
export interface ReplaySettings {
  readonly workload: Workload;
  readonly cost: CostModel;
  readonly policy: CatalogPolicy;
  /** One per block access of the workload; left out for a policy that needs nothing. */
  readonly predictions?: Predictions;
  /** For each block access of the workload the block whose bit turns to discard just before it, or `NO_PAGE`. */
  readonly late?: Uint32Array;
  /** Blocks that each worker's cache holds. */
  readonly capacity: number;
  /** What each worker has below its device, fastest first. */
  readonly tiers: readonly ReplayTier[];
  /** Whether each new block is written to the first tier at once, or only when it leaves the device. */
  readonly writeThrough: boolean;
  readonly workers: number;
  /** One of `ROUTERS`. */
  readonly router: string;
  /** The number of each request's worker, where it is settled already. */
  readonly homes?: Uint32Array;
  /** Whether clients wait for their answers (see `Clients`). */
  readonly closedLoop: boolean;
  /** Whether a request that is preempted is moved to the host, or computed again. */
  readonly swap: boolean;
  readonly seed: number;
  /** The first request that is measured; those before warm the caches. */
  readonly measuredFrom: number;
}

export interface ReplayOutcome {
  readonly measures: Measures;
  /** The number of each request's worker. */
  readonly homes: Uint32Array;
  /** The requests in the order in which they arrived. */
  readonly order: Uint32Array;
}

/**
 * Runs a trace through workers with a cache each: a discrete-event simulation, in which each request has at most one event
 * ahead of it. O((requests + output blocks) log requests), beside the caches' own work.
 *
 * @throws Failure for an unknown router, or a closed loop where the trace tells no pauses
 */
export function replay(settings: ReplaySettings): ReplayOutcome {
  const { workload, measuredFrom } = settings;
  const requests = workload.trace.time.length;
  const measures = new Measures(settings.tiers.length);
  const turning = settings.late && new TurningBits(workload, settings.late);
  const events = new IndexedHeap(requests);
  // The heap has the highest key first.
  const clients = new Clients(workload.trace, settings.closedLoop, (request, time) =>
    events.set(request, -time),
  );
  let now = 0;
  const shared = {
    ...settings,
    measures,
    predictions: turning?.bits ?? settings.predictions,
    arrival: clients.arrival,
    computed: new Uint8Array(workload.accesses.pageCount),
    schedule: (request: number, seconds: number) => events.set(request, -(now + seconds)),
    cancel: (request: number) => events.delete(request),
    answered: (request: number) => clients.answered(request, now),
  };
  const workers = Array.from(
    { length: settings.workers },
    (_, number) => new Worker(makeCache(settings, settings.seed + number), shared),
  );
  const route = makeRouter(settings.router);
  const homes = new Uint32Array(requests);
  const arrived = new Uint8Array(requests);
  const none = new IndexSet(0);
  let measured = false;
  for (let r = events.highest(none); r >= 0; r = events.highest(none)) {
    now = -events.key(r);
    events.delete(r);
    if (arrived[r] === 1) {
      workers[homes[r]].advance(r, now);
      continue;
    }
    if (r >= measuredFrom && !measured) {
      measured = true;
      measures.start = now;
      countTiers(settings, workers, measures, -1);
    }
    const { accesses, first, promptBlocks, session } = workload;
    const path = accesses.pages.subarray(first[r], first[r] + promptBlocks[r]);
    arrived[r] = 1;
    clients.arrive(r, now);
    turning?.arrive(r, workers);
    homes[r] =
      settings.homes?.[r] ?? workers.indexOf(route(workers, { request: r, session: session[r], path }));
    workers[homes[r]].arrive(r);
  }
  assert(clients.arrived === requests, 'a request never came');
  for (const { cache } of workers) {
    const { failure, inUse } = cache.device;
    assert(failure === undefined, `${settings.policy.name} was dismissed: ${failure}`);
    assert(inUse === 0, 'a request was never finished');
    cache.audit();
  }
  countTiers(settings, workers, measures, 1);
  return { measures, homes, order: clients.order };
}

function makeCache(settings: ReplaySettings, seed: number): TieredCache {
  const { workload, policy, capacity, writeThrough } = settings;
  const sequence = { pages: new Uint32Array(0), pageCount: 0 };
  const maker = (made: CatalogPolicy, coins: number) => {
    const random = new SeededRandom(coins);
    return (capacity: number, pageCount: number) => made.create({ capacity, pageCount, random, sequence });
  };
  const { blockTokens } = workload;
  const device = { capacity, needs: policy.needs, policy: maker(policy, seed), blockTokens };
  const tiers = settings.tiers.map((tier) => ({ ...tier, policy: maker(tier.policy, seed) }));
  return new TieredCache({ device, tiers, writeThrough });
}

/** Adds what the caches have counted so far, or with −1 takes it off. */
function countTiers(
  { workload, cost }: ReplaySettings,
  workers: readonly Worker[],
  measures: Measures,
  sign: 1 | -1,
): void {
  const blockBytes = workload.blockTokens * cost.kvBytesPerToken;
  for (const { cache } of workers) {
    measures.evictions += sign * cache.device.evictions;
    cache.tiers.forEach(({ stored, passed, settings }, i) => {
      measures.tiers[i].bytesWritten += sign * stored * blockBytes * settings.link.ratio;
      measures.tiers[i].evictions += sign * passed;
    });
  }
}
