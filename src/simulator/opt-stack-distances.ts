/**
 * OPT's stack distances: the distance of a request is the least capacity at which Belady's rule has the page. OPT obeys
 * inclusion (Mattson et al. 1970), so the distances tell its faults at every capacity. Mattson's own stack costs O(V) a
 * request with V distinct pages. Bilardi, Ekanadham and Pattnaik (*Optimal On-Line Computation of Stack Distances for MIN
 * and OPT*, Computing Frontiers 2017) give an on-line algorithm in O(log V) and prove that no algorithm does better. The
 * algorithm here is another one: off-line, by divide and conquer over capacities, in about log₂ V passes.
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
 * *One pass.* Belady's rule itself: going forward in time, when more intervals of the node are under way than there is
 * room, the one that ends last is rejected. This accepts the same set as going through them by their ends. For let an interval
 * be rejected at some step: as many as fit are under way there and end earlier. If one of those is rejected later, as many
 * are under way at that later step and end earlier still; so at the last such step all of them are accepted, and they leave
 * no room for the interval. And what is accepted here fits together.
 */
import type { RequestSequence } from '../paging/request-sequence.ts';
import { OrderedBitset } from '../support/ordered-bitset.ts';

/**
 * For each distance 1 … pageCount the number of requests that have it; index 0 counts nothing. First requests have no
 * distance. About log₂ V operations of `OrderedBitset` a request, and about 40 bytes a request.
 *
 * @example
 * optStackDistances({ pages: Uint32Array.of(0, 1, 2, 0, 1), pageCount: 3 }); // Uint32Array [0, 0, 1, 1]
 */
export function optStackDistances(sequence: RequestSequence): Uint32Array {
  const distances = new Uint32Array(sequence.pageCount + 1);
  const steps = countSteps(sequence.pages);
  const nodes = new Nodes(steps);
  nodes.addRoot(sequence, steps);
  if (steps < sequence.pages.length) distances[1] = sequence.pages.length - steps;
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.high === node.low + 1) distances[node.high + 1] += node.count;
    else nodes.divide(node);
  }
  return distances;
}

/** Immediate repeats hit in any cache; they take no step. */
function countSteps(pages: Uint32Array): number {
  let steps = 0;
  for (let i = 0; i < pages.length; i++) if (i === 0 || pages[i] !== pages[i - 1]) steps++;
  return steps;
}

/** Intervals that are first accepted when some number of pages in (low, high] can stay. */
interface Node {
  readonly low: number;
  readonly high: number;
  /** Number of intervals. */
  readonly count: number;
  /** Number of its stretches, from the begin of an interval or the end of one to the next. */
  readonly stretches: number;
  /** Which arena holds its stretches, and from where on. */
  readonly arena: 0 | 1;
  readonly offset: number;
}

/** What ends right before a stretch: no interval, one that is not rejected, or one that is. Used as bits. */
const NONE = 0;
const KEPT = 1;
const REJECTED = 2;
/** Room in an arena for numbers written beyond a node's last; there are never so many nodes waiting. */
const SLACK = 512;

/**
 * The nodes still to be divided. The stretches of a node are numbered backwards in time, so that going through them in order,
 * where an interval ends has its number in a half before where it begins. Of each the arena has two numbers: one more than the
 * stretch before which the interval ends that begins with this one, or 0 if none begins; and the room taken. At most one
 * interval begins and at most one ends at a time.
 */
class Nodes {
  private readonly pending: Node[] = [];
  /** Two stacks: the halves of a node stand in the other arena than the node. */
  private readonly arenas: readonly [Int32Array, Int32Array];
  private readonly tops = [0, 0];
  /** Of each stretch of a node, what ends right before it. */
  private readonly endings: Uint8Array;
  /** The ends of the intervals under way, numbered forward. */
  private readonly underWay: OrderedBitset;
  /**
   * Where the interval that ends before a stretch ends in its half: in the lowest two bits its half, KEPT or REJECTED, above
   * them what the arena has for the end. Index 0 stands for no interval, and stretch i is at i + 1.
   */
  private readonly places: Int32Array;

  constructor(steps: number) {
    // The nodes that wait have different intervals, and two stretches for each at most.
    this.arenas = [new Int32Array(4 * steps + SLACK), new Int32Array(4 * steps + SLACK)];
    this.endings = new Uint8Array(steps);
    this.underWay = new OrderedBitset(steps);
    this.places = new Int32Array(steps + 1);
  }

  /** Adds the node of all intervals. */
  addRoot({ pages, pageCount }: RequestSequence, steps: number): void {
    const arena = this.arenas[0];
    // One more than the step of each page's next request, numbered backwards, or 0.
    const next = new Int32Array(pageCount);
    let [step, distinct] = [0, 0];
    for (let i = pages.length - 1; i >= 0; i--) {
      const page = pages[i];
      if (i > 0 && page === pages[i - 1]) continue;
      if (next[page] === 0) distinct++;
      if (step > 0) arena[2 * step - 2] = next[page];
      next[page] = ++step;
    }
    this.push({ low: 0, high: distinct - 1, count: steps - distinct, stretches: steps, arena: 0, offset: 0 });
  }

