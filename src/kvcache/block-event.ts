import type { BlockHash } from './block-hash.ts';

/**
 * What happens to blocks, in the shape of vLLM's KV-cache events (`vllm.distributed.kv_events`: `BlockStored`,
 * `BlockRemoved`, `AllBlocksCleared`; names and fields are theirs), with two more kinds: `BlockHit`, without which nobody can
 * learn from the events when a block is used again, and `PolicyDismissed`, at most once.
 */
export type BlockEvent =
  | {
      readonly type: 'BlockStored';
      /** Head first. */
      readonly block_hashes: readonly BlockHash[];
      readonly parent_block_hash: BlockHash | null;
      /** The manager knows hashes alone. */
      readonly token_ids: readonly number[];
      /** Tokens. */
      readonly block_size: number;
      readonly medium: string;
    }
  | { readonly type: 'BlockRemoved'; readonly block_hashes: readonly BlockHash[]; readonly medium: string }
  | { readonly type: 'AllBlocksCleared' }
  | { readonly type: 'BlockHit'; readonly block_hashes: readonly BlockHash[]; readonly medium: string }
  | { readonly type: 'PolicyDismissed'; readonly reason: string };
