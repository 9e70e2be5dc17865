import { createHash } from 'node:crypto';

/** Long enough that two conversations never share a key, whoever chooses their names. */
export const KEY_BYTES = 16;

/** The key of a conversation: a digest of its name, so that names of any length and content serve and none is written to a file. */
export function keyOf(conversation: string): string {
  return createHash('sha256')
    .update(conversation)
    .digest('hex')
    .slice(0, 2 * KEY_BYTES);
}

/** A key as the cache's hash. */
export function conversationHash(key: string): Uint8Array {
  return Buffer.from(key, 'hex');
}

/** The key of a hash. */
export function conversationKey(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}

/** A key as a page of a trace: its first 48 bits. */
export function pageOf(key: string): number {
  return Number.parseInt(key.slice(0, 12), 16);
}
