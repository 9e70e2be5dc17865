/** Ways to say, at the request and for good, which blocks of a prompt are worth keeping. */
import { accessTimes, type Bits, blockFeatures, type Model, type ServingTrace } from '../../src/index.ts';
import { fitCutPoints } from '../../src/predictors/cut-point.ts';
import { keepValues } from '../../src/predictors/keep-value.ts';
import { Kernel } from '../../src/predictors/kernel.ts';
import { cutPointBits, oneBits, returnChances } from '../../src/predictors/request-bits.ts';

/** The bits of all block accesses, from their chances to come back in time and the least chance that is enough. */
export type Variant = (chances: Float32Array, first: Uint32Array, enough: number) => Bits;

export const VARIANTS: Readonly<Record<string, Variant>> = {
  'a bit a block': (chances, _, enough) => Uint8Array.from(chances, (chance) => (chance < enough ? 1 : 0)),
  'the cut point fitted to these': (chances, first, enough) =>
    fitCutPoints(VARIANTS['a bit a block'](chances, first, enough), first),
  'a cut point a request': cutPointBits,
  'one bit a request': oneBits,
};

/** The chances of all block accesses (`returnChances`), as a function of the capacity in blocks. */
export function chancesOf(model: Model, trace: ServingTrace): (capacity: number) => Float32Array {
  const { ages } = model.header;
  const hazards = new Kernel(model).hazards(blockFeatures(trace).values);
  const values = keepValues(hazards, ages);
  const time = accessTimes(trace);
  return (capacity) => returnChances(trace.blocks, trace.firstBlock, time, hazards, values, ages, capacity);
}
