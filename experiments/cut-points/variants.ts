/** Ways to say, at the request and for good, which blocks of a prompt are worth keeping. */
import { accessTimes, type Bits, blockFeatures, type Model, type ServingTrace } from '../../src/index.ts';
import { fitCutPoints, returnChance } from '../../src/predictors/cut-point.ts';
import { keepValues } from '../../src/predictors/keep-value.ts';
import { Kernel } from '../../src/predictors/kernel.ts';
import { LiveShadowCache } from '../../src/predictors/live-shadow-cache.ts';

/** The bits of all block accesses, from their chances to come back in time and the least chance that is enough. */
export type Variant = (chances: Float32Array, first: Uint32Array, enough: number) => Bits;

export const VARIANTS: Readonly<Record<string, Variant>> = {
  'a bit a block': (chances, _, enough) => Uint8Array.from(chances, (chance) => (chance < enough ? 1 : 0)),
  'the cut point fitted to these': (chances, first, enough) =>
    fitCutPoints(VARIANTS['a bit a block'](chances, first, enough), first),
  'a cut point a request': (chances, first, enough) =>
    byRequest(chances, first, (path) => keptBlocks(path, enough)),
  'one bit a request': (chances, first, enough) =>
    byRequest(chances, first, (path) => (2 * keptBlocks(path, enough) < path.length ? 0 : path.length)),
};

/**
 * For each block access the chance that it comes back before a place costs more than it is worth, as it is known when its
 * request arrives: the gateway's rule (`PromptPredictor`).
 *
 * @returns a function of the capacity in blocks of the cache whose places are priced
 */
export function returnChances(model: Model, trace: ServingTrace): (capacity: number) => Float32Array {
  const { ages } = model.header;
  const spans = ages.length - 1;
  const { pages, pageCount } = trace.blocks;
  const seconds = accessTimes(trace);
  const hazards = new Kernel(model).hazards(blockFeatures(trace).values);
  const values = keepValues(hazards, ages);
  return (capacity) => {
    const shadow = new LiveShadowCache(capacity, pageCount, ages);
    const chances = new Float32Array(pages.length);
    for (let request = 0; request + 1 < trace.firstBlock.length; request++) {
      const [from, end] = [trace.firstBlock[request], trace.firstBlock[request + 1]];
      for (let i = from; i < end; i++)
        chances[i] = returnChance(hazards, values, i * spans, spans, shadow.price);
      for (let i = from; i < end; i++) shadow.request(pages[i], seconds[i], values, i * spans);
    }
    return chances;
  };
}

/** How many blocks stand before the first whose chance is too small. */
function keptBlocks(path: Float32Array, enough: number): number {
  const cut = path.findIndex((chance) => chance < enough);
  return cut < 0 ? path.length : cut;
}

/** Discards what stands behind the blocks that are kept of each request. */
function byRequest(chances: Float32Array, first: Uint32Array, kept: (path: Float32Array) => number): Bits {
  const bits = new Uint8Array(chances.length);
  for (let request = 0; request + 1 < first.length; request++) {
    const [from, end] = [first[request], first[request + 1]];
    bits.fill(1, from + kept(chances.subarray(from, end)), end);
  }
  return bits;
}
