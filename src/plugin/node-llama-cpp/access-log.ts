import { closeSync, openSync, writeSync } from 'node:fs';
import { Failure } from '../../support/failure.ts';
import { pageOf } from './conversation-key.ts';

/** A request in the log; its lengths are known when it is over. */
export interface LoggedRequest {
  readonly key: string;
  /** In seconds. */
  readonly time: number;
  inputTokens: number;
  outputTokens: number;
  over: boolean;
}

/**
 * The requests of a session cache as a trace in Mooncake's format, one page a conversation, which `onebit train` reads. Lines are
 * in order of arrival, so one waits for the requests before it to end. No text and no name of a conversation is written.
 */
export class AccessLog {
  private readonly file: number;
  private readonly open: LoggedRequest[] = [];

  /** @throws Failure where the file cannot be opened; what is in it stays */
  constructor(path: string) {
    try {
      this.file = openSync(path, 'a');
    } catch (error) {
      throw new Failure(`${path}: cannot be opened (${(error as Error).message}); choose another access log`);
    }
  }

  arrive(key: string, time: number): LoggedRequest {
    const request = { key, time, inputTokens: 0, outputTokens: 0, over: false };
    this.open.push(request);
    return request;
  }

  /** @throws Error where the disk fails */
  finish(request: LoggedRequest, inputTokens: number, outputTokens: number): void {
    Object.assign(request, { inputTokens, outputTokens, over: true });
    const running = this.open.findIndex(({ over }) => !over);
    const lines = this.open.splice(0, running < 0 ? this.open.length : running).map(lineOf);
    if (lines.length > 0) writeSync(this.file, lines.join(''));
  }

  close(): void {
    closeSync(this.file);
  }
}

function lineOf({ key, time, inputTokens, outputTokens }: LoggedRequest): string {
  const timestamp = Math.round(time * 1e6) / 1e3;
  return `${JSON.stringify({ timestamp, input_length: inputTokens, output_length: outputTokens, hash_ids: [pageOf(key)] })}\n`;
}
