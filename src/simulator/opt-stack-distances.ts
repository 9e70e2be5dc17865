/**
 * OPT's stack distances: the distance of a request is the least capacity at which Belady's rule has the page. OPT obeys
 * inclusion (Mattson et al. 1970), so the distances tell its faults at every capacity. Mattson's own stack costs O(V) a
 * request with V distinct pages. Bilardi, Ekanadham and Pattnaik (*Optimal On-Line Computation of Stack Distances for MIN
 * and OPT*, Computing Frontiers 2017) give an on-line algorithm in O(log V) and prove that no algorithm does better. The
 * algorithm here is another one: off-line, by divide and conquer over capacities, in about log₂ V linear passes.
 *
 * *Intervals.* A request at step t whose page was last requested at step s hits if the page stays in the cache through
 * the steps between. With k slots, one of which the current request takes, c = k − 1 pages can stay at any step; so the
 * hits of OPT are a largest set of intervals (s, t) of which at most c overlap. Going through the intervals by their ends
 * and accepting each one that still fits is optimal (Carlisle and Lloyd 1995; Faigle and Nawijn 1995), and what it accepts
 * with c it also accepts with c + 1. The distance of a request is one more than the least c that accepts its interval.
 *
 * *Divide and conquer.* A node holds the intervals first accepted at some c in (low, high]. One greedy pass at a c in the
 * middle tells which half each belongs to. Intervals accepted at `low` or before only take room: the node keeps how much
 * at each *stretch*, a run of steps in which no interval of the node begins or ends, so a node is as large as the number
 * of its intervals. Laying them down beforehand changes no decision of the pass, because all that it accepts at the end
 * fits together with them, and what does not fit with a part of that does not fit with the whole.
 *
 * *One pass.* An interval fits if the room at each of its stretches is at least 1; it then takes 1 from each. The pass
 * appends stretches as it goes, so an interval that is being decided reaches to the last one: see `SuffixMinima`.
 */
import type { RequestSequence } from '../paging/request-sequence.ts';
import { SuffixMinima } from '../support/suffix-minima.ts';

/**
 * For each distance 1 … pageCount the number of requests that have it; index 0 counts nothing. First requests have no
 * distance. About log₂ V operations of `SuffixMinima` a request, and about 65 bytes a request.
 *
 * @example
 * optStackDistances({ pages: Uint32Array.of(0, 1, 2, 0, 1), pageCount: 3 }); // Uint32Array [0, 0, 1, 1]
 */
export function optStackDistances(sequence: RequestSequence): Uint32Array {
  const distances = new Uint32Array(sequence.pageCount + 1);
  const { begins, ends, steps, distinct, repeats } = intervals(sequence);
  if (repeats > 0) distances[1] = repeats;
  const nodes = new Nodes(begins.length, steps);
  nodes.addRoot(begins, ends, steps, distinct - 1);
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.high === node.low + 1) distances[node.high + 1] += node.count;
    else nodes.divide(node);
  }
  return distances;
}

/**
 * The intervals between two requests to a page, ordered by their ends, as the first step between and the step after the
 * last. Immediate repeats hit in any cache; they are counted and take no step.
 */
function intervals({ pages, pageCount }: RequestSequence) {
  const begins = new Int32Array(pages.length);
  const ends = new Int32Array(pages.length);
  const after = new Int32Array(pageCount);
  let [steps, count, distinct] = [0, 0, 0];
  for (let i = 0; i < pages.length; i++) {
    const page = pages[i];
    if (i > 0 && page === pages[i - 1]) continue;
    if (after[page] > 0) {
      begins[count] = after[page];
      ends[count++] = steps;
    } else distinct++;
    after[page] = ++steps;
  }
  const repeats = pages.length - steps;
  return { begins: begins.subarray(0, count), ends: ends.subarray(0, count), steps, distinct, repeats };
}

/** Intervals that are first accepted when some number of pages in (low, high] can stay. */
interface Node {
  readonly low: number;
  readonly high: number;
  /** Number of intervals. */
  readonly count: number;
  readonly stretches: number;
  /** Where its numbers start in the arena: where each interval begins, where each ends, room taken at each stretch. */
  readonly offset: number;
}

/** Marks of a stretch: what begins or ends right before it. At most one interval does either. */
const ACCEPTED_BEGIN = 1;
const ACCEPTED_END = 2;
const ACCEPTED = ACCEPTED_BEGIN | ACCEPTED_END;
const REJECTED = 4;

/** The nodes still to be divided: a stack of descriptions, and a stack of their numbers in one array. */
class Nodes {
  private readonly pending: Node[] = [];
  private readonly arena: Int32Array;
  /** The two halves of a node, before they take its place. */
  private readonly halves: Int32Array;
  private readonly accepted: Uint8Array;
  private readonly marks: Uint8Array;
  private readonly room: SuffixMinima;
  /** Number of each stretch of a node in its halves. */
  private readonly acceptedStretch: Int32Array;
  private readonly rejectedStretch: Int32Array;

