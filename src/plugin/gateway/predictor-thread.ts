import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../support/start-worker.ts';
import type { EventLog } from './event-log.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';
import type {
  Answer,
  FinishedPrompt,
  FromPredictor,
  ModelAtWork,
  PredictorSettings,
  ToPredictor,
  Untouched,
} from './predictor-messages.ts';
import type { Body } from './request-body.ts';

/** What becomes of a question. */
export interface Asked {
  /** The answer, or why there is none within the budget. */
  readonly inTime: Promise<Answer | Untouched>;
  /** The answer, however late; `undefined` if the predictor died before. */
  readonly eventually: Promise<Answer | undefined>;
}

interface Waiting {
  readonly since: number;
  readonly bytes: number;
  readonly settle: (answer: Answer | Untouched) => void;
  readonly timer: NodeJS.Timeout;
}

/** Questions, and bytes of them, that may wait for the predictor; more are not asked. */
const MOST_WAITING = 512;
const MOST_BYTES = 64 << 20;
/** A predictor that leaves a question unanswered for so long is taken for stuck, and killed. */
const STUCK_MILLISECONDS = 2000;
/** Before the first restart; doubled at each failure, up to the last. */
const [FIRST_PAUSE, LAST_PAUSE] = [100, 10_000];

/**
 * The gateway's side of the predictor: asks it within a budget, watches it, and starts it again when it dies or hangs. Whatever
 * happens to it, each question is settled, and at most `MOST_WAITING` wait.
 */
export class PredictorThread {
  private readonly module: URL;
  private readonly settings: PredictorSettings;
  private readonly budget: number;
  private readonly log: EventLog;
  private readonly metrics: GatewayMetrics;
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | undefined;
  private model: string | undefined;
  private loaded: ModelAtWork | undefined;
  private waitingBytes = 0;
  /** Prompts whose end the predictor has not been told of; at most as many as were under way since the last question. */
  private finished: FinishedPrompt[] = [];
  private pause = FIRST_PAUSE;
  private starter: NodeJS.Timeout | undefined;
  private readonly watch: NodeJS.Timeout;

  /**
   * @param budget milliseconds that a request may wait for its answer
   * @param module of the thread; another one in tests
   */
  constructor(
    settings: PredictorSettings,
    budget: number,
    log: EventLog,
    metrics: GatewayMetrics,
    module = WORKER,
  ) {
    this.settings = settings;
    this.model = settings.model;
    this.budget = budget;
    this.log = log;
    this.metrics = metrics;
    this.module = module;
    this.watch = setInterval(() => this.killIfStuck(), STUCK_MILLISECONDS / 4);
    this.watch.unref();
    this.start();
  }

  /** The model at work, `undefined` for none. */
  get modelAtWork(): ModelAtWork | undefined {
    return this.loaded;
  }

  get running(): boolean {
    return this.worker !== undefined;
  }

  /** @param body is copied */
  ask(id: number, seconds: number, bytesPerToken: number, body: Body): Asked {
    const { worker } = this;
    if (worker === undefined) return refused('no predictor');
    if (this.waiting.size >= MOST_WAITING || this.waitingBytes + body.length > MOST_BYTES)
      return refused('overloaded');
    let answered: (answer: Answer | undefined) => void = () => {};
    const eventually = new Promise<Answer | undefined>((resolve) => {
      answered = resolve;
    });
    const inTime = new Promise<Answer | Untouched>((resolve) => {
      const timer = setTimeout(() => resolve('late'), this.budget);
      const settle = (answer: Answer | Untouched) => {
        clearTimeout(timer);
        resolve(answer);
        answered(typeof answer === 'string' ? undefined : answer);
      };
      this.waiting.set(id, { since: performance.now(), bytes: body.length, settle, timer });
    });
    this.waitingBytes += body.length;
    const copy = body.copy();
    const finished = this.finished.splice(0);
    const message: ToPredictor = { kind: 'ask', id, seconds, bytesPerToken, body: copy, finished };
    worker.postMessage(message, [copy.buffer]);
    return { inTime, eventually };
  }

