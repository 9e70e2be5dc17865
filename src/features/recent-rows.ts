import { FEATURE_NAMES, type FeatureMatrix, selectRows } from './block-features.ts';
import { outcomesOf, rowWeight, type TrainingRows } from './training-rows.ts';

/**
 * The latest block accesses of a stream and what became of them, at bounded memory: a ring that an access enters where the
 * oldest one leaves. Outcomes are read when they are asked for, not settled once: a block that is still away then teaches
 * that it has stayed away until now.
 */
export class RecentRows {
  /** Accesses so far, of which the latest `size` are kept. */
  count = 0;
  private readonly size: number;
  private readonly values: Float32Array;
  private readonly block: Uint32Array;
  private readonly time: Float64Array;
  /** Seconds until the block came back, infinite as long as it has not. */
  private readonly away: Float64Array;
  private readonly weight: Float32Array;
  /** The latest access of each block that has one here, counted from the first of the stream. */
  private readonly latest = new Map<number, number>();
  private now = 0;

  /** @param size how many accesses are kept */
  constructor(size: number) {
    this.size = size;
    this.values = new Float32Array(size * FEATURE_NAMES.length);
    this.block = new Uint32Array(size);
    this.time = new Float64Array(size);
    this.away = new Float64Array(size);
    this.weight = new Float32Array(size);
  }

  /** How many accesses are kept now; they have the places 0 … kept − 1, in no order. */
  get kept(): number {
    return Math.min(this.count, this.size);
  }

  /**
   * Takes in the accesses of a request. O(blocks × features).
   *
   * @param path numbers of its blocks
   * @param values their features, row-major
   * @param seconds arrival, never decreasing
   */
  add(path: Uint32Array, values: Float32Array, seconds: number): void {
    const columns = FEATURE_NAMES.length;
    this.now = seconds;
    for (let i = 0; i < path.length; i++, this.count++) {
      const place = this.count % this.size;
      if (this.latest.get(this.block[place]) === this.count - this.size)
        this.latest.delete(this.block[place]);
      const before = this.latest.get(path[i]);
      if (before !== undefined) this.away[before % this.size] = seconds - this.time[before % this.size];
      this.latest.set(path[i], this.count);
      this.block[place] = path[i];
      this.time[place] = seconds;
      this.away[place] = Number.POSITIVE_INFINITY;
      this.weight[place] = rowWeight(path.length);
      this.values.set(values.subarray(i * columns, (i + 1) * columns), place * columns);
    }
  }

  /**
   * Kept accesses with their outcomes, as far as they are known now. O(places × features).
   *
   * @param places which ones; any may be asked for twice
   * @param ages bounds of the spans of age in seconds
   */
  select(places: Uint32Array, ages: readonly number[]): { matrix: FeatureMatrix; rows: TrainingRows } {
    const [time, away] = [this.time, this.away].map((column) =>
      Float64Array.from(places, (place) => column[place]),
    );
    const weights = Float32Array.from(places, (place) => this.weight[place]);
    return {
      matrix: selectRows({ names: FEATURE_NAMES, rows: this.kept, values: this.values }, places),
      rows: { ages, outcomes: outcomesOf(time, away, this.now, ages), weights },
    };
  }
}
