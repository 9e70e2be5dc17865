import {
  closeSync,
  createWriteStream,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  type WriteStream,
} from 'node:fs';
import { Failure } from '../../support/failure.ts';

/** A prompt as it stands in the log: a line of a Mooncake trace, and what else is known. */
export interface AccessRecord {
  /** Milliseconds since 1970. */
  timestamp: number;
  input_length: number;
  output_length: number;
  hash_ids: number[];
  /** Of the response; 0 where the client left first. */
  status: number;
  /** From the arrival to the end of the response. */
  milliseconds: number;
  /** Of the prompt's tokens, where the engine told how many it found in its cache. */
  cached_length?: number;
  /** What the gateway wrote into the request, where it wrote anything. */
  keep_length?: number;
}

interface Entry {
  record: AccessRecord | undefined;
  settled: boolean;
}

/** Entries that wait for an older request to end; when there are more, the oldest is lost, and counted. */
const MOST_WAITING = 1 << 14;
/** Bytes that may wait for the disk; lines beyond are lost, and counted. */
const MOST_BYTES = 16 << 20;

/**
 * The access log is a trace that `onebit train` reads: one line a prompt, in order of arrival though they end in another order,
 * with hashes of blocks in place of text. It is appended to; a line that a crash cut short is removed first.
 */
export class AccessLog {
  private readonly path: string;
  private readonly counted: (written: boolean) => void;
  private readonly failed: (error: Error) => void;
  private readonly entries: Entry[] = [];
  private stream: WriteStream;
  private latest: number;

  /**
   * @param counted told of each line whether it was written
   * @param failed told when the file cannot be written any more
   * @throws Failure if the file cannot be opened
   */
  constructor(path: string, counted: (written: boolean) => void, failed: (error: Error) => void) {
    this.path = path;
    this.counted = counted;
    this.failed = failed;
    this.latest = mendEnd(path);
    this.stream = this.open();
  }

  /** Takes a place in the order of arrival. */
  arrive(): Entry {
    const entry = { record: undefined, settled: false };
    this.entries.push(entry);
    if (this.entries.length > MOST_WAITING) this.settle(this.entries[0], undefined);
    return entry;
  }

  /** An arrived request has ended. @param record `undefined` where it has none */
  settle(entry: Entry, record: AccessRecord | undefined): void {
    if (entry.settled) {
      // It was given up while it waited.
      this.counted(false);
      return;
    }
    entry.record = record;
    entry.settled = true;
    while (this.entries[0]?.settled === true) this.append((this.entries.shift() as Entry).record);
  }

  /** Goes on in a new file of the same name, after the old one was moved away. */
  reopen(): void {
    this.stream.end();
    this.stream = this.open();
  }

  /** Writes what is there and closes the file. */
  async close(): Promise<void> {
    for (const { record } of this.entries.splice(0)) this.append(record);
    await new Promise<void>((resolve) => this.stream.end(resolve));
  }

  private append(record: AccessRecord | undefined): void {
    if (record === undefined) return;
    // A trace's time never goes back, even if the system's does.
    this.latest = Math.max(this.latest, record.timestamp);
    const writable = this.stream.writable && this.stream.writableLength < MOST_BYTES;
    this.counted(writable);
    if (writable) this.stream.write(`${JSON.stringify({ ...record, timestamp: this.latest })}\n`);
  }

  private open(): WriteStream {
    const stream = createWriteStream(this.path, { flags: 'a', mode: 0o600 });
    stream.on('error', (error) => {
      stream.destroy();
      this.failed(error);
    });
    return stream;
  }
}

const START = '{"timestamp":';

/** Removes what follows the last whole line, and returns the time of that line; 0 for an empty file. */
function mendEnd(path: string): number {
  let file = -1;
  try {
    file = openSync(path, 'a+', 0o600);
    const { size } = fstatSync(file);
    const head = Buffer.alloc(Math.min(size, START.length));
    readSync(file, head, 0, head.length, 0);
    if (!START.startsWith(head.toString('latin1')))
      throw new Error('it holds something else than an access log');
    const tail = Buffer.alloc(Math.min(size, 1 << 22));
    readSync(file, tail, 0, tail.length, size - tail.length);
    const end = tail.lastIndexOf(10);
    if (end + 1 < tail.length) ftruncateSync(file, size - tail.length + end + 1);
    const last = tail.toString('utf8', tail.lastIndexOf(10, end - 1) + 1, Math.max(end, 0));
    return last === '' ? 0 : Number(/"timestamp":([\d.]+)/.exec(last)?.[1] ?? 0);
  } catch (error) {
    throw new Failure(
      `${path}: cannot be written (${(error as Error).message}); choose another place with --log`,
    );
  } finally {
    if (file >= 0) closeSync(file);
  }
}
