import { NO_PAGE } from '../../paging/policy.ts';
import type { Worker } from './worker.ts';
import type { Workload } from './workload.ts';

/**
 * Bits that turn from keep to discard as requests arrive. One that turns while its request still waits, or before the
 * block of an answer is written, is known by the time the block enters a cache; any other is told to the caches.
 */
export class TurningBits {
  /** For each block access of the workload its bit so far. */
  readonly bits: Uint8Array;
  private readonly workload: Workload;
  private readonly late: Uint32Array;
  /** The latest access of each block. */
  private readonly latest: Uint32Array;

  /** @param late for each block access of the workload the block whose bit turns just before it, or `NO_PAGE` */
  constructor(workload: Workload, late: Uint32Array) {
    this.workload = workload;
    this.late = late;
    this.bits = new Uint8Array(late.length);
    this.latest = new Uint32Array(workload.accesses.pageCount).fill(NO_PAGE);
  }

  /**
   * The bits that turn when a request arrives. Where clients wait for their answers a request may come before one that was
   * before it in the trace: then a bit may be due to turn that is not there yet, and never will.
   */
  arrive(request: number, workers: readonly Worker[]): void {
    const { accesses, first } = this.workload;
    for (let i = first[request]; i < first[request + 1]; i++) {
      const block = this.late[i];
      if (block !== NO_PAGE && this.latest[block] !== NO_PAGE) {
        this.bits[this.latest[block]] = 1;
        for (const { cache } of workers) cache.device.discard(block);
      }
      this.latest[accesses.pages[i]] = i;
    }
  }
}
