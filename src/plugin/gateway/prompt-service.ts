import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessLog, AccessRecord } from './access-log.ts';
import { AnswerReader } from './answer-tokens.ts';
import { ANY_SLOT, told } from './engine-field.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type { Insertion } from './json-insertion.ts';
import type { Answer } from './predictor-messages.ts';
import type { Asked, PredictorThread } from './predictor-thread.ts';
import type { Body } from './request-body.ts';
import type { SlotKeeper, SlotLease } from './slot-keeper.ts';
import type { Outcome, Upstream } from './upstream.ts';

/** A prompt on its way. */
interface Prompt {
  readonly id: number;
  readonly arrived: number;
  readonly asked: Asked | undefined;
  /** The answer, if it came in time. */
  answer?: Answer;
}

/** Bytes of text in a token, until engines have reported some. */
export const BYTES_PER_TOKEN = 4;
/** Share of a prompt in the running mean. */
const NEWEST = 0.02;

/** What the gateway does for prompts beyond forwarding them: decision, slot, and line of the access log. */
export class PromptService {
  private readonly upstream: Upstream;
  private readonly slots: SlotKeeper | undefined;
  private readonly accessLog: AccessLog | undefined;
  private readonly metrics: GatewayMetrics;
  private readonly bits: 'cutPoints' | 'oneBit';
  private requests = 0;
  private bytesPerToken = BYTES_PER_TOKEN;
  /** Settled when the latest prompt that arrived has its decision. */
  private latestDecision: Promise<unknown> = Promise.resolve();

  /**
   * @param slots of a llama.cpp server
   * @param accessLog none if absent
   * @param bits what the engine can be told, for the counts
   */
  constructor(
    upstream: Upstream,
    slots: SlotKeeper | undefined,
    accessLog: AccessLog | undefined,
    metrics: GatewayMetrics,
    bits: 'cutPoints' | 'oneBit',
  ) {
    this.upstream = upstream;
    this.slots = slots;
    this.accessLog = accessLog;
    this.metrics = metrics;
    this.bits = bits;
  }

  /**
   * Forwards a prompt, with its decision in it where there is one in time.
   *
   * @param thread of the predictor; `undefined` while it is switched off
   */
  async serve(
    request: IncomingMessage,
    body: Body,
    response: ServerResponse,
    thread: PredictorThread | undefined,
  ): Promise<Outcome> {
    const arrived = performance.timeOrigin + performance.now();
    const id = this.requests++;
    const prompt: Prompt = {
      id,
      arrived,
      asked: thread?.ask(id, arrived / 1000, this.bytesPerToken, body),
    };
    const place = thread === undefined ? undefined : this.accessLog?.arrive();
    const decided = await this.inOrder(this.decide(prompt));
    this.metrics.decisionSeconds.observe((performance.timeOrigin + performance.now() - arrived) / 1000);
    const { written, lease } = await this.place(prompt, decided);
    const outgoing = written === undefined ? body : body.with(written);
    const reader = new AnswerReader();
    let status = 0;
    try {
      const outcome = await this.upstream.exchange(request, outgoing, response, (chunk) =>
        reader.take(chunk),
      );
      status = outcome.status;
      return outcome;
    } finally {
      lease?.give();
      const record = await this.record(prompt, status, reader, thread);
      if (place !== undefined) this.accessLog?.settle(place, record);
      if (place !== undefined && record === undefined && prompt.answer === undefined)
        this.metrics.logLost.inc();
    }
  }

  /** Prompts are forwarded in the order of arrival. None waits longer than for its own budget, since that began last. */
  private inOrder<Result>(decision: Promise<Result>): Promise<Result> {
    const turn = this.latestDecision.then(
      () => decision,
      () => decision,
    );
    this.latestDecision = turn;
    return turn;
  }

  /** What to write into the body, `undefined` where it is to pass as it came. */
  private async decide(prompt: Prompt): Promise<Insertion | undefined> {
    const answer = (await prompt.asked?.inTime) ?? 'switched off';
    if (typeof answer === 'string') {
      this.metrics.decisions.inc({ outcome: answer });
      return undefined;
    }
    prompt.answer = answer;
    const { insertion, untouched, decision } = answer;
    const outcome = untouched ?? (decision === undefined ? 'keep' : told(this.bits, decision));
    this.metrics.decisions.inc({ outcome });
    return insertion;
  }

  /** On a llama.cpp server, what is written is the number of a slot. */
  private async place(
    { answer }: Prompt,
    decided: Insertion | undefined,
  ): Promise<{ written: Insertion | undefined; lease?: SlotLease }> {
    if (this.slots === undefined || answer === undefined || decided === undefined)
      return { written: decided };
    const lease = await this.slots.take(answer);
    if (lease === undefined) return { written: undefined };
    return { written: { at: decided.at, text: decided.text.replace(ANY_SLOT, `${lease.slot}`) }, lease };
  }

  /** What the log says of an answered prompt, `undefined` if its blocks are not known. */
  private async record(
    { id, arrived, asked, answer }: Prompt,
    status: number,
    reader: AnswerReader,
    thread: PredictorThread | undefined,
  ): Promise<AccessRecord | undefined> {
    const milliseconds = Math.round(performance.timeOrigin + performance.now() - arrived);
    const known = answer ?? (await asked?.eventually);
    const { input, output, cached } = reader.counts();
    if (input !== undefined) this.metrics.promptTokens.inc(input);
    if (cached !== undefined) this.metrics.cachedTokens.inc(cached);
    if (known === undefined || known.hashes.length === 0) return undefined;
    const inputTokens = input ?? known.inputTokens;
    if (input !== undefined && input > 0 && known.textBytes > 0)
      this.bytesPerToken += NEWEST * (known.textBytes / input - this.bytesPerToken);
    thread?.finish(id, inputTokens, output ?? 0);
    return {
      timestamp: Math.round(arrived * 1000) / 1000,
      input_length: inputTokens,
      output_length: output ?? 0,
      hash_ids: [...known.hashes],
      status,
      milliseconds,
      ...(cached !== undefined && { cached_length: cached }),
      ...(answer?.insertion !== undefined &&
        answer.decision !== undefined && { keep_length: answer.decision.keepTokens }),
    };
  }
}
