import { Unpackr } from 'msgpackr';

/**
 * What an engine tells of its blocks. Hashes are whatever the engine has, as keys: integers of 53 bits.
 */
export type KvEvent =
  | {
      readonly kind: 'stored';
      /** Each the child of the one before. */
      readonly blocks: readonly number[];
      /** Of the first; `undefined` where it begins a prompt. */
      readonly parent: number | undefined;
      /** Tokens of a block; 0 of copies in another tier, of which vLLM tells no more than the hashes. */
      readonly blockSize: number;
      readonly medium: string | undefined;
    }
  | { readonly kind: 'removed'; readonly blocks: readonly number[]; readonly medium: string | undefined }
  | { readonly kind: 'cleared' };

export interface EventBatch {
  /** Seconds since 1970, by the engine's clock. */
  readonly time: number;
  readonly events: readonly KvEvent[];
  /** Events that could not be read, each with the reason. */
  readonly corrupt: readonly string[];
}

const unpackr = new Unpackr({ mapsAsObjects: true });

/** Places of the fields in the positional form, after the name of the event. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  BlockStored: ['block_hashes', 'parent_block_hash', 'token_ids', 'block_size', 'lora_id', 'medium'],
  BlockRemoved: ['block_hashes', 'medium'],
  AllBlocksCleared: [],
};

/**
 * Reads the payload of a message of vLLM or SGLang: `[time, events, rank]` in MessagePack, each event either an array that begins
 * with its name, or a map with its name as `type`. Fields and events that are not known are left aside.
 *
 * @throws Error if the payload as a whole cannot be read
 */
export function decodeBatch(payload: Uint8Array): EventBatch {
  const batch: unknown = unpackr.unpack(payload);
  if (!Array.isArray(batch) || typeof batch[0] !== 'number' || !Array.isArray(batch[1]))
    throw new Error('not a list of a time and events');
  const events: KvEvent[] = [];
  const corrupt: string[] = [];
  for (const written of batch[1]) {
    try {
      const event = decodeEvent(written);
      if (event !== undefined) events.push(event);
    } catch (error) {
      corrupt.push((error as Error).message);
    }
  }
  return { time: batch[0], events, corrupt };
}

function decodeEvent(written: unknown): KvEvent | undefined {
  const fields = Array.isArray(written) ? named(written) : written;
  if (typeof fields !== 'object' || fields === null) throw new Error('an event is neither list nor map');
  const { type, block_hashes, parent_block_hash, token_ids, block_size, medium } = fields as Record<
    string,
    unknown
  >;
  const kept = typeof medium === 'string' ? medium : undefined;
  switch (type) {
    case 'BlockStored':
      if (!Number.isSafeInteger(block_size) || (block_size as number) < (isEmpty(token_ids) ? 0 : 1))
        throw new Error('block_size is no positive integer');
      return {
        kind: 'stored',
        blocks: keysOf(block_hashes),
        parent:
          parent_block_hash === null || parent_block_hash === undefined
            ? undefined
            : keyOf(parent_block_hash),
        blockSize: block_size as number,
        medium: kept,
      };
    case 'BlockRemoved':
      return { kind: 'removed', blocks: keysOf(block_hashes), medium: kept };
    case 'AllBlocksCleared':
      return { kind: 'cleared' };
    default:
      if (typeof type !== 'string') throw new Error('an event has no name');
      return undefined;
  }
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

function named([type, ...values]: readonly unknown[]): Record<string, unknown> {
  const names = PLACES[type as string] ?? [];
  return { type, ...Object.fromEntries(names.map((name, i) => [name, values[i]])) };
}

function keysOf(hashes: unknown): number[] {
  if (!Array.isArray(hashes)) throw new Error('block_hashes is no list');
  return hashes.map(keyOf);
}

/** The low 53 bits. vLLM has hashes as byte strings, or as integers that are the last 8 bytes of such a string. */
function keyOf(hash: unknown): number {
  if (typeof hash === 'number' && Number.isSafeInteger(hash) && hash >= 0) return hash;
  if (typeof hash === 'bigint' || (typeof hash === 'number' && Number.isInteger(hash)))
    return Number(BigInt.asUintN(53, BigInt(hash)));
  if (hash instanceof Uint8Array && hash.length >= 8) {
    const end = new DataView(hash.buffer, hash.byteOffset + hash.length - 8);
    return (end.getUint32(0) & HIGH) * 2 ** 32 + end.getUint32(4);
  }
  throw new Error(`a block hash is of type ${hash === null ? 'null' : typeof hash}`);
}

const HIGH = 2 ** 21 - 1;
