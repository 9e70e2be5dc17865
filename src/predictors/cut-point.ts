/**
 * A chance to come back in time, below which a block is discarded at once. Chosen on the Mooncake conversation trace, with a
 * model of its first 40% of accesses, from the hits on the next 20% at four capacities.
 */
const ENOUGH = 0.3;

/**
 * How many blocks of a request to keep, from the first on: those before the first block whose chance to be requested again, before
 * it is worth less than a place costs, is too small. Beyond it nothing is kept, since a block is of use after its head
 * alone. O(blocks × spans).
 *
 * @param hazards blocks × spans, row-major (`Kernel.hazards`)
 * @param values of keeping each block from each span of its age on, row-major (`keepValues`)
 * @param spans outputs of the model
 * @param price of a place (`LiveShadowCache`)
 * @returns 0 … blocks
 *
 * @example
 * // Sure to come back in the first span; hardly ever.
 * cutPoint(Float32Array.of(1, 0.1), Float32Array.of(0.5, 0.01), 1, 0.001); // 1
 */
export function cutPoint(hazards: Float32Array, values: Float32Array, spans: number, price: number): number {
  const blocks = hazards.length / spans;
  for (let block = 0; block < blocks; block++) {
    let away = 1;
    for (let i = block * spans; i < (block + 1) * spans && values[i] >= price; i++) away *= 1 - hazards[i];
    if (1 - away < ENOUGH) return block;
  }
  return blocks;
}
