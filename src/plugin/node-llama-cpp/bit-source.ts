import type { Arrival } from '../../features/live-features.ts';
import { AccessLog, type LoggedRequest } from './access-log.ts';
import type { Complaints } from './complaints.ts';
import { ConversationPredictor, readConversationModel } from './conversation-predictor.ts';

/** Milliseconds that the predictor may take for one request. */
const BUDGET = 2;
/** Requests in a row beyond the budget after which it is not asked any more; a busy machine makes single ones late. */
const PATIENCE = 16;

/** A request on its way through the log and the predictor. */
export interface Observed {
  readonly key: string;
  readonly logged: LoggedRequest | undefined;
  readonly arrival: Arrival | undefined;
  /** The conversation whose bit turns to discard now, if any. */
  readonly discard: string | undefined;
}

/**
 * What watches the requests of a session cache: its access log, and the predictor of a model file. Neither may harm the service:
 * whatever fails is told once, counted, and left out from then on; so does a predictor that is slow.
 */
export class BitSource {
  private log: AccessLog | undefined;
  private predictor: ConversationPredictor | undefined;
  private readonly complaints: Complaints;
  private late = 0;

  /**
   * @param capacity sequences of the cache
   * @param files none of them has to be there
   * @throws Failure where the access log cannot be opened
   */
  constructor(
    capacity: number,
    files: { readonly model?: string | undefined; readonly accessLog?: string | undefined },
    complaints: Complaints,
  ) {
    this.complaints = complaints;
    this.log = files.accessLog === undefined ? undefined : new AccessLog(files.accessLog);
    if (files.model === undefined) return;
    try {
      this.predictor = new ConversationPredictor(readConversationModel(files.model), capacity);
    } catch (error) {
      complaints.add('model', `${messageOf(error)}; until then every bit says keep, which is LRU`);
    }
  }

  /** A request arrives. @param time in seconds, never decreasing */
  arrive(key: string, time: number): Observed {
    const logged = this.log?.arrive(key, time);
    const predicted = this.ask((predictor) => predictor.arrive(key, time));
    return { key, logged, arrival: predicted?.arrival, discard: predicted?.discard };
  }

  /** It is over. */
  finish({ key, logged, arrival }: Observed, inputTokens: number, outputTokens: number): void {
    if (arrival !== undefined)
      this.ask((predictor) => predictor.finish(key, arrival, inputTokens, outputTokens));
    if (logged === undefined || this.log === undefined) return;
    try {
      this.log.finish(logged, inputTokens, outputTokens);
    } catch (error) {
      this.complaints.add(
        'access log',
        `the access log ends here (${messageOf(error)}); look for a full disk`,
      );
      this.log = undefined;
    }
  }

  forget(key: string): void {
    this.ask((predictor) => predictor.forget(key));
  }

  close(): void {
    this.log?.close();
    this.log = undefined;
  }

  private ask<Answer>(question: (predictor: ConversationPredictor) => Answer): Answer | undefined {
    if (this.predictor === undefined) return undefined;
    const began = performance.now();
    try {
      return question(this.predictor);
    } catch (error) {
      this.dismiss(`failed (${messageOf(error)})`);
      return undefined;
    } finally {
      this.late = performance.now() - began > BUDGET ? this.late + 1 : 0;
      if (this.late >= PATIENCE) this.dismiss(`took more than ${BUDGET} ms ${PATIENCE} times in a row`);
    }
  }

  private dismiss(reason: string): void {
    this.predictor = undefined;
    this.complaints.add(
      'predictor',
      `the predictor ${reason} and is not asked any more: bits say keep, which is LRU; train the model again, or leave it out`,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
