import { Failure } from '../support/failure.ts';

/**
 * The chained hash of a block: it stands for the block and for everything before it. 64 bits as a bigint or as a safe
 * integer ≥ 0, or a byte string as long as the manager was told (vLLM's SHA-256 digests have 32 bytes).
 */
export type BlockHash = bigint | number | Uint8Array;

const BIGGEST = 2n ** 64n;

/**
 * Turns hashes into keys of a fixed number of 32-bit words and back. Nothing is shortened, so that two blocks never
 * share a key.
 */
export class HashCodec {
  /** The key of the hash that was encoded last. */
  readonly key: Uint32Array;
  private readonly bytes: Uint8Array;
  private readonly integer: BigUint64Array;

  /**
   * @param hashBytes length of a hash, a multiple of 4 and at least 8
   * @throws Failure for any other length
   */
  constructor(hashBytes: number) {
    if (!Number.isInteger(hashBytes) || hashBytes < 8 || hashBytes % 4 !== 0)
      throw new Failure(`hashes of ${hashBytes} bytes: give a multiple of 4 that is at least 8, as 8 or 32`);
    const buffer = new ArrayBuffer(hashBytes);
    this.key = new Uint32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.integer = new BigUint64Array(buffer, 0, 1);
  }

  /** @throws Failure for a hash that is out of range or of another length */
  encode(hash: BlockHash): void {
    const { key } = this;
    if (typeof hash === 'number') {
      if (!Number.isSafeInteger(hash) || hash < 0) throw badHash(hash, key.byteLength);
      if (key.length > 2) key.fill(0);
      key[0] = hash;
      key[1] = hash / 2 ** 32;
    } else if (typeof hash === 'bigint') {
      if (hash < 0n || hash >= BIGGEST) throw badHash(hash, key.byteLength);
      if (key.length > 2) key.fill(0);
      this.integer[0] = hash;
    } else {
      if (hash.length !== key.byteLength) throw badHash(hash, key.byteLength);
      this.bytes.set(hash);
    }
  }

  /** The hash with the given key: a bigint where hashes have 8 bytes, else a byte string. */
  decode(key: Uint32Array): bigint | Uint8Array {
    this.key.set(key);
    return this.key.length === 2 ? this.integer[0] : this.bytes.slice();
  }
}

/** A number in 0 … 2³² − 1 that spreads keys evenly: of the key in `keys[from … from + words − 1]`. */
export function spreadKey(keys: Uint32Array, from: number, words: number): number {
  let mixed = 0;
  for (let i = from; i < from + words; i++) {
    // The finishing steps of MurmurHash3, so that small integers spread as well as digests do.
    mixed = Math.imul(mixed ^ keys[i], 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
  }
  return mixed >>> 0;
}

function badHash(hash: BlockHash, bytes: number): Failure {
  const found = hash instanceof Uint8Array ? `${hash.length} bytes` : `${hash}`;
  return new Failure(
    `a block hash must be an integer in 0 … 2^64 − 1 (a number up to 2^53 − 1) or ${bytes} bytes, found ${found}; ` +
      'set hashBytes to the length of the hashes of the engine',
  );
}
