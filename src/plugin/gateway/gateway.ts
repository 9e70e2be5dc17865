import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../../support/failure.ts';
import { AccessLog, type AccessRecord } from './access-log.ts';
import { AnswerReader } from './answer-tokens.ts';
import { ANY_SLOT } from './engine-field.ts';
import { EventLog } from './event-log.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import { type Insertion, inserted } from './json-insertion.ts';
import type { Answer, PredictorSettings } from './predictor-messages.ts';
import { type Asked, PredictorThread } from './predictor-thread.ts';
import { carriesPrompt } from './prompt-text.ts';
import { BodyRoom, readBody } from './request-body.ts';
import { SlotKeeper, type SlotLease } from './slot-keeper.ts';
import { refuse, Upstream } from './upstream.ts';

export interface GatewaySettings {
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly upstream: URL;
  readonly predictor: PredictorSettings;
  /** Whether the predictor runs from the start. */
  readonly on: boolean;
  /** Milliseconds that a prompt may wait for its decision. */
  readonly budget: number;
  /** Most bytes of one body, and of all bodies held at once. */
  readonly mostBody: number;
  readonly mostHeld: number;
  /** Access log; none if absent. */
  readonly accessLog: string | undefined;
  /** Policy that decides over the slots of a llama.cpp server. */
  readonly slotPolicy: string;
  /** Takes a line of the gateway's own log. */
  readonly write: (line: string) => void;
  /** Of the predictor's thread; another one in tests. */
  readonly predictorModule?: URL;
}

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
/** How long the rest of a body is thrown away that was refused. */
const LEFTOVER_MILLISECONDS = 5000;
/** Share of a prompt in the running mean. */
const NEWEST = 0.02;

/**
 * A proxy in front of an engine: it writes into each prompt's request how much of it is worth keeping. Whatever else happens,
 * requests go to the engine as they came, and each gets the engine's own answer.
 */
export class Gateway {
  readonly metrics = new GatewayMetrics();
  readonly log: EventLog;
  private readonly settings: GatewaySettings;
  private readonly upstream: Upstream;
  private readonly server: Server;
  private readonly room: BodyRoom;
  private readonly accessLog: AccessLog | undefined;
  private thread: PredictorThread | undefined;
  private readonly slots: SlotKeeper | undefined;
  private requests = 0;
  private inFlight = 0;
  private draining = false;
  private bytesPerToken = BYTES_PER_TOKEN;

