import { assert, Failure } from '../../support/failure.ts';
import type { ServingTrace } from '../../traces/serving-trace.ts';

/**
 * Who sends the requests. In an open loop they come at the times of the trace, however long answers take. In a closed loop a
 * client waits for its answer and then pauses as long as it did in the trace: a slow engine is asked less often.
 */
export class Clients {
  /** When each request arrived, in seconds; of no meaning before it does. */
  readonly arrival: Float64Array;
  /** The requests in the order in which they arrived, `arrived` of them. */
  readonly order: Uint32Array;
  arrived = 0;
  private readonly trace: ServingTrace;
  private readonly schedule: (request: number, time: number) => void;
  /** In a closed loop: the requests that wait for each request. */
  private readonly waiting: ReadonlyMap<number, readonly number[]>;

  /**
   * @param schedule has a request arrive at a time
   * @throws Failure for a closed loop where the trace tells no pauses
   */
  constructor(trace: ServingTrace, closedLoop: boolean, schedule: (request: number, time: number) => void) {
    this.trace = trace;
    this.schedule = schedule;
    this.arrival = Float64Array.from(trace.time);
    this.order = new Uint32Array(trace.time.length);
    this.waiting = closedLoop ? waitingFor(trace) : new Map();
    const held = new Set([...this.waiting.values()].flat());
    trace.time.forEach((time, r) => {
      if (!held.has(r)) schedule(r, time);
    });
  }

  arrive(request: number, now: number): void {
    assert(this.arrived < this.order.length, 'a request arrived twice');
    this.arrival[request] = now;
    this.order[this.arrived++] = request;
  }

  /** A request has its answer, or was turned away. */
  answered(request: number, now: number): void {
    for (const next of this.waiting.get(request) ?? [])
      this.schedule(next, now + (this.trace.pauses?.seconds[next] ?? 0));
  }
}

/** @throws Failure where a trace tells no pauses, which a closed loop needs */
export function checkPauses({ name, pauses }: ServingTrace): void {
  if (pauses === undefined)
    throw new Failure(
      `${name}: the trace does not tell how long clients pause, as agent sessions do; leave out --closed-loop`,
    );
}

function waitingFor(trace: ServingTrace): Map<number, number[]> {
  checkPauses(trace);
  const waiting = new Map<number, number[]>();
  trace.pauses?.after.forEach((before, r) => {
    if (before < 0) return;
    const others = waiting.get(before);
    if (others === undefined) waiting.set(before, [r]);
    else others.push(r);
  });
  return waiting;
}
