/**
 * What serving costs, in closed form from the geometry of a model and the peak of a device. The forms are those of Fu,
 * *Challenges in deploying long-context transformers: a theoretical peak performance analysis*, arXiv 2405.08944: reading a
 * prompt is bound by computation, writing an answer by the bandwidth of the memory.
 */
import { Failure } from '../support/failure.ts';
import type { Device } from './device.ts';
import { type Geometry, prefillOperations } from './geometry.ts';
import type { Link } from './link.ts';
import type { PromptFit } from './prompt-times.ts';

export class CostModel {
  /** Bytes of keys and values of one token. */
  readonly kvBytesPerToken: number;
  /** Bytes of memory that the weights leave for the KV cache. */
  readonly kvMemory: number;
  readonly geometry: Geometry;
  readonly device: Device;
  private readonly utilisation: number;
  private readonly prompts: PromptFit;

  /**
   * @param utilisation share of the peak that is reached, in (0, 1]; of computation as of bandwidth
   * @param prompts what reading prompts was measured to cost (`fitPromptTimes`), in place of that share of the peak
   * @throws Failure if the weights do not fit, or for a share outside (0, 1]
   */
  constructor(geometry: Geometry, device: Device, utilisation = 1, prompts?: PromptFit) {
    if (!(utilisation > 0 && utilisation <= 1))
      throw new Failure(`utilisation ${utilisation}: must be above 0 and at most 1, for example 0.5`);
    this.geometry = geometry;
    this.device = device;
    this.utilisation = utilisation;
    this.prompts = prompts ?? { operations: device.operations * utilisation, overhead: 0 };
    this.kvBytesPerToken = 2 * geometry.layers * geometry.kvHeads * geometry.headSize * geometry.kvBytes;
    this.kvMemory = device.memory - geometry.parameters * geometry.weightBytes;
    if (this.kvMemory <= 0)
      throw new Failure(
        `the weights of ${geometry.name} do not fit into ${device.name}; take several devices, as in 4x${device.name}`,
      );
  }

  /** Seconds that `tokens` add to the reading of a prompt, after `cached` ones whose keys and values are there. */
  prefillSeconds(tokens: number, cached = 0): number {
    return prefillOperations(this.geometry, tokens, cached) / this.prompts.operations;
  }

  /** Seconds from the start of reading a prompt to its first token: those of its tokens, and what every prompt costs. */
  firstTokenSeconds(tokens: number, cached = 0): number {
    return this.prompts.overhead + this.prefillSeconds(tokens, cached);
  }

  /** Seconds to write one token for each of several requests at once. @param contextTokens of all of them together */
  decodeSeconds(contextTokens: number): number {
    const { parameters, weightBytes } = this.geometry;
    const bytes = parameters * weightBytes + contextTokens * this.kvBytesPerToken;
    return bytes / (this.device.memoryBandwidth * this.utilisation);
  }

  /** Seconds to bring the keys and values of `tokens` from elsewhere, in one transfer. */
  loadSeconds(tokens: number, link: Link): number {
    return tokens === 0 ? 0 : link.latency + (tokens * this.kvBytesPerToken * link.ratio) / link.bandwidth;
  }

  /** How many requests with so many tokens fit into memory at once. */
  concurrency(tokens: number): number {
    return Math.floor(this.kvMemory / (tokens * this.kvBytesPerToken));
  }

  /** Seconds to move one request of so many tokens out to the host and another one in. */
  contextSwitchSeconds(tokens: number): number {
    return (2 * tokens * this.kvBytesPerToken) / this.device.hostBandwidth;
  }

  /**
   * Where a prefix lies elsewhere: whether to load it or to compute it again, whichever is faster.
   *
   * @param tokens of the prefix that are elsewhere
   * @param cached tokens before them, on the device
   */
  loadOrRecompute(tokens: number, cached: number, link: Link): { load: boolean; seconds: number } {
    const load = this.loadSeconds(tokens, link);
    const recompute = this.prefillSeconds(tokens, cached);
    return load <= recompute ? { load: true, seconds: load } : { load: false, seconds: recompute };
  }
}
