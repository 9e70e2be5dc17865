import { OrderedBitset } from '../../support/ordered-bitset.ts';

/**
 * The layers of OnlineMin and the slots selected from them, on a line of positions in the order of latest requests. Layers
 * are intervals of that line; a slot stands at the position of its page's latest request. A search tree over the line
 * finds in O(log k) where the layers from the first on have as many slots as layers, and the lowest slot up to there.
 */
export class LayerTree {
  /** Number of layers. */
  layers = 0;
  private readonly isBelow: (a: number, b: number) => boolean;
  /** Positions at which the layers start. */
  private readonly starts: OrderedBitset;
  /** Step of each position, ascending; positions 0 … `used` − 1 are taken, all but the last can be; then `compact`. */
  private readonly steps: Float64Array;
  private used = 0;
  private readonly slotAt: Int32Array;
  private readonly isStart: Uint8Array;
  private readonly positionOf: Int32Array;
  private readonly size: number;
  /** For each node slots minus starts below it, the largest such sum of its prefixes, and its lowest slot. */
  private readonly sums: Int32Array;
  private readonly best: Int32Array;
  private readonly lowestSlot: Int32Array;

  /**
   * @param capacity most slots
   * @param isBelow whether the page in one slot is below that in another
   */
  constructor(capacity: number, isBelow: (a: number, b: number) => boolean) {
    this.isBelow = isBelow;
    this.size = 2 ** Math.ceil(Math.log2(3 * capacity + 4));
    this.starts = new OrderedBitset(this.size);
    this.steps = new Float64Array(this.size);
    this.slotAt = new Int32Array(this.size).fill(-1);
    this.isStart = new Uint8Array(this.size);
    this.positionOf = new Int32Array(capacity);
    this.sums = new Int32Array(2 * this.size);
    this.best = new Int32Array(2 * this.size);
    this.lowestSlot = new Int32Array(2 * this.size).fill(-1);
  }

  /** Where the layer starts whose pages were requested last around a step; −1 for L_0. O(log k). */
  startAround(step: number): number {
    return this.starts.lastBelow(this.positionBy(step) + 1);
  }

  /** Where the last layer starts. */
  lastStart(): number {
    return this.starts.lastBelow(this.used);
  }

  /** Appends a layer for the page in `slot`, requested at `step`. O(log k) amortised. */
  append(slot: number, step: number): void {
    if (this.used === this.size - 1) this.compact();
    const position = this.used++;
    this.steps[position] = step;
    this.slotAt[position] = slot;
    this.isStart[position] = 1;
    this.positionOf[slot] = position;
    this.starts.add(position);
    this.layers++;
    this.refresh(position);
  }

  /** Merges the layer that starts at a position into the one before it. O(log k). */
  dropLayer(start: number): void {
    this.isStart[start] = 0;
    this.starts.delete(start);
    this.layers--;
    this.refresh(start);
  }

  /** Takes a slot off the line. O(log k). */
  deselect(slot: number): void {
    const position = this.positionOf[slot];
    this.slotAt[position] = -1;
    this.refresh(position);
  }

  /** Takes a slot off the line and merges its layer into the one before it. O(log k). */
  withdraw(slot: number): void {
    const position = this.positionOf[slot];
    const start = this.starts.lastBelow(position + 1);
    this.slotAt[position] = -1;
    if (start !== position) this.refresh(position);
    this.dropLayer(start);
  }

  /** The lowest of all slots; −1 for none. O(log k) amortised. */
  lowest(): number {
    return this.lowestBelow(1);
  }

  /**
   * The lowest slot in L_1 ∪ … ∪ L_j, where j is least such that there are j slots, from the layer of a page on that
   * was requested last at `step`. O(log k) amortised.
   */
  lowestAround(step: number): number {
    const to = this.balanced(1, 0, this.size, this.positionBy(step), 0);
    let lowest = -1;
    // The nodes that together cover 0 … to, from the right.
    for (let node = to + 1 + this.size; node > 1; node >>>= 1) {
      if ((node & 1) === 1) lowest = this.lower(lowest, this.lowestBelow(node - 1));
    }
    return lowest;
  }

  /** First position ≥ `from` below `node` up to which there are as many slots as starts, −1 if none. */
  private balanced(node: number, first: number, width: number, from: number, before: number): number {
    if (first + width <= from || before + this.best[node] < 0) return -1;
    if (width === 1) return first;
    const half = width / 2;
    const left = this.balanced(2 * node, first, half, from, before);
    if (left >= 0) return left;
    return this.balanced(2 * node + 1, first + half, half, from, before + this.sums[2 * node]);
  }

  /** Found when first asked for, so that only slots that compete are compared: −2 stands for not known. */
  private lowestBelow(node: number): number {
    if (this.lowestSlot[node] === -2)
      this.lowestSlot[node] = this.lower(this.lowestBelow(2 * node), this.lowestBelow(2 * node + 1));
    return this.lowestSlot[node];
  }

  private lower(a: number, b: number): number {
    if (a < 0 || b < 0) return Math.max(a, b);
    return this.isBelow(a, b) ? a : b;
  }

  /** The last position at which a step is at most the given one, or −1. */
  private positionBy(step: number): number {
    let [low, high] = [0, this.used];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.steps[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private refresh(position: number): void {
    let node = position + this.size;
    this.setLeaf(position);
    for (node >>>= 1; node >= 1 && this.join(node); node >>>= 1);
  }

  private setLeaf(position: number): void {
    const node = position + this.size;
    const slot = this.slotAt[position];
    this.sums[node] = (slot >= 0 ? 1 : 0) - this.isStart[position];
    this.best[node] = this.sums[node];
    this.lowestSlot[node] = slot;
  }

  /** Brings a node in line with those right below it. Returns whether those above it may be out of line. */
  private join(node: number): boolean {
    const [left, right] = [2 * node, 2 * node + 1];
    const sum = this.sums[left] + this.sums[right];
    const best = Math.max(this.best[left], this.sums[left] + this.best[right]);
    // Where the lowest slot of a node is not known, it is not known above either.
    if (sum === this.sums[node] && best === this.best[node] && this.lowestSlot[node] === -2) return false;
    this.sums[node] = sum;
    this.best[node] = best;
    this.lowestSlot[node] = -2;
    return true;
  }

  /** Keeps only the positions of slots and starts. O(k), once in more than k requests. */
  private compact(): void {
    let kept = 0;
    for (let position = 0; position < this.used; position++) {
      const [slot, start] = [this.slotAt[position], this.isStart[position]];
      if (slot < 0 && start === 0) continue;
      this.steps[kept] = this.steps[position];
      this.slotAt[kept] = slot;
      this.isStart[kept] = start;
      if (slot >= 0) this.positionOf[slot] = kept;
      if (start === 1) {
        this.starts.delete(position);
        this.starts.add(kept);
      }
      kept++;
    }
    this.slotAt.fill(-1, kept);
    this.isStart.fill(0, kept);
    this.used = kept;
    for (let position = 0; position < this.size; position++) this.setLeaf(position);
    for (let node = this.size - 1; node >= 1; node--) this.join(node);
  }
}
