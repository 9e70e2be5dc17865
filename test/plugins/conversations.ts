/** Conversations with the tiny model, whose tokens are the characters of a prompt. */
import { SeededRandom } from '../../src/support/random.ts';

interface Message {
  readonly role: string;
  readonly content: string;
}

/** What was asked, and what the engine counted. */
export interface Asked {
  /** A character a token; the begin of a message is one, too. */
  readonly prompt: string;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly answer: string;
}

const WORDS = 'the cat sat on a mat and saw one more bird in an old tree by the river'.split(' ');

/** Multi-turn chats that share two system prompts. */
export class Conversations {
  readonly asked: Asked[] = [];
  private readonly random = new SeededRandom(7);
  private readonly sessions: Message[][];
  private readonly url: string;
  private readonly more: object;

  /** @param more members of each request */
  constructor(url: string, count: number, more: object = {}) {
    this.url = url;
    this.more = more;
    const systems = [this.text(40), this.text(30)];
    this.sessions = Array.from({ length: count }, (_, i) => [{ role: 'system', content: systems[i % 2] }]);
  }

  /** A turn of each conversation, `together` of them at a time. */
  async turn(together: number): Promise<void> {
    for (let i = 0; i < this.sessions.length; i += together)
      await Promise.all(this.sessions.slice(i, i + together).map((session) => this.ask(session)));
  }

  private async ask(session: Message[]): Promise<void> {
    session.push({ role: 'user', content: this.text(10 + this.random.below(30)) });
    const prompt = `${session.map(({ role, content }) => `\0${role}: ${content}\n`).join('')}\0assistant: `;
    const body = { model: 'tiny', messages: session, max_tokens: 20 + this.random.below(40), ...this.more };
    const began = Date.now();
    const response = await fetch(`${this.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const { choices, usage } = (await response.json()) as {
      choices: { message: { content: string } }[];
      usage: { prompt_tokens: number; prompt_tokens_details?: { cached_tokens?: number } };
    };
    const answer = choices[0].message.content;
    const cachedTokens = usage.prompt_tokens_details?.cached_tokens ?? 0;
    this.asked.push({ prompt, began, promptTokens: usage.prompt_tokens, cachedTokens, answer });
    session.push({ role: 'assistant', content: answer });
  }

  private text(words: number): string {
    return Array.from({ length: words }, () => WORDS[this.random.below(WORDS.length)]).join(' ');
  }
}

/** A request of a recorded trace. */
export interface Recorded {
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly input_length: number;
  readonly hash_ids: readonly number[];
}

/**
 * Where a recorded trace and the prompts that were asked disagree: each prompt must stand in the trace with as many blocks as it
 * has whole ones, and blocks must be the same exactly where prompts begin alike.
 *
 * @returns the lines of the trace that are wrong, and what is wrong with them; −1 for prompts that are missing
 */
export function disagreements(
  asked: readonly Asked[],
  trace: readonly Recorded[],
  blockSize: number,
): [line: number, what: string][] {
  const wrong: [number, string][] = [];
  const left = new Set(trace.keys());
  const found: [line: number, prefixes: string[]][] = [];
  for (const { prompt, promptTokens, began } of asked) {
    if (prompt.length !== promptTokens)
      wrong.push([-1, `${promptTokens} tokens, ${prompt.length} were sent`]);
    const away = (line: number) => Math.abs(trace[line].timestamp - began);
    const [line] = [...left]
      .filter((i) => trace[i].input_length === promptTokens)
      .sort((a, b) => away(a) - away(b));
    if (line === undefined) {
      wrong.push([-1, `a prompt of ${promptTokens} tokens is missing`]);
      continue;
    }
    left.delete(line);
    const whole = Math.floor(prompt.length / blockSize);
    if (trace[line].hash_ids.length !== whole)
      wrong.push([line, `${trace[line].hash_ids.length} blocks of ${whole}`]);
    else found.push([line, Array.from({ length: whole }, (_, i) => prompt.slice(0, (i + 1) * blockSize))]);
  }
  // Two names of a block: what most say is right.
  const hashOf = votes(
    found.flatMap(([line, prefixes]) => prefixes.map((prefix, i) => [prefix, trace[line].hash_ids[i]])),
  );
  const prefixOf = votes(
    found.flatMap(([line, prefixes]) => prefixes.map((prefix, i) => [trace[line].hash_ids[i], prefix])),
  );
  for (const [line, prefixes] of found) {
    const { hash_ids } = trace[line];
    const other = prefixes.findIndex(
      (prefix, i) => hashOf.get(prefix) !== hash_ids[i] || prefixOf.get(hash_ids[i]) !== prefix,
    );
    if (other >= 0) wrong.push([line, `block ${other} of ${prefixes.length} is another`]);
  }
  return wrong;
}

function votes<Name, Value>(pairs: readonly (readonly [Name, Value])[]): Map<Name, Value> {
  const counts = new Map<Name, Map<Value, number>>();
  for (const [name, value] of pairs) {
    const of = counts.get(name) ?? new Map<Value, number>();
    counts.set(name, of.set(value, (of.get(value) ?? 0) + 1));
  }
  const most = (of: Map<Value, number>) => [...of].reduce((a, b) => (b[1] > a[1] ? b : a))[0];
  return new Map([...counts].map(([name, of]) => [name, most(of)]));
}