  pop(): Node | undefined {
    const node = this.pending.pop();
    if (node !== undefined) this.tops[node.arena] = node.offset;
    return node;
  }

  /** Replaces a node, the last one popped, by its two halves. O(stretches) but for the log of the bitset. */
  divide(node: Node): void {
    const { low, high, count, stretches, arena, offset } = node;
    // Short distances are frequent: the geometric mean divides the intervals more evenly than the arithmetic one.
    const middle = Math.max(low + 1, Math.min(high - 1, Math.floor(Math.sqrt((low + 1) * high))));
    const rejected = this.reject(this.arenas[arena], offset, stretches, middle);
    if (rejected === 0) this.push({ low, high: middle, count, stretches, arena, offset });
    else if (rejected === count) this.push({ low: middle, high, count, stretches, arena, offset });
    else this.pushHalves(node, middle, rejected);
  }

  private push(node: Node): void {
    if (node.count === 0) return;
    this.tops[node.arena] = node.offset + 2 * node.stretches;
    this.pending.push(node);
  }

  /**
   * Decides which intervals of a node are rejected when `staying` pages can stay, and writes it into `endings`.
   *
   * @returns their number
   */
  private reject(arena: Int32Array, offset: number, stretches: number, staying: number): number {
    const { endings, underWay } = this;
    const last = stretches - 1;
    // Every end under way is below the bound; searching from there and not from the last makes it cheap.
    let [count, rejected, bound] = [0, 0, 0];
    endings.fill(NONE, 0, stretches);
    for (let stretch = last, at = offset + 2 * last; stretch >= 0; stretch--, at -= 2) {
      count -= endings[stretch] & KEPT;
      const end = arena[at];
      if (end > 0) {
        endings[end - 1] = KEPT;
        underWay.add(stretches - end);
        bound = larger(bound, stretches - end + 1);
        count++;
      }
      for (const room = staying - arena[at + 1]; count > room; count--) {
        bound = underWay.lastBelow(bound);
        underWay.delete(bound);
        endings[last - bound] = REJECTED;
        rejected++;
      }
    }
    underWay.clear(stretches);
    return rejected;
  }

  /** Pushes the halves of a node whose intervals have been decided. */
  private pushHalves({ low, high, count, stretches, arena, offset }: Node, middle: number, rejected: number) {
    const other = arena === 0 ? 1 : 0;
    const kept = count - rejected;
    const keptOffset = this.tops[other];
    const rejectedOffset = keptOffset + 4 * kept + 2;
    // Intervals of one distance are only counted.
    const written =
      high - low === 2
        ? { kept: 0, rejected: 0 }
        : this.write(this.arenas[arena], offset, stretches, this.arenas[other], keptOffset, rejectedOffset);
    this.push({
      low,
      high: middle,
      count: kept,
      stretches: written.kept,
      arena: other,
      offset: keptOffset,
    });
    this.push({
      low: middle,
      high,
      count: rejected,
      stretches: written.rejected,
      arena: other,
      offset: rejectedOffset,
    });
  }

  /**
   * Writes the stretches of both halves: joins those between which nothing of a half begins or ends, with the most room
   * taken in any of them; what the kept intervals take counts in the half of the rejected ones. Nothing is under way
   * before the first begin, nor in the last stretch. Branches would be taken at random and cost more than the rest: each
   * stretch is written to both halves, and what a half does not need is written over.
   *
   * @returns the number of stretches of each half
   */
  private write(
    from: Int32Array,
    offset: number,
    stretches: number,
    to: Int32Array,
    keptOffset: number,
    rejectedOffset: number,
  ): { kept: number; rejected: number } {
    const { endings, places } = this;
    let [kept, rejected, mostKept, mostRejected, underWay] = [0, 0, 0, 0, 0];
    for (let stretch = 0, at = offset; stretch < stretches; stretch++, at += 2) {
      const taken = from[at + 1];
      mostKept = larger(mostKept, taken);
      mostRejected = larger(mostRejected, taken + underWay);
      const ending = endings[stretch];
      const place = places[from[at]];
      const keptEnds = ending & 1;
      const rejectedEnds = ending >> 1;
      const keptBegins = place & 1;
      const rejectedBegins = (place >> 1) & 1;
      const keptAt = keptOffset + 2 * kept;
      const rejectedAt = rejectedOffset + 2 * rejected;
      to[keptAt] = (place >> 2) & -keptBegins;
      to[keptAt + 1] = mostKept;
      to[rejectedAt] = (place >> 2) & -rejectedBegins;
      to[rejectedAt + 1] = mostRejected;
      const keptChanges = keptEnds | keptBegins;
      const rejectedChanges = rejectedEnds | rejectedBegins;
      kept += keptChanges;
      rejected += rejectedChanges;
      mostKept &= keptChanges - 1;
      mostRejected &= rejectedChanges - 1;
      underWay += keptEnds - keptBegins;
      places[stretch + 1] = (((kept & -keptEnds) | (rejected & -rejectedEnds)) << 2) | ending;
    }
    return { kept, rejected };
  }
}

/** `Math.max`, without a branch. */
function larger(a: number, b: number): number {
  return a - ((a - b) & ((a - b) >> 31));
}