  /**
   * @param count most intervals of a node
   * @param stretches most stretches of a node
   */
  constructor(count: number, stretches: number) {
    // On each level at most one node waits, and at most log₂ V + log₂ log₂ V + 1 < 64 levels are begun.
    this.arena = new Int32Array(Math.max(2 * count + stretches, space(count)) + 64 * space(0));
    this.halves = new Int32Array(space(count) + space(0));
    this.accepted = new Uint8Array(count);
    this.marks = new Uint8Array(stretches);
    this.room = new SuffixMinima(stretches);
    this.acceptedStretch = new Int32Array(stretches);
    this.rejectedStretch = new Int32Array(stretches);
  }

  /** @param high pages that can stay when all intervals are accepted */
  addRoot(begins: Int32Array, ends: Int32Array, stretches: number, high: number): void {
    this.arena.set(begins);
    this.arena.set(ends, begins.length);
    this.push({ low: 0, high, count: begins.length, stretches, offset: 0 });
  }

  pop(): Node | undefined {
    return this.pending.pop();
  }

  /** Replaces a node, the last one popped, by its two halves. O(intervals + stretches) but for the log of the room. */
  divide(node: Node): void {
    const { low, high, offset } = node;
    // Short distances are frequent: the geometric mean divides the intervals more evenly than the arithmetic one.
    const middle = Math.max(low + 1, Math.min(high - 1, Math.floor(Math.sqrt((low + 1) * high))));
    const count = this.accept(node, middle);
    const rest = node.count - count;
    const stretches = this.mergeStretches(node, 2 * count, space(count) + 2 * rest);
    this.copyIntervals(node, 0, 1, count, this.acceptedStretch);
    this.copyIntervals(node, space(count), 0, rest, this.rejectedStretch);
    for (let i = space(count) + space(rest) - 1; i >= 0; i--) this.arena[offset + i] = this.halves[i];
    this.push({ low, high: middle, count, stretches: stretches.accepted, offset });
    this.push({
      low: middle,
      high,
      count: rest,
      stretches: stretches.rejected,
      offset: offset + space(count),
    });
  }

  private push(node: Node): void {
    if (node.count > 0) this.pending.push(node);
  }

  /** Decides and marks which intervals of a node are accepted when `staying` pages can stay. Returns their number. */
  private accept({ count, stretches, offset }: Node, staying: number): number {
    const { arena, accepted, marks, room } = this;
    const taken = offset + 2 * count;
    let sum = 0;
    room.clear();
    marks.fill(0, 0, stretches);
    for (let i = 0, stretch = 0; i < count; i++) {
      const begin = arena[offset + i];
      const end = arena[offset + count + i];
      for (; stretch < end; stretch++) room.append(staying - arena[taken + stretch]);
      const fits = room.lower(begin);
      marks[begin] |= fits ? ACCEPTED_BEGIN : REJECTED;
      marks[end] |= fits ? ACCEPTED_END : REJECTED;
      accepted[i] = fits ? 1 : 0;
      sum += accepted[i];
    }
    return sum;
  }

  /**
   * Joins the stretches between which nothing of a half begins or ends, and writes the most room taken in each; what the
   * accepted intervals take counts in the half of the rejected ones.
   */
  private mergeStretches(
    { count, stretches, offset }: Node,
    acceptedOffset: number,
    rejectedOffset: number,
  ): { accepted: number; rejected: number } {
    const { arena, halves, marks, acceptedStretch, rejectedStretch } = this;
    const taken = offset + 2 * count;
    let [accepted, rejected, mostAccepted, mostRejected, overlap] = [-1, -1, 0, 0, 0];
    for (let stretch = 0; stretch < stretches; stretch++) {
      const mark = marks[stretch];
      if ((mark & ACCEPTED) !== 0 || stretch === 0) {
        accepted++;
        mostAccepted = 0;
      }
      if ((mark & REJECTED) !== 0 || stretch === 0) {
        rejected++;
        mostRejected = 0;
      }
      overlap += (mark & ACCEPTED_BEGIN) - ((mark & ACCEPTED_END) >> 1);
      const room = arena[taken + stretch];
      mostAccepted = Math.max(mostAccepted, room);
      mostRejected = Math.max(mostRejected, room + overlap);
      halves[acceptedOffset + accepted] = mostAccepted;
      halves[rejectedOffset + rejected] = mostRejected;
      acceptedStretch[stretch] = accepted;
      rejectedStretch[stretch] = rejected;
    }
    return { accepted: accepted + 1, rejected: rejected + 1 };
  }

  /** Copies the `half` intervals of a node that were accepted, or not, to a place in `halves`. */
  private copyIntervals(
    { count, offset }: Node,
    place: number,
    which: 0 | 1,
    half: number,
    stretch: Int32Array,
  ) {
    const { arena, halves, accepted } = this;
    for (let i = 0; i < count; i++) {
      if (accepted[i] !== which) continue;
      halves[place] = stretch[arena[offset + i]];
      halves[place++ + half] = stretch[arena[offset + count + i]];
    }
  }
}

/** Most numbers of a node: two for each interval, and the stretches that 2 · count places divide the steps into. */
function space(count: number): number {
  return 4 * count + 1;
}
