/** Bits for the block accesses of a workload. */
import { extendedDiscardLabels, phaseLabels } from '../../paging/labels.ts';
import { type Bits, NO_PAGE, type PredictionKind } from '../../paging/policy.ts';
import type { Workload } from './workload.ts';

/**
 * True labels of the block accesses in order of arrival: those of one cache as large as all workers' together, closed so
 * that of two blocks of one path the tail is never kept for longer: each request has one cut point.
 *
 * @param capacity blocks of all workers together
 */
export function trueBits({ accesses, first }: Workload, capacity: number, needs: PredictionKind): Bits {
  const bits =
    needs === 'phase bit' ? phaseLabels(accesses, capacity) : extendedDiscardLabels(accesses, capacity);
  for (let r = 0; r + 1 < first.length; r++) {
    for (let i = first[r] + 1; i < first[r + 1]; i++) bits[i] |= bits[i - 1];
  }
  return bits;
}

/**
 * The blocks whose bits a model lets turn from keep to discard as the requests of a workload arrive. A model knows the
 * blocks of prompts; a block of an answer that no later prompt holds turns with the last block before it.
 */
export class TurningBlocks {
  private readonly workload: Workload;
  private readonly late: Uint32Array;
  /** For each block of the trace the request whose prompt it ended last, −1 if none. */
  private readonly answered: Int32Array;

  /** @param late for each block access of the trace the block whose bit turns just before it, or `NO_PAGE` */
  constructor(workload: Workload, late: Uint32Array) {
    this.workload = workload;
    this.late = late;
    this.answered = new Int32Array(workload.trace.blocks.pageCount).fill(-1);
  }

  /** The blocks that turn when a request arrives. Requests must come in order. */
  *before(request: number): Generator<number> {
    const { trace, accesses, first, promptBlocks } = this.workload;
    for (let i = trace.firstBlock[request]; i < trace.firstBlock[request + 1]; i++) {
      const block = this.late[i];
      if (block === NO_PAGE) continue;
      yield block;
      const ended = this.answered[block];
      if (ended < 0) continue;
      const answer = accesses.pages.subarray(first[ended] + promptBlocks[ended], first[ended + 1]);
      for (const other of answer) if (other >= trace.blocks.pageCount) yield other;
    }
    if (promptBlocks[request] > 0)
      this.answered[accesses.pages[first[request] + promptBlocks[request] - 1]] = request;
  }
}

/**
 * The bits with which `discard(lru)` is Tail-Optimised LRU (Zhang, Moallemi, Li and Peng, *Tail-optimized caching for LLM
 * inference*, arXiv 2510.15152): what the next turn can compute again within its latency target is given up first, and that
 * is the tail of each path. No prediction is involved. Departure: the length of the next message is taken as 0.
 *
 * @param spareTokens tokens that can be computed within the target
 */
export function tailBits({ accesses, first, blockTokens }: Workload, spareTokens: number): Bits {
  const spare = Math.floor(spareTokens / blockTokens);
  const bits = new Uint8Array(accesses.pages.length);
  for (let r = 0; r + 1 < first.length; r++) {
    bits.fill(1, Math.max(first[r], first[r + 1] - spare), first[r + 1]);
  }
  return bits;
}
