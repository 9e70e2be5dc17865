import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Failure } from '../../support/failure.ts';
import { AccessLog } from './access-log.ts';
import { bitsFor } from './engine-field.ts';
import { EventLog } from './event-log.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import type { PredictorSettings } from './predictor-messages.ts';
import { PredictorThread } from './predictor-thread.ts';
import { PromptService } from './prompt-service.ts';
import { carriesPrompt } from './prompt-text.ts';
import { BodyRoom, readBody } from './request-body.ts';
import { SlotKeeper } from './slot-keeper.ts';
import { type Outcome, refuse, Upstream } from './upstream.ts';

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

/** How long the rest of a body is thrown away that was refused. */
const LEFTOVER_MILLISECONDS = 5000;
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
  private readonly prompts: PromptService;
  private inFlight = 0;
  private draining = false;

  /** @throws Failure if the access log cannot be written */
  constructor(settings: GatewaySettings) {
    this.settings = settings;
    this.log = new EventLog(settings.write, (complaint) => this.metrics.complaints.inc({ complaint }));
    this.upstream = new Upstream(settings.upstream);
    this.room = new BodyRoom(settings.mostHeld);
    if (settings.accessLog !== undefined) this.accessLog = this.openLog(settings.accessLog);
    const { engine } = settings.predictor;
    const slots =
      engine === 'llama.cpp'
        ? new SlotKeeper(settings.upstream, settings.slotPolicy, this.log, this.metrics)
        : undefined;
    this.prompts = new PromptService(this.upstream, slots, this.accessLog, this.metrics, bitsFor(engine));
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

  /** Whether it takes no more requests. */
  get isDraining(): boolean {
    return this.draining;
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
    response.once('close', () => {
      this.metrics.inFlight.set(--this.inFlight);
      // A connection that a client keeps would hold up the end.
      if (this.draining) setImmediate(() => this.server.closeIdleConnections());
    });
    // A client that leaves in the middle is no failure.
    response.on('error', () => {});
    const body = await readBody(request, this.settings.mostBody, this.room);
    if (body === undefined) return;
    if (typeof body === 'number') return this.turnAway(request, response, body);
    this.metrics.buffered.set(this.room.held);
    try {
      if (this.draining) response.shouldKeepAlive = false;
      const outcome = carriesPrompt(request.method, request.url)
        ? await this.prompts.serve(request, body, response, this.thread)
        : await this.upstream.exchange(request, body, response, () => {});
      this.ended(outcome);
    } finally {
      this.room.give(body.length);
      this.metrics.buffered.set(this.room.held);
    }
  }

  private ended({ status, failure }: Outcome): void {
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
