import { FEATURE_NAMES } from '../../features/block-features.ts';
import { type Arrival, LiveFeatures } from '../../features/live-features.ts';
import { judgementAt } from '../../predictors/judgement.ts';
import { keepValues } from '../../predictors/keep-value.ts';
import { Kernel } from '../../predictors/kernel.ts';
import { type Model, readModel } from '../../predictors/model.ts';
import { Failure } from '../../support/failure.ts';
import { pageOf } from './conversation-key.ts';

/** Conversations whose past is known to the features, and requests. */
const REMEMBERED = 1 << 16;

/** A conversation in the predictor's own cache. */
interface Held {
  /** Arrival of its latest request, in seconds. */
  readonly time: number;
  /** Of keeping it from each span of its age on; none while its request runs. */
  values: Float32Array | undefined;
}

/**
 * A model's bits for conversations, one page each, as `learnedDiscards` (src/predictors) gives them for the blocks of a trace: every
 * bit says keep at its request, and turns to discard when the conversation leaves a simulated cache of the same capacity, from
 * which the one with the lowest value leaves. What the model sees is known when a request ends; what it says takes effect at
 * later requests. O(capacity) a request, and one inference.
 */
export class ConversationPredictor {
  private readonly ages: readonly number[];
  private readonly kernel: Kernel;
  private readonly capacity: number;
  private readonly speaks: boolean;
  private readonly features = new LiveFeatures(REMEMBERED, REMEMBERED);
  /** In the order of their latest arrivals. */
  private readonly held = new Map<string, Held>();

  /** @param capacity sequences of the cache that the bits are for */
  constructor(model: Model, capacity: number) {
    this.ages = model.header.ages;
    this.kernel = new Kernel(model);
    this.capacity = capacity;
    this.speaks = judgementAt(model, capacity).pays;
  }

  /**
   * A request arrives.
   *
   * @param time in seconds, never decreasing
   * @returns what is to be handed to `finish`, and the conversation whose bit turns to discard now, if any
   */
  arrive(key: string, time: number): { arrival: Arrival; discard: string | undefined } {
    const full = !this.held.has(key) && this.held.size >= this.capacity;
    const discard = full ? this.lowest(time) : undefined;
    if (discard !== undefined) this.held.delete(discard);
    this.held.delete(key);
    this.held.set(key, { time, values: undefined });
    return { arrival: this.features.arrive(time), discard: this.speaks ? discard : undefined };
  }

  /** The request is over, and how long its prompt was is known. */
  finish(key: string, arrival: Arrival, inputTokens: number, outputTokens: number): void {
    const { request, values } = this.features.describe(arrival, Float64Array.of(pageOf(key)), inputTokens);
    this.features.finish(request, inputTokens, outputTokens);
    const held = this.held.get(key);
    if (held !== undefined) held.values = keepValues(this.kernel.hazards(values), this.ages);
  }

  /** The conversation is gone for good. */
  forget(key: string): void {
    this.held.delete(key);
  }

  /** The conversation that is least worth its place now; the one unused for longest among those beyond the last span. */
  private lowest(now: number): string | undefined {
    let lowest: string | undefined;
    let least = Number.POSITIVE_INFINITY;
    const spans = this.ages.length - 1;
    for (const [key, { time, values }] of this.held) {
      if (values === undefined) continue;
      let span = 0;
      while (span < spans && time <= now - this.ages[span + 1]) span++;
      if (span === spans) return key;
      if (values[span] < least) {
        least = values[span];
        lowest = key;
      }
    }
    return lowest;
  }
}

/**
 * Reads a model that was trained on a trace of conversations, such as a session cache's access log.
 *
 * @throws Failure for a file that is no model, or one trained on the blocks of prompts
 */
export function readConversationModel(path: string): Model {
  const model = readModel(path, FEATURE_NAMES);
  const blocks = model.header.features[FEATURE_NAMES.indexOf('blocks in request')];
  // Standardised on a constant 1: the logarithm of 1 + 1.
  if (blocks.thresholds.length > 0 || Math.abs(blocks.mean - Math.LN2) > 1e-6) {
    throw new Failure(
      `${path}: was trained on a trace whose requests have several blocks; train on a cache's access log, ` +
        'in which a conversation is one page',
    );
  }
  return model;
}
