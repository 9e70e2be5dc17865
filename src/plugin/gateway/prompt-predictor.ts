import { LiveFeatures } from '../../features/live-features.ts';
import { cutPoint } from '../../predictors/cut-point.ts';
import { judgementAt } from '../../predictors/judgement.ts';
import { keepValues } from '../../predictors/keep-value.ts';
import { Kernel } from '../../predictors/kernel.ts';
import { LiveShadowCache } from '../../predictors/live-shadow-cache.ts';
import type { Model } from '../../predictors/model.ts';
import { blockHashes } from './block-hashes.ts';
import { bitsFor, engineField } from './engine-field.ts';
import { type Insertion, insertion } from './json-insertion.ts';
import type {
  Answer,
  Decision,
  FinishedPrompt,
  ModelAtWork,
  PredictorSettings,
  ToPredictor,
  Untouched,
} from './predictor-messages.ts';
import { type PromptText, promptText } from './prompt-text.ts';

type Question = Omit<Extract<ToPredictor, { kind: 'ask' }>, 'kind' | 'finished'>;

/** A model at work: what its kernel says of blocks, and what a place in the cache costs. */
interface Judge {
  readonly kernel: Kernel;
  readonly ages: readonly number[];
  readonly shadow: LiveShadowCache;
  /** The least chance with which a block is kept. */
  readonly enough: number;
}

/** So many blocks are judged at once; those after the cut point have time until the answer is given. */
const PIECE = 32;
/** Requests whose answers are still awaited; more are forgotten, the oldest first. */
const AWAITED = 1 << 14;

/**
 * Follows the requests and decides for each how much of it to keep, as soon as it comes. Everything it remembers is bounded.
 * A block costs a keyed hash, a row of features and the kernel, some 10 µs together.
 */
export class PromptPredictor {
  private readonly settings: PredictorSettings;
  private readonly key: Buffer;
  private readonly features: LiveFeatures;
  private readonly awaited = new Map<number, number>();
  private judge: Judge | undefined;
  /** Why there is no judge. */
  private silent: Untouched = 'no model';
  /** What is left to do for the latest request. */
  private rest = () => {};

  constructor(settings: PredictorSettings) {
    this.settings = settings;
    this.key = Buffer.from(settings.key);
    const { rememberedBlocks, rememberedRequests } = settings;
    this.features = new LiveFeatures(rememberedBlocks, rememberedRequests, (block) =>
      this.judge?.shadow.forget(block),
    );
  }

  /**
   * Puts a model to work in place of the present one; what was seen of the requests stays. It is silent where its bits, as this
   * engine takes them, did not pay at a cache of this size.
   */
  use(model: Model): Omit<ModelAtWork, 'model'> {
    const { capacity, rememberedBlocks, engine } = this.settings;
    const { ages } = model.header;
    const bits = bitsFor(engine);
    const enough = judgementAt(model, capacity)[bits];
    if (enough === null) {
      this.judge = undefined;
      this.silent = 'not paying';
      return { says: 'nothing', threshold: null };
    }
    this.judge = {
      kernel: new Kernel(model),
      ages,
      shadow: new LiveShadowCache(Math.min(capacity, rememberedBlocks), rememberedBlocks, ages),
      enough,
    };
    return { says: bits === 'cutPoints' ? 'cut points' : 'one bit', threshold: enough };
  }

