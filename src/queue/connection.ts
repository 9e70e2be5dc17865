import type { Redis } from 'ioredis';
import { Failure, oneLine } from '../support/failure.ts';

/** How long a server may take to answer at first, in milliseconds. */
const PATIENCE = 5000;

/**
 * Connects to a Redis or Valkey server. Once it has answered, every command waits for as long as the server is away.
 *
 * @param url such as `redis://host:6379` or `rediss://user:password@host`
 * @throws Failure for another kind of URL, or if no server answers within five seconds
 */
export async function connect(url: string): Promise<Redis> {
  if (!/^rediss?:\/\/./.test(url))
    throw new Failure(`--queue: “${url}” is not a server; write redis://host:6379`);
  // Loaded only here, so that what runs locally does without.
  const { Redis } = await import('ioredis').catch(() => {
    throw new Failure(
      '--queue: the packages ioredis and bullmq are not installed; npm install ioredis bullmq',
    );
  });
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * times, 1000),
  });
  let reason: unknown = 'no answer';
  redis.on('error', (error) => (reason = error));
  let patience: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    patience = setTimeout(() => reject(reason), PATIENCE);
  });
  try {
    await Promise.race([redis.ping(), tooLong]);
    return redis;
  } catch {
    redis.disconnect();
    const { host } = new URL(url);
    throw new Failure(
      `--queue: no server answers at ${host} (${oneLine(reason)}); start Redis or Valkey there, or leave out --queue`,
    );
  } finally {
    clearTimeout(patience);
  }
}
