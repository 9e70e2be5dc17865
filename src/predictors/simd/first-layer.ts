/** The first layer, evaluated on features as they are: see ../kernel.ts. */

import { signedLog } from './signed-log.ts';

/** One feature. */
class Column {
  /** Where the sums of as many thresholds stand as the latest value reaches. */
  reached: usize = 0;
  /** The latest value's standardised logarithm. */
  position: f32 = 0;

  constructor(
    readonly thresholds: usize,
    readonly thresholdsEnd: usize,
    readonly sums: usize,
    readonly slope: usize,
    readonly mean: f64,
    readonly deviation: f64,
    /** What this feature and those after it add, and the bias. */
    readonly partial: usize,
  ) {}
}

let columns: StaticArray<Column> = new StaticArray<Column>(0);
/** Bytes of a row of outputs, whole strips of 64. */
let width: usize = 0;
/** Partial sums of the feature that comes after the last. */
let bias: usize = 0;

/** @param outputs bytes of a row of outputs, a multiple of 64 */
export function begin(features: i32, outputs: usize, biases: usize): void {
  columns = new StaticArray<Column>(features);
  width = outputs;
  bias = biases;
}

/**
 * @param thresholds 32-bit numbers in whole vectors, padded with NaN
 * @param sums for each number of thresholds reached a row of what they add to the outputs
 * @param slope what each output gains with the standardised logarithm
 */
export function feature(
  index: i32,
  thresholds: usize,
  thresholdsEnd: usize,
  sums: usize,
  slope: usize,
  mean: f64,
  deviation: f64,
): void {
  const partial = heap.alloc(width);
  columns[index] = new Column(thresholds, thresholdsEnd, sums, slope, mean, deviation, partial);
}

/** Outputs of the first layer, of the given rows of features. */
export function first(values: usize, rows: i32, outputs: usize, floor: f32): void {
  const bytes = columns.length << 2;
  let changed = columns.length - 1;
  encode(values, changed, 0);
  sum(changed, outputs, floor);
  for (let row = 1; row < rows; row++) {
    values += bytes;
    outputs += width;
    changed = lastDifference(values, values - bytes);
    encode(values, changed, bytes);
    sum(changed, outputs, floor);
  }
}

/** The last column in which two rows differ, or -1. */
function lastDifference(a: usize, b: usize): i32 {
  let column = columns.length - 1;
  while (column >= 3) {
    const at: usize = (column - 3) << 2;
    if (v128.any_true(v128.xor(v128.load(a + at), v128.load(b + at)))) break;
    column -= 4;
  }
  while (column >= 0 && load<i32>(a + (column << 2)) === load<i32>(b + (column << 2))) column--;
  return column;
}

/** Looks up the values that differ from the row before, up to the column `last`; all of them where that row is this one. */
function encode(values: usize, last: i32, before: usize): void {
  for (let i = 0; i <= last; i++) {
    const at = values + (i << 2);
    if (before !== 0 && load<i32>(at) === load<i32>(at - before)) continue;
    const x = load<f32>(at);
    const column = unchecked(columns[i]);
    column.reached = column.sums + reach(column, x) * width;
    column.position = <f32>((signedLog(x) - column.mean) / column.deviation);
  }
}

/** How many thresholds a value reaches. */
function reach(column: Column, x: f32): usize {
  const xs = f32x4.splat(x);
  let count = 0;
  for (let at = column.thresholds; at < column.thresholdsEnd; at += 16) {
    count += popcnt(i32x4.bitmask(f32x4.ge(xs, v128.load(at))));
  }
  return count;
}

/** Adds up anew what the features up to the column `last` add; what those behind it add stands in their partial sums. */
function sum(last: i32, outputs: usize, floor: f32): void {
  const floors = f32x4.splat(floor);
  const from = last + 1 < columns.length ? unchecked(columns[last + 1]).partial : bias;
  for (let strip: usize = 0; strip < width; strip += 64) {
    let a = v128.load(from + strip, 0);
    let b = v128.load(from + strip, 16);
    let c = v128.load(from + strip, 32);
    let d = v128.load(from + strip, 48);
    for (let i = last; i >= 0; i--) {
      const column = unchecked(columns[i]);
      const sums = column.reached + strip;
      const slope = column.slope + strip;
      const partial = column.partial + strip;
      const x = f32x4.splat(column.position);
      a = f32x4.add(f32x4.add(a, v128.load(sums, 0)), f32x4.mul(x, v128.load(slope, 0)));
      b = f32x4.add(f32x4.add(b, v128.load(sums, 16)), f32x4.mul(x, v128.load(slope, 16)));
      c = f32x4.add(f32x4.add(c, v128.load(sums, 32)), f32x4.mul(x, v128.load(slope, 32)));
      d = f32x4.add(f32x4.add(d, v128.load(sums, 48)), f32x4.mul(x, v128.load(slope, 48)));
      v128.store(partial, a, 0);
      v128.store(partial, b, 16);
      v128.store(partial, c, 32);
      v128.store(partial, d, 48);
    }
    v128.store(outputs + strip, f32x4.pmax(a, floors), 0);
    v128.store(outputs + strip, f32x4.pmax(b, floors), 16);
    v128.store(outputs + strip, f32x4.pmax(c, floors), 32);
    v128.store(outputs + strip, f32x4.pmax(d, floors), 48);
  }
}
