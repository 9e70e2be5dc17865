/**
 * The faults of the optimum on every prefix of a request sequence, told as the requests come: the optimum must fault exactly
 * at the requests to L_0, the layer of pages that no optimal cache holds (Koutsoupias and Papadimitriou, *Beyond
 * competitive analysis*, SICOMP 2000). Layers are intervals of the step of the latest request, so the steps at which they
 * start are all that is kept; how they change is told in `online-min`. O(log k) a request and one move of at most k numbers
 * within an array; 8 bytes a page.
 *
 * @example
 * const optimum = new PrefixOptimum(1, 2);
 * for (const page of [0, 1, 1]) optimum.request(page);
 * optimum.faults; // 2
 */
export class PrefixOptimum {
  /** Faults of an optimal schedule of the requests so far, from an empty cache. */
  faults = 0;
  private step = 0;
  private layers = 0;
  /** Steps at which the layers L_1, L_2, … start, ascending. */
  private readonly starts: Float64Array;
  /** Step of each page's latest request, 0 for never. */
  private readonly latest: Float64Array;

  /**
   * @param capacity k, a positive integer
   * @param pageCount size of the universe
   */
  constructor(capacity: number, pageCount: number) {
    this.starts = new Float64Array(capacity);
    this.latest = new Float64Array(pageCount);
  }

  request(page: number): void {
    const layer = this.layerOf(this.latest[page]);
    if (layer === 0) this.faults++;
    if (layer > 0 || this.layers === this.starts.length) {
      const merged = layer > 0 ? layer : this.layers;
      this.starts.copyWithin(merged - 1, merged, this.layers--);
    }
    this.latest[page] = this.starts[this.layers++] = ++this.step;
  }

  /** Number of layers that start at a step or before. */
  private layerOf(step: number): number {
    let [low, high] = [0, this.layers];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
