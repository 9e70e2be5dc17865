/** What weighs a page: how many bytes it takes, and what a fault on it costs. */
export type WeightColumn = 'size' | 'cost';

const LARGEST_SIZE = 2 ** 32 - 1;
const FIRST_ROOM = 1 << 12;

/** What each may be, for the message that refuses something else. */
export const WEIGHT_RANGES: Readonly<Record<WeightColumn, string>> = {
  size: 'an integer in 1 … 2^32 − 1 bytes',
  cost: 'a number ≥ 0',
};

/**
 * Sizes and fault costs of pages, gathered by a reader while it reads a trace whose format has them. Formats say them with
 * each access and may say different ones for the same page: a page has the largest that it is ever requested with, so that
 * whatever is requested of it has room. Memory: 4 bytes a page for sizes, 8 for costs.
 *
 * @example
 * const weights = new PageWeights(true);
 * const { blocks } = readTrace('io.csv', { weights });
 * weights.sizes(blocks.pageCount); // undefined if the trace has none
 */
export class PageWeights {
  /** Accesses that came with another size than their page had had before. */
  changes = 0;
  /** What was wrong with a column that is left out therefore. */
  readonly troubles: string[] = [];
  private readonly required: boolean;
  private ofPages: Uint32Array | undefined;
  private costsOfPages: Float64Array | undefined;
  private readonly leftOut = new Set<WeightColumn>();

  /** @param required whether a wrong size or cost ends the reading; otherwise all of its column are left out */
  constructor(required: boolean) {
    this.required = required;
  }

  /**
   * @param refuse what to throw if this is no size
   * @throws Failure
   */
  takeSize(page: number, size: number, refuse: (column: WeightColumn) => Error): void {
    if (this.leftOut.has('size')) return;
    if (!Number.isInteger(size) || size < 1 || size > LARGEST_SIZE) {
      this.refuse('size', refuse);
      this.ofPages = undefined;
      return;
    }
    this.ofPages ??= new Uint32Array(FIRST_ROOM);
    if (page >= this.ofPages.length) this.ofPages = longer(this.ofPages, page);
    const known = this.ofPages[page];
    if (known !== 0 && known !== size) this.changes++;
    if (known < size) this.ofPages[page] = size;
  }

  /** As `takeSize`. */
  takeCost(page: number, cost: number, refuse: (column: WeightColumn) => Error): void {
    if (this.leftOut.has('cost')) return;
    if (!(cost >= 0 && cost < Number.POSITIVE_INFINITY)) {
      this.refuse('cost', refuse);
      this.costsOfPages = undefined;
      return;
    }
    this.costsOfPages ??= new Float64Array(FIRST_ROOM);
    if (page >= this.costsOfPages.length) this.costsOfPages = longer(this.costsOfPages, page);
    if (this.costsOfPages[page] < cost) this.costsOfPages[page] = cost;
  }

  /** Takes all from a file that keeps them page by page. */
  takeAll(sizes: Uint32Array | undefined, costs: Float64Array | undefined): void {
    this.ofPages = sizes;
    this.costsOfPages = costs;
  }

  /** The size of each page in bytes; `undefined` if the trace has none. */
  sizes(pageCount: number): Uint32Array | undefined {
    return this.ofPages?.slice(0, pageCount);
  }

  /** The cost of a fault on each page; `undefined` if the trace has none. */
  costs(pageCount: number): Float64Array | undefined {
    return this.costsOfPages?.slice(0, pageCount);
  }

  private refuse(column: WeightColumn, refuse: (column: WeightColumn) => Error): void {
    const error = refuse(column);
    if (this.required) throw error;
    this.leftOut.add(column);
    this.troubles.push(error.message);
  }
}

/** A copy with room for one more page, and as many again. */
function longer<T extends Uint32Array | Float64Array>(weights: T, page: number): T {
  const make = weights.constructor as new (length: number) => T;
  const copy = new make(2 * (page + 1));
  copy.set(weights);
  return copy;
}
