import { createHmac, hash } from 'node:crypto';

/**
 * Chained hashes of a prompt's blocks, without a tokenizer: a block is a fixed number of bytes of text, which stand for as many
 * tokens as they hold on average. Two prompts share the hashes of exactly the blocks of their common beginning. Keyed, so that
 * nobody without the key can try texts against a log: the chain begins with an HMAC and goes on with SHA-256, and of each link
 * only 53 bits are shown. So a hash is an integer that JSON carries; among 10⁶ blocks two are the same with a chance below
 * 10⁻⁴.
 *
 * @param key of this installation
 * @param salt begins the chain
 * @param blockBytes length of a block; the last one may be shorter
 * @returns a hash a block, at least one
 *
 * @example
 * blockHashes(key, '', Buffer.from('abc'), 2).length; // 2
 */
export function blockHashes(key: Buffer, salt: string, text: Buffer, blockBytes: number): Float64Array {
  const hashes = new Float64Array(Math.max(1, Math.ceil(text.length / blockBytes)));
  const chained = Buffer.alloc(CHAIN + Math.min(blockBytes, text.length));
  createHmac('sha256', key).update(salt).digest().copy(chained);
  for (let block = 0; block < hashes.length; block++) {
    const copied = text.copy(chained, CHAIN, block * blockBytes, (block + 1) * blockBytes);
    const chain = hash('sha256', chained.subarray(0, CHAIN + copied), 'buffer');
    chain.copy(chained);
    hashes[block] = chain.readUInt32LE(0) + (chain.readUInt32LE(4) & HIGH) * 2 ** 32;
  }
  return hashes;
}

/** Bytes of the chain that each block's hash begins with. */
const CHAIN = 32;
const HIGH = 2 ** 21 - 1;
