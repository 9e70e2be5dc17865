/** Token counts of an answer; `undefined` where the engine did not report them. */
export interface AnswerTokens {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cached: number | undefined;
}

/** Counts stand at the end of an answer, in whatever form it comes. */
const TAIL = 1 << 14;
const EVENT = Buffer.from('data:');

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
    const prompt = this.last('prompt_tokens') ?? this.last('input_tokens');
    const [read, reused] = [this.last('prompt_n'), this.last('cache_n')];
    const timed = read === undefined ? undefined : read + (reused ?? 0);
    const written = this.last('completion_tokens') ?? this.last('output_tokens') ?? this.last('predicted_n');
    return {
      input: prompt ?? timed,
      output: written ?? (this.events > 0 ? this.events : undefined),
      cached: this.last('cached_tokens') ?? reused,
    };
  }

  /** The last number of that name; inside of a text its quotes would be escaped. */
  private last(name: string): number | undefined {
    const found = [...this.tail.matchAll(new RegExp(`(?<!\\\\)"${name}"\\s*:\\s*(\\d{1,15})`, 'g'))].at(-1);
    return found === undefined ? undefined : Number(found[1]);
  }
}
