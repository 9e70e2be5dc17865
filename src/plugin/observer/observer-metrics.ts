import type { Server } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { listenOwn, portOf } from '../gateway/own-server.ts';
import type { EventSource } from './event-source.ts';
import type { LineFile } from './line-file.ts';
import type { Recorder } from './recorder.ts';

/** The counts of an observer, in the form that Prometheus reads. They are kept where they arise, and read at each question. */
export class ObserverMetrics {
  private readonly registry: Registry;
  private readonly server: Server;

  private constructor(registry: Registry, server: Server) {
    this.registry = registry;
    this.server = server;
  }

  /**
   * Answers `GET /metrics` from now on; that alone keeps no program alive.
   *
   * @throws Failure where it cannot listen
   */
  static async listen(host: string, port: number): Promise<ObserverMetrics> {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const options = '--metrics-host or --metrics-port';
    const server = await listenOwn({ host, port, options, registry });
    server.unref();
    return new ObserverMetrics(registry, server);
  }

  get port(): number {
    return portOf(this.server);
  }

  /** From now on tells the counts of these. @param files what the recorder writes */
  read(source: EventSource, recorder: Recorder, files: readonly LineFile[]): void {
    const { counts } = source;
    const { labels, tree } = recorder;
    this.count('messages', 'Messages of the engine, replayed ones among them', () => counts.messages);
    this.count('gaps', 'Gaps in the numbers of messages', () => counts.gaps);
    this.count('missed_messages', 'Messages in the gaps', () => counts.missed);
    this.count('replayed_messages', 'Missed messages that the engine replayed', () => counts.replayed);
    this.count('publisher_restarts', 'Starts of the engine after the first', () => counts.restarts);
    this.countBy('events', 'Events that were read', 'kind', recorder.eventsByKind);
    this.countBy('corrupt', 'Events, messages and log lines left out', 'reason', recorder.corrupt);
    this.count('joined_requests', 'Requests in the trace', () => recorder.requests);
    this.count('unmatched_requests', 'Requests whose blocks were not found', () => recorder.unmatched);
    this.count('orphans', 'Stored blocks whose parent was not known', () => tree.orphans);
    this.count('accesses_again', 'Accesses to blocks of earlier requests', () => labels.again);
    this.count('accesses_after_removal', 'Of these, to removed blocks', () => labels.regretted);
    this.count('lost_lines', 'Lines that the disk did not take', () =>
      files.reduce((sum, { lost }) => sum + lost, 0),
    );
    this.gauge('waiting_requests', 'Requests that wait for their blocks', () => recorder.waiting);
    this.gauge(
      'lag_seconds',
      'From the engine’s stamp on the latest message until it was taken in',
      () => source.takenAt - recorder.stampedAt,
    );
  }

  private count(name: string, help: string, value: () => number): void {
    this.counter(name, help, [], (counter) => counter.inc(value()));
  }

  private countBy(name: string, help: string, label: string, values: Readonly<Record<string, number>>): void {
    this.counter(name, help, [label], (counter) => {
      for (const [kind, value] of Object.entries(values)) counter.inc({ [label]: kind }, value);
    });
  }

  private counter(name: string, help: string, labelNames: string[], fill: (counter: Counter) => void): void {
    new Counter({
      name: `onebit_observer_${name}_total`,
      help,
      labelNames,
      registers: [this.registry],
      collect() {
        this.reset();
        fill(this);
      },
    });
  }

  private gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name: `onebit_observer_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}
