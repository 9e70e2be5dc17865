/**
 * The layers of OnlineMin and the slots selected from them, on a line of positions in the order of latest requests. Layers
 * are intervals of that line; a slot stands at the position of its page's latest request. A search tree over the line
 * finds in O(log k) where the layers from the first on have as many slots as layers, and the lowest slot up to there.
 */
export class LayerTree {
  /** Number of layers. */
  layers = 0;
  private readonly isBelow: (a: number, b: number) => boolean;
  /** Positions at which the layers start, ascending: index i − 1 for L_i. */
  private readonly starts: Int32Array;
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
    this.size = 2 ** Math.ceil(Math.log2(4 * capacity + 4));
    this.starts = new Int32Array(capacity + 1);
    this.steps = new Float64Array(this.size);
    this.slotAt = new Int32Array(this.size).fill(-1);
    this.isStart = new Uint8Array(this.size);
    this.positionOf = new Int32Array(capacity);
    this.sums = new Int32Array(2 * this.size);
    this.best = new Int32Array(2 * this.size);
    this.lowestSlot = new Int32Array(2 * this.size).fill(-1);
  }

  /** Index 0 … layers of the layer whose pages were requested last around a step. O(log k). */
  layerOf(step: number): number {
    return upperBound(this.layers, (layer) => this.steps[this.starts[layer]] <= step);
  }

  /** Appends a layer for the page in `slot`, requested at `step`. O(log k) amortised. */
  append(slot: number, step: number): void {
    if (this.used === this.size - 1) this.compact();
    const position = this.used++;
    this.steps[position] = step;
    this.slotAt[position] = slot;
    this.isStart[position] = 1;
    this.positionOf[slot] = position;
    this.starts[this.layers++] = position;
    this.refresh(position);
  }

  /** Merges a layer, 1 … layers, into the one before it. O(log k), and one move of at most k numbers. */
  dropLayer(layer: number): void {
    const position = this.starts[layer - 1];
    this.isStart[position] = 0;
    this.starts.copyWithin(layer - 1, layer, this.layers--);
    this.refresh(position);
  }

  /** Takes a slot off the line. O(log k). */
  deselect(slot: number): void {
    const position = this.positionOf[slot];
    this.slotAt[position] = -1;
    this.refresh(position);
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
    const from = upperBound(this.used, (position) => this.steps[position] <= step) - 1;
    const to = this.balanced(1, 0, this.size, from, 0);
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

  private refresh(position: number): void {
    let node = position + this.size;
    this.setLeaf(position);
    for (node >>>= 1; node >= 1; node >>>= 1) this.join(node);
  }

  private setLeaf(position: number): void {
    const node = position + this.size;
    const slot = this.slotAt[position];
    this.sums[node] = (slot >= 0 ? 1 : 0) - this.isStart[position];
    this.best[node] = this.sums[node];
    this.lowestSlot[node] = slot;
  }

  private join(node: number): void {
    const [left, right] = [2 * node, 2 * node + 1];
    this.sums[node] = this.sums[left] + this.sums[right];
    this.best[node] = Math.max(this.best[left], this.sums[left] + this.best[right]);
    this.lowestSlot[node] = -2;
  }

  /** Keeps only the positions of slots and starts. O(k), once in more than k requests. */
  private compact(): void {
    let kept = 0;
    let layer = 0;
    for (let position = 0; position < this.used; position++) {
      const [slot, start] = [this.slotAt[position], this.isStart[position]];
      if (slot < 0 && start === 0) continue;
      this.steps[kept] = this.steps[position];
      this.slotAt[kept] = slot;
      this.isStart[kept] = start;
      if (slot >= 0) this.positionOf[slot] = kept;
      if (start === 1) this.starts[layer++] = kept;
      kept++;
    }
    this.slotAt.fill(-1, kept);
    this.isStart.fill(0, kept);
    this.used = kept;
    for (let position = 0; position < this.size; position++) this.setLeaf(position);
    for (let node = this.size - 1; node >= 1; node--) this.join(node);
  }
}

/** How many of 0 … count − 1 come before the first that fails a test which all later ones fail. */
function upperBound(count: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
