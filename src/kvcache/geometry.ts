import { Failure } from '../support/failure.ts';

/** What the cost of serving a model follows from. */
export interface Geometry {
  readonly name: string;
  readonly layers: number;
  /** Width of a layer. */
  readonly hidden: number;
  /** Heads of keys and values; with grouped queries fewer than query heads. */
  readonly kvHeads: number;
  readonly headSize: number;
  readonly parameters: number;
  /** Bytes of a weight, and of a number in the KV cache; 2 for bfloat16. */
  readonly weightBytes: number;
  readonly kvBytes: number;
  readonly source: string;
}

const BF16 = { headSize: 128, weightBytes: 2, kvBytes: 2 } as const;

/** Models in bfloat16. Sizes are those of the published configuration; parameters follow from them (a test adds them up). */
export const GEOMETRIES: readonly Geometry[] = [
  {
    name: 'llama-3.1-8b',
    layers: 32,
    hidden: 4096,
    kvHeads: 8,
    parameters: 8_030_261_248,
    ...BF16,
    source: 'config.json of meta-llama/Llama-3.1-8B; The Llama 3 Herd of Models, arXiv 2407.21783, table 3',
  },
  {
    name: 'yi-34b',
    layers: 60,
    hidden: 7168,
    kvHeads: 8,
    parameters: 34_388_917_248,
    ...BF16,
    source: 'config.json of 01-ai/Yi-34B; Yi: Open Foundation Models, arXiv 2403.04652, table 1',
  },
  {
    name: 'llama-3.1-70b',
    layers: 80,
    hidden: 8192,
    kvHeads: 8,
    parameters: 70_553_706_496,
    ...BF16,
    source: 'config.json of meta-llama/Llama-3.1-70B; The Llama 3 Herd of Models, arXiv 2407.21783, table 3',
  },
  {
    name: 'smollm2-135m',
    layers: 30,
    hidden: 576,
    kvHeads: 3,
    parameters: 134_515_008,
    ...BF16,
    headSize: 64,
    source: 'config.json of HuggingFaceTB/SmolLM2-135M-Instruct; SmolLM2, arXiv 2502.02737',
  },
];

/** @throws Failure for a model that is not in the list */
export function findGeometry(name: string): Geometry {
  const found = GEOMETRIES.find((geometry) => geometry.name === name);
  if (found !== undefined) return found;
  throw new Failure(`unknown model “${name}”; known: ${GEOMETRIES.map(({ name }) => name).join(', ')}`);
}
