import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Failure } from '../../support/failure.ts';

const BYTES = 32;

/**
 * The key of this installation's block hashes. Logs of different keys cannot be joined, and without the key nobody can try texts
 * against a log; with it anybody can, so that it belongs to whoever may see the prompts.
 *
 * @param path of a file with 64 hexadecimal digits, made if there is none; `undefined` for a key that ends with the process
 * @throws Failure for a file that cannot be read or written, or holds something else
 */
export function installKey(path: string | undefined): Buffer {
  if (path === undefined) return randomBytes(BYTES);
  try {
    // Fails if there is a file: two gateways that start together use the same key.
    writeFileSync(path, `${randomBytes(BYTES).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(path, (error as Error).message);
  }
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw unusable(path, (error as Error).message);
  }
  if (!/^[0-9a-f]{64}$/.test(text))
    throw unusable(path, 'it holds something else than 64 hexadecimal digits');
  return Buffer.from(text, 'hex');
}

function unusable(path: string, reason: string): Failure {
  return new Failure(`${path}: cannot be used as key (${reason}); choose another --key`);
}