  /** What became known of a prompt; told with the next question, which is when it counts. */
  finish(id: number, inputTokens: number, outputTokens: number): void {
    if (this.worker !== undefined) this.finished.push({ id, inputTokens, outputTokens });
  }

  /** Reads the model file again, or another one; until it is read, and if it cannot be, the present model works on. */
  load(model = this.model): void {
    this.model = model;
    if (model !== undefined) this.worker?.postMessage({ kind: 'load', model } satisfies ToPredictor);
  }

  /** Ends the thread at once; it starts again by itself. */
  kill(): void {
    this.worker?.terminate();
  }

  /** Ends the thread for good. */
  async stop(): Promise<void> {
    clearTimeout(this.starter);
    clearInterval(this.watch);
    const { worker } = this;
    this.worker = undefined;
    this.metrics.predictorUp.set(0);
    worker?.removeAllListeners('exit');
    await worker?.terminate();
    this.abandon();
  }

  private start(): void {
    const worker = startWorker(this.module, { workerData: { ...this.settings, model: this.model } });
    // Threads that wait for messages would keep the process alive.
    worker.unref();
    this.worker = worker;
    worker.on('message', (message: FromPredictor) => this.hear(message));
    worker.on('error', (error) => {
      this.log.complain(
        'predictor failed',
        'requests pass as they came until it has started again; please report this',
        {
          failure: error.message.split('\n', 1)[0],
        },
      );
    });
    worker.on('exit', () => this.ended(worker));
  }

  private ended(worker: Worker): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.loaded = undefined;
    this.finished = [];
    this.metrics.predictorUp.set(0);
    this.abandon();
    this.log.info('predictor ended', { restartInMilliseconds: this.pause });
    this.starter = setTimeout(() => {
      this.metrics.restarts.inc();
      this.start();
    }, this.pause);
    this.starter.unref();
    this.pause = Math.min(2 * this.pause, LAST_PAUSE);
  }

  private hear(message: FromPredictor): void {
    if (message.kind === 'started') {
      this.metrics.predictorUp.set(1);
    } else if (message.kind === 'loaded') {
      const { kind: _, ...model } = message;
      this.putToWork(model);
    } else if (message.kind === 'failed') {
      const going = this.loaded === undefined ? 'requests pass as they came' : 'the present model works on';
      this.log.complain('model refused', `${message.failure}; ${going}`);
    } else {
      this.pause = FIRST_PAUSE;
      this.settle(message.id, message);
    }
  }

  private putToWork(model: ModelAtWork): void {
    this.loaded = model;
    this.metrics.modelPays.set(model.says === 'nothing' ? 0 : 1);
    this.log.mended('model refused');
    this.log.info('model at work', { ...model });
    if (model.says !== 'nothing') this.log.mended('model does not pay');
    else {
      this.log.complain(
        'model does not pay',
        'its bits saved no faults on held-out requests at a cache of this size: nothing is written, which is LRU; ' +
          'train on a longer access log with --capacity as it is here',
      );
    }
  }

  private settle(id: number, answer: Answer | Untouched): void {
    const question = this.waiting.get(id);
    if (question === undefined) return;
    this.waiting.delete(id);
    this.waitingBytes -= question.bytes;
    question.settle(answer);
  }

  private abandon(): void {
    for (const id of [...this.waiting.keys()]) this.settle(id, 'no predictor');
  }

  private killIfStuck(): void {
    const [oldest] = this.waiting.values();
    if (oldest === undefined || performance.now() - oldest.since < STUCK_MILLISECONDS) return;
    this.log.complain(
      'predictor stuck',
      'it is killed and started again; raise --budget or please report this',
    );
    this.kill();
  }
}

const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './predictor-worker.ts' : './predictor-worker.js',
  import.meta.url,
);

function refused(reason: Untouched): Asked {
  return { inTime: Promise.resolve(reason), eventually: Promise.resolve(undefined) };
}
