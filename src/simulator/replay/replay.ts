import type { CostModel } from '../../kvcache/cost-model.ts';
import type { TierSettings } from '../../kvcache/tier.ts';
import { TieredCache } from '../../kvcache/tiered-cache.ts';
import type { CatalogPolicy } from '../../paging/definition.ts';
import type { Predictions } from '../../paging/policy.ts';
import { assert } from '../../support/failure.ts';
import { IndexSet } from '../../support/index-set.ts';
import { IndexedHeap } from '../../support/indexed-heap.ts';
import { SeededRandom } from '../../support/random.ts';
import { Measures } from './measures.ts';
import { makeRouter } from './router.ts';
import { TurningBits } from './turning-bits.ts';
import { Worker } from './worker.ts';
import type { Workload } from './workload.ts';

/** One run of a serving engine over a trace, at its arrival times. */
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
  readonly tiers: readonly TierSettings[];
  readonly workers: number;
  /** One of `ROUTERS`. */
  readonly router: string;
  /** The number of each request's worker, where it is settled already. */
  readonly homes?: Uint32Array;
  /** Whether a request that is preempted is moved to the host, or computed again. */
  readonly swap: boolean;
  readonly seed: number;
  /** The first request that is measured; those before warm the caches. */
  readonly measuredFrom: number;
}

export interface ReplayOutcome {
  readonly measures: Measures;
  readonly evictions: number;
  /** The number of each request's worker. */
  readonly homes: Uint32Array;
}

/**
 * Runs a trace through workers with a cache each: a discrete-event simulation, in which each request has one event ahead of
 * it. O((requests + output blocks) log requests), beside the caches' own work.
 *
 * @throws Failure for an unknown router
 */
export function replay(settings: ReplaySettings): ReplayOutcome {
  const { workload, policy, capacity } = settings;
  const { time } = workload.trace;
  const measures = new Measures();
  const turning = settings.late && new TurningBits(workload, settings.late);
  const events = new IndexedHeap(time.length);
  let now = 0;
  const shared = {
    ...settings,
    measures,
    predictions: turning?.bits ?? settings.predictions,
    // The heap has the highest key first.
    schedule: (request: number, seconds: number) => events.set(request, -(now + seconds)),
    cancel: (request: number) => events.delete(request),
  };
  const sequence = { pages: new Uint32Array(0), pageCount: 0 };
  const workers = Array.from({ length: settings.workers }, (_, number) => {
    const random = new SeededRandom(settings.seed + number);
    const create = (capacity: number, pageCount: number) =>
      policy.create({ capacity, pageCount, random, sequence });
    const { blockTokens } = workload;
    const device = { capacity, needs: policy.needs, policy: create, blockTokens };
    return new Worker(new TieredCache({ device, tiers: settings.tiers, writeThrough: false }), shared);
  });
  const route = makeRouter(settings.router);
  const homes = new Uint32Array(time.length);
  const arrived = new Uint8Array(time.length);
  for (let r = 0; r < time.length; r++) events.set(r, -time[r]);
  const none = new IndexSet(0);
  for (let r = events.highest(none); r >= 0; r = events.highest(none)) {
    now = -events.key(r);
    events.delete(r);
    if (arrived[r] === 1) {
      workers[homes[r]].advance(r, now);
      continue;
    }
    const { accesses, first, promptBlocks, session } = workload;
    const path = accesses.pages.subarray(first[r], first[r] + promptBlocks[r]);
    arrived[r] = 1;
    turning?.arrive(r, workers);
    homes[r] =
      settings.homes?.[r] ?? workers.indexOf(route(workers, { request: r, session: session[r], path }));
    workers[homes[r]].arrive(r);
  }
  let evictions = 0;
  for (const { cache } of workers) {
    const { failure, inUse } = cache.device;
    assert(failure === undefined, `${policy.name} was dismissed: ${failure}`);
    assert(inUse === 0, 'a request was never finished');
    cache.audit();
    evictions += cache.device.evictions;
    const blockBytes = workload.blockTokens * settings.cost.kvBytesPerToken;
    for (const { stored, settings } of cache.tiers)
      measures.bytesMoved += stored * blockBytes * settings.link.ratio;
  }
  return { measures, evictions, homes };
}
