/** Token counts of an answer; `undefined` where the engine did not report them. */
export interface AnswerTokens {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cached: number | undefined;
}

/** Counts stand at the end of an answer, in whatever form it comes. */
const TAIL = 1 << 14;
const EVENT = Buffer.from('data:');
/** A count by its name; inside of a text its quotes would be escaped. */
const COUNT =
  /(?<!\\)"(prompt_tokens|input_tokens|prompt_n|cache_n|completion_tokens|output_tokens|predicted_n|cached_tokens)"\s*:\s*(\d{1,15})/g;

/**
 * Reads the token counts off an answer that passes by: OpenAI's `usage` (of a stream only where the client asked for it), and
 * the `timings` of llama.cpp's server. Keeps the last 16 KiB.
 */
export class AnswerReader {
  private tail = '';
  private events = 0;

  take(chunk: Buffer): void {
    for (let at = chunk.indexOf(EVENT); at >= 0; at = chunk.indexOf(EVENT, at + EVENT.length)) this.events++;
    const text = chunk.toString('latin1', Math.max(0, chunk.length - TAIL));
    this.tail = (this.tail + text).slice(-TAIL);
  }

  /** The counts of the whole answer; of a stream that tells none, its events stand for tokens written. */
  counts(): AnswerTokens {
    const last = new Map<string, number>();
    for (const [, name, count] of this.tail.matchAll(COUNT)) last.set(name, Number(count));
    const prompt = last.get('prompt_tokens') ?? last.get('input_tokens');
    const [read, reused] = [last.get('prompt_n'), last.get('cache_n')];
    const timed = read === undefined ? undefined : read + (reused ?? 0);
    const written = last.get('completion_tokens') ?? last.get('output_tokens') ?? last.get('predicted_n');
    return {
      input: prompt ?? timed,
      output: written ?? (this.events > 0 ? this.events : undefined),
      cached: last.get('cached_tokens') ?? reused,
    };
  }
}
