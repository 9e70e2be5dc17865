import { isDiscarded } from '../../predictors/cut-point.ts';
import type { Decision } from './predictor-messages.ts';

/** A member of the request body that tells an engine what to keep. */
export interface EngineField {
  readonly path: readonly string[];
  readonly value: string;
}

/** The engines whose field the gateway writes. llama.cpp's server has none: the gateway owns its slots (`slot-keeper.ts`). */
export const ENGINES = ['vllm', 'lmcache', 'sglang', 'dynamo', 'llama.cpp', 'none'] as const;
export type Engine = (typeof ENGINES)[number];

/** How much an engine can be told of a prompt, as models are judged (`Judgement`). */
export function bitsFor(engine: Engine): 'cutPoints' | 'oneBit' {
  return engine === 'vllm' ? 'cutPoints' : 'oneBit';
}

/** What such an engine is told by a decision, in a word. */
export function told(
  bits: 'cutPoints' | 'oneBit',
  { keepBlocks, blocks }: Decision,
): 'keep' | 'cut' | 'discard' {
  if (bits === 'oneBit') return isDiscarded(keepBlocks, blocks) ? 'discard' : 'keep';
  if (keepBlocks === blocks) return 'keep';
  return keepBlocks > 0 ? 'cut' : 'discard';
}

/** SGLang adds 1 where it splits a prompt from its answer: −2 discards both (docs/engines/sglang.md). */
const DISCARD_PRIORITY = '-2';

/** llama.cpp's own word for "whichever slot"; the gateway puts its choice in its place. */
export const ANY_SLOT = '-1';

/**
 * The field that carries a decision to an engine.
 *
 * @returns `undefined` where saying nothing means the same
 */
export function engineField(engine: Engine, decision: Decision | undefined): EngineField | undefined {
  // Slots are owned with and without a model.
  if (engine === 'llama.cpp') return { path: ['id_slot'], value: ANY_SLOT };
  if (decision === undefined) return undefined;
  const discard = isDiscarded(decision.keepBlocks, decision.blocks);
  switch (engine) {
    case 'vllm':
      if (decision.keepBlocks > 0 && decision.keepBlocks < decision.blocks)
        return { path: ['kv_transfer_params', 'onebit.keep_tokens'], value: `${decision.keepTokens}` };
      return { path: ['kv_transfer_params', 'onebit.discard'], value: discard ? '1' : '0' };
    case 'lmcache':
      return { path: ['kv_transfer_params', 'lmcache.onebit_discard'], value: discard ? '1' : '0' };
    case 'sglang':
      return discard ? { path: ['priority'], value: DISCARD_PRIORITY } : undefined;
    case 'dynamo':
      return discard ? { path: ['nvext', 'agent_hints', 'priority'], value: DISCARD_PRIORITY } : undefined;
    default:
      return undefined;
  }
}
