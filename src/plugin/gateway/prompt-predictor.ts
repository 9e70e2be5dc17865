import { BLOCK_COLUMNS } from '../../features/block-features.ts';
import { LiveFeatures } from '../../features/live-features.ts';
import { cutPoint } from '../../predictors/cut-point.ts';
import { keepValues } from '../../predictors/keep-value.ts';
import { Kernel } from '../../predictors/kernel.ts';
import { paysAt } from '../../predictors/learned-discards.ts';
import { LiveShadowCache } from '../../predictors/live-shadow-cache.ts';
import type { Model } from '../../predictors/model.ts';
import { blockHashes } from './block-hashes.ts';
import { engineField } from './engine-field.ts';
import { type Insertion, insertion } from './json-insertion.ts';
import type { Answer, Decision, PredictorSettings, ToPredictor, Untouched } from './predictor-messages.ts';
import { type PromptText, promptText } from './prompt-text.ts';

type Question = Extract<ToPredictor, { kind: 'ask' }>;

/** A model at work: what its kernel says of blocks, and what a place in the cache costs. */
interface Judge {
  readonly kernel: Kernel;
  readonly ages: readonly number[];
  readonly shadow: LiveShadowCache;
  readonly pays: boolean;
}

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

  constructor(settings: PredictorSettings) {
    this.settings = settings;
    this.key = Buffer.from(settings.key);
    const { rememberedBlocks, rememberedRequests } = settings;
    this.features = new LiveFeatures(rememberedBlocks, rememberedRequests, (block) =>
      this.judge?.shadow.forget(block),
    );
  }

  /** Puts a model to work in place of the present one; what was seen of the requests stays. */
  use(model: Model): void {
    const { capacity, rememberedBlocks } = this.settings;
    const { ages } = model.header;
    this.judge = {
      kernel: new Kernel(model),
      ages,
      shadow: new LiveShadowCache(Math.min(capacity, rememberedBlocks), rememberedBlocks, ages),
      pays: paysAt(model, capacity),
    };
  }

  /** Takes in a request. Never throws for what a client sent. */
  ask({ id, seconds, bytesPerToken, body: bytes }: Question): Answer {
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

  /** What became known of a request when it was answered. */
  finish(id: number, inputTokens: number, outputTokens: number): void {
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
    const { request, path, values } = this.features.arrive(hashes, seconds, inputTokens);
    if (this.awaited.size === AWAITED) this.awaited.delete(this.awaited.keys().next().value as number);
    this.awaited.set(id, request);
    const { judge } = this;
    if (judge === undefined) return undefined;
    const spans = judge.ages.length - 1;
    const hazards = judge.kernel.hazards(values, BLOCK_COLUMNS);
    const worth = keepValues(hazards, judge.ages);
    const keepBlocks = cutPoint(hazards, worth, spans, judge.shadow.price);
    for (const [i, block] of path.entries()) judge.shadow.request(block, seconds, worth, i * spans);
    if (!judge.pays) return undefined;
    const keepTokens = Math.min(
      inputTokens,
      Math.round(keepBlocks * this.settings.blockBytes * tokensPerByte),
    );
    return { keepBlocks, blocks: hashes.length, keepTokens };
  }

  private tell(
    bytes: Buffer,
    body: Record<string, unknown>,
    decision: Decision | undefined,
  ): { insertion: Insertion | undefined; untouched: Untouched | undefined } {
    const silent = (untouched: Untouched) => ({ insertion: undefined, untouched });
    const field = engineField(this.settings.engine, decision);
    if (field === undefined && decision !== undefined) return silent('nothing to say');
    if (field === undefined) return silent(this.judge === undefined ? 'no model' : 'not paying');
    const found = insertion(bytes, body, field.path, field.value);
    return found === undefined ? silent('field is taken') : { insertion: found, untouched: undefined };
  }
}

function withoutPrompt(id: number, untouched: Untouched): Answer {
  const nothing = { hashes: new Float64Array(0), textBytes: 0, inputTokens: 0 };
  return { kind: 'answer', id, ...nothing, decision: undefined, insertion: undefined, untouched };
}