  /** @throws Failure if the access log cannot be written */
  constructor(settings: GatewaySettings) {
    this.settings = settings;
    this.log = new EventLog(settings.write, (complaint) => this.metrics.complaints.inc({ complaint }));
    this.upstream = new Upstream(settings.upstream);
    this.room = new BodyRoom(settings.mostHeld);
    if (settings.predictor.engine === 'llama.cpp')
      this.slots = new SlotKeeper(settings.upstream, settings.slotPolicy, this.log, this.metrics);
    if (settings.accessLog !== undefined) this.accessLog = this.openLog(settings.accessLog);
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error) => this.failed(response, error));
    });
    // Longer than the pauses of clients that keep connections, so that theirs end first.
    this.server.keepAliveTimeout = 75_000;
    if (settings.on) this.switchOn();
  }

  /** Begins to listen. @throws Failure where that is not possible */
  async listen(): Promise<AddressInfo> {
    const { host, port } = this.settings;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          new Failure(`${host}:${port}: cannot listen (${error.code}); choose another --host or --port`),
        ),
      );
      this.server.listen(port, host, resolve);
    });
    return this.server.address() as AddressInfo;
  }

  get isOn(): boolean {
    return this.thread !== undefined;
  }

  /** The predictor's thread while it is switched on. */
  get predictor(): PredictorThread | undefined {
    return this.thread;
  }

  switchOn(): void {
    if (this.thread !== undefined) return;
    const { predictor, budget, predictorModule } = this.settings;
    this.thread = new PredictorThread(predictor, budget, this.log, this.metrics, predictorModule);
  }

  /** The kill switch: from now on requests pass as they came, and the predictor is gone. */
  async switchOff(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    await thread?.stop();
    this.log.info('switched off');
  }

  /** Reads the model anew and begins the access log anew. */
  reload(): void {
    this.thread?.load();
    this.accessLog?.reopen();
  }

  /**
   * Takes no more requests, lets those under way end, and closes.
   *
   * @param patience milliseconds after which they are cut short
   */
  async close(patience: number): Promise<void> {
    this.draining = true;
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    const end = setTimeout(() => this.server.closeAllConnections(), patience);
    await closed;
    clearTimeout(end);
    await this.thread?.stop();
    await this.accessLog?.close();
    this.upstream.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.metrics.inFlight.set(++this.inFlight);
    response.once('close', () => this.metrics.inFlight.set(--this.inFlight));
    // A client that leaves in the middle is no failure.
    response.on('error', () => {});
    const body = await readBody(request, this.settings.mostBody, this.room);
    if (body === undefined) return;
    if (typeof body === 'number') return this.turnAway(request, response, body);
    this.metrics.buffered.set(this.room.held);
    try {
      if (this.draining) response.shouldKeepAlive = false;
      if (carriesPrompt(request.method, request.url)) await this.servePrompt(request, response, body);
      else this.ended(await this.upstream.exchange(request, body, response, () => {}));
    } finally {
      this.room.give(body.length);
      this.metrics.buffered.set(this.room.held);
    }
  }

  private async servePrompt(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const arrived = performance.timeOrigin + performance.now();
    const id = this.requests++;
    const prompt: Prompt = {
      id,
      arrived,
      asked: this.thread?.ask(id, arrived / 1000, this.bytesPerToken, body),
    };
    const place = this.thread === undefined ? undefined : this.accessLog?.arrive();
    const decided = await this.decide(prompt);
    this.metrics.decisionSeconds.observe((performance.timeOrigin + performance.now() - arrived) / 1000);
    const { written, lease } = await this.place(prompt, decided);
    const outgoing = written === undefined ? body : inserted(body, written);
    const reader = new AnswerReader();
    const outcome = await this.upstream.exchange(request, outgoing, response, (chunk) => reader.take(chunk));
    lease?.give();
    this.ended(outcome);
    const record = await this.record(prompt, outcome.status, reader);
    if (place !== undefined) {
      this.accessLog?.settle(place, record);
      if (record === undefined && prompt.answer === undefined) this.metrics.logLost.inc();
    }
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
    const kept = decision === undefined || decision.keepBlocks === decision.blocks;
    this.metrics.decisions.inc({
      outcome: untouched ?? (kept ? 'keep' : decision.keepBlocks > 0 ? 'cut' : 'discard'),
    });
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
    this.thread?.finish(id, inputTokens, output ?? 0);
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

  private ended({ status, failure }: { status: number; failure?: string }): void {
    this.metrics.requests.inc({ code: status });
    if (failure === undefined) return;
    this.log.complain('engine failed', 'the client was told so; look into the log of the engine', {
      failure,
    });
  }

  private turnAway(request: IncomingMessage, response: ServerResponse, status: 413 | 503): void {
    this.metrics.requests.inc({ code: status });
    const { mostBody, mostHeld } = this.settings;
    // The rest of the body is thrown away: a client that still sends would not read an answer on a connection that is closed.
    request.resume();
    const end = setTimeout(() => request.destroy(), LEFTOVER_MILLISECONDS);
    request.once('close', () => clearTimeout(end));
    if (status === 413)
      refuse(response, 413, `a body may have ${mostBody} bytes; raise --max-body if it must have more`);
    else refuse(response, 503, `${mostHeld} bytes of bodies are held already; try again later`);
  }

  private failed(response: ServerResponse, error: Error): void {
    this.log.complain('defect', 'please report this', { failure: error.stack ?? error.message });
    refuse(response, 500, 'a defect of the gateway; see its log');
  }

  private openLog(path: string): AccessLog {
    const counted = (written: boolean) => (written ? this.metrics.logLines : this.metrics.logLost).inc();
    return new AccessLog(path, counted, (error) =>
      this.log.complain('access log failed', 'make room or choose another --log, then send SIGHUP', {
        failure: error.message,
      }),
    );
  }
}
