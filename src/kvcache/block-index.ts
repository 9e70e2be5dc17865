import { LinkedLists } from '../support/linked-lists.ts';
import { type BlockHash, HashCodec, spreadKey } from './block-hash.ts';

const RESIDENT = 0;
const DEPARTED = 1;

/**
 * Numbers blocks densely for policies whose state is indexed by page, though an engine never stops to see new hashes: a
 * resident block keeps its number, and so do the `remembered` blocks that departed last, which policies with a memory
 * of departed pages need. The number of the block that departed longest ago is given to the next new one; a policy that
 * remembers for longer takes the new block for the old one, which may cost it a hit and nothing else.
 *
 * A hash table with chains; every operation is O(1) expected. 20 bytes a number, and the bytes of its hash.
 */
export class BlockIndex {
  /** Size of the universe of block numbers. */
  readonly size: number;
  /** Slot of each block, −1 where it is not resident. */
  readonly slotOf: Int32Array;
  private readonly codec: HashCodec;
  private readonly keys: Uint32Array;
  private readonly words: number;
  private readonly heads: Int32Array;
  private readonly chain: Int32Array;
  /** Resident blocks, least recently touched first; departed ones, the one that departed longest ago first. */
  private readonly order: LinkedLists;
  /** Numbers that were ever given. */
  private given = 0;

  /**
   * @param capacity most resident blocks
   * @param remembered how many departed blocks keep their numbers
   * @param hashBytes length of a hash
   */
  constructor(capacity: number, remembered: number, hashBytes: number) {
    // One more, because a block is numbered before another one makes room for it.
    this.size = capacity + remembered + 1;
    this.codec = new HashCodec(hashBytes);
    this.words = hashBytes / 4;
    this.keys = new Uint32Array(this.size * this.words);
    this.slotOf = new Int32Array(this.size).fill(-1);
    this.heads = new Int32Array(this.size).fill(-1);
    this.chain = new Int32Array(this.size);
    this.order = new LinkedLists(this.size, 2);
  }

  /** The slot of a block, −1 where it is not resident. */
  slot(hash: BlockHash): number {
    const block = this.find(hash);
    return block < 0 ? -1 : this.slotOf[block];
  }

  /** A number that is the same for equal hashes and differs for almost all others. */
  fingerprint(hash: BlockHash): number {
    this.codec.encode(hash);
    return spreadKey(this.codec.key, 0, this.words) >>> 1;
  }

  /** The number of a block that is not resident: its own if it is remembered, else that of another one. */
  number(hash: BlockHash): number {
    const known = this.find(hash);
    if (known >= 0) return known;
    const block = this.given < this.size ? this.given : this.order.first(DEPARTED);
    if (block === this.given) {
      this.given++;
      this.order.append(DEPARTED, block);
    } else {
      this.unchain(block);
      this.order.moveToEnd(DEPARTED, block);
    }
    const { key } = this.codec;
    for (let word = 0; word < this.words; word++) this.keys[block * this.words + word] = key[word];
    const bucket = this.bucket(key, 0);
    this.chain[block] = this.heads[bucket];
    this.heads[bucket] = block;
    return block;
  }

  hashOf(block: number): bigint | Uint8Array {
    return this.codec.decode(this.keys.subarray(block * this.words, (block + 1) * this.words));
  }

  /** A numbered block becomes resident, or is moved to another slot. */
  place(block: number, slot: number): void {
    this.slotOf[block] = slot;
    this.order.moveToEnd(RESIDENT, block);
  }

  /** A resident block becomes the most recently touched one. */
  touch(block: number): void {
    this.order.moveToEnd(RESIDENT, block);
  }

  /** A resident block departs. */
  depart(block: number): void {
    this.slotOf[block] = -1;
    this.order.moveToEnd(DEPARTED, block);
  }

  /** The resident blocks, least recently touched first. */
  *resident(): Generator<number> {
    for (let block = this.order.first(RESIDENT); block >= 0; block = this.order.after(block)) yield block;
  }

  private find(hash: BlockHash): number {
    const { codec, keys, words, chain } = this;
    codec.encode(hash);
    const { key } = codec;
    let block = this.heads[this.bucket(key, 0)];
    for (; block >= 0; block = chain[block]) {
      let at = block * words;
      let word = 0;
      while (word < words && keys[at] === key[word]) {
        word++;
        at++;
      }
      if (word === words) return block;
    }
    return -1;
  }

  /** Takes a block out of the table. */
  private unchain(block: number): void {
    const { chain } = this;
    const bucket = this.bucket(this.keys, block * this.words);
    if (this.heads[bucket] === block) {
      this.heads[bucket] = chain[block];
      return;
    }
    let before = this.heads[bucket];
    while (chain[before] !== block) before = chain[before];
    chain[before] = chain[block];
  }

  private bucket(keys: Uint32Array, from: number): number {
    return Math.floor((spreadKey(keys, from, this.words) / 2 ** 32) * this.size);
  }
}