  /** Takes in a request. Never throws for what a client sent. `complete` is due when the answer is given. */
  ask({ id, seconds, bytesPerToken, body: bytes }: Question): Answer {
    this.complete();
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let body: unknown;
    try {
      body = JSON.parse(buffer.toString('utf8'));
    } catch {
      return withoutPrompt(id, 'malformed');
    }
    const prompt = promptText(body);
    if (prompt === undefined) return withoutPrompt(id, 'no prompt');
    const hashes = this.hashesOf(prompt);
    if (hashes.length > this.settings.rememberedBlocks / 2) return withoutPrompt(id, 'no prompt');
    const inputTokens = prompt.tokens ?? Math.max(1, Math.round(prompt.text.length / bytesPerToken));
    const tokensPerByte = inputTokens / Math.max(1, prompt.text.length);
    const decision = this.decide(id, hashes, seconds, inputTokens, tokensPerByte);
    const telling = this.tell(buffer, body as Record<string, unknown>, decision);
    return {
      kind: 'answer',
      id,
      hashes,
      textBytes: prompt.tokens === undefined ? prompt.text.length : 0,
      inputTokens,
      decision,
      ...telling,
    };
  }

  /** Does what the latest answer did not need. */
  complete(): void {
    this.rest();
    this.rest = () => {};
  }

  /** What became known of a request when it was answered. */
  finish({ id, inputTokens, outputTokens }: FinishedPrompt): void {
    const request = this.awaited.get(id);
    if (request === undefined) return;
    this.awaited.delete(id);
    this.features.finish(request, inputTokens, outputTokens);
  }

  private hashesOf({ salt, text }: PromptText): Float64Array {
    return blockHashes(this.key, salt, text, this.settings.blockBytes);
  }

  private decide(
    id: number,
    hashes: Float64Array,
    seconds: number,
    inputTokens: number,
    tokensPerByte: number,
  ): Decision | undefined {
    const arrival = this.features.arrive(seconds);
    const { request, path, values } = this.features.describe(arrival, hashes, inputTokens);
    if (this.awaited.size === AWAITED) this.awaited.delete(this.awaited.keys().next().value as number);
    this.awaited.set(id, request);
    const { judge } = this;
    if (judge === undefined) return undefined;
    const keepBlocks = this.judgeBlocks(judge, path, values, seconds);
    const keepTokens = Math.min(
      inputTokens,
      Math.round(keepBlocks * this.settings.blockBytes * tokensPerByte),
    );
    return { keepBlocks, blocks: hashes.length, keepTokens };
  }

  /** @returns the cut point */
  private judgeBlocks(judge: Judge, path: Uint32Array, values: Float32Array, seconds: number): number {
    const { kernel, ages, shadow, enough } = judge;
    const spans = ages.length - 1;
    const columns = values.length / path.length;
    const worth = new Float32Array(path.length * spans);
    const judgeFrom = (from: number, end: number) => {
      const hazards = kernel.hazards(values.subarray(from * columns, end * columns));
      const piece = keepValues(hazards, ages);
      worth.set(piece, from * spans);
      return cutPoint(hazards, piece, spans, shadow.price, enough);
    };
    let [kept, judged] = [0, 0];
    while (kept === judged && judged < path.length) {
      const end = Math.min(path.length, judged + PIECE);
      kept += judgeFrom(judged, end);
      judged = end;
    }
    this.rest = () => {
      if (judged < path.length) judgeFrom(judged, path.length);
      for (const [i, block] of path.entries()) shadow.request(block, seconds, worth, i * spans);
    };
    return kept;
  }

  private tell(
    bytes: Buffer,
    body: Record<string, unknown>,
    decision: Decision | undefined,
  ): { insertion: Insertion | undefined; untouched: Untouched | undefined } {
    const silent = (untouched: Untouched) => ({ insertion: undefined, untouched });
    const field = engineField(this.settings.engine, decision);
    if (field === undefined && decision !== undefined) return silent('nothing to say');
    if (field === undefined) return silent(this.silent);
    const found = insertion(bytes, body, field.path, field.value);
    return found === undefined ? silent('field is taken') : { insertion: found, untouched: undefined };
  }
}

function withoutPrompt(id: number, untouched: Untouched): Answer {
  const nothing = { hashes: new Float64Array(0), textBytes: 0, inputTokens: 0 };
  return { kind: 'answer', id, ...nothing, decision: undefined, insertion: undefined, untouched };
}
