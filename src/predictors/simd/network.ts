export { dense } from './dense.ts';
export { begin, feature, first } from './first-layer.ts';
export { sigmoids } from './sigmoid.ts';

/** Never freed: a model needs a module of its own. */
export function allocate(bytes: usize): usize {
  return heap.alloc(bytes);
}

/** Takes the padding out of rows of outputs, in place. */
export function compact(outputs: usize, stride: usize, width: usize, rows: i32): void {
  for (let row = 1, from = outputs, to = outputs; row < rows; row++) {
    from += stride;
    to += width;
    // Up to three numbers too many, where the next row begins.
    for (let i: usize = 0; i < width; i += 16) v128.store(to + i, v128.load(from + i));
  }
}
