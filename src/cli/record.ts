import type { ArgumentsCamelCase, CommandModule } from 'yargs';
import { EventLog } from '../plugin/gateway/event-log.ts';
import { EventSource } from '../plugin/observer/event-source.ts';
import { LineFile } from '../plugin/observer/line-file.ts';
import { LogTail } from '../plugin/observer/log-tail.ts';
import type { ObserverMetrics } from '../plugin/observer/observer-metrics.ts';
import type { Recorder } from '../plugin/observer/recorder.ts';
import { whole } from './arguments.ts';

interface Arguments {
  'kv-events': string;
  replay: string | undefined;
  log: string | undefined;
  out: string;
  labels: string | undefined;
  remember: number;
  'metrics-host': string;
  'metrics-port': number | undefined;
}

const TICK_MILLISECONDS = 200;

/** `onebit trace record`: the observer. */
export const record: CommandModule<object, Arguments> = {
  command: 'record',
  describe: 'write a trace, and labels, of a running engine’s KV events (docs/observer.md)',
  builder: (yargs) =>
    yargs
      .option('kv-events', { type: 'string', demandOption: true, describe: 'where vLLM or SGLang publishes' })
      .option('replay', { type: 'string', describe: 'where it replays what was missed' })
      .option('log', { type: 'string', describe: 'access log of onebit serve, to join; events tell no hits' })
      .option('out', { type: 'string', demandOption: true, describe: 'trace to write' })
      .option('labels', {
        type: 'string',
        describe: 'labels to write: when each access was followed by another',
      })
      .option('remember', {
        type: 'number',
        default: 1 << 20,
        describe: 'blocks to remember, some 100 bytes each',
      })
      .option('metrics-port', {
        type: 'number',
        describe: 'port of GET /metrics, for Prometheus; without it, none',
      })
      .option('metrics-host', {
        type: 'string',
        default: '127.0.0.1',
        describe: 'address that it listens on',
      })
      .example(
        '$0 trace record --kv-events tcp://127.0.0.1:5557 --log access.jsonl --out engine.jsonl',
        'until it is interrupted',
      ),
  handler: run,
};

async function run({
  kvEvents,
  replay,
  log,
  out,
  labels,
  remember,
  metricsHost,
  metricsPort,
}: ArgumentsCamelCase<Arguments>): Promise<void> {
  whole('remember', remember, 1000, 1 << 26);
  // Loaded here, for other commands to start fast.
  const { Recorder } = await import('../plugin/observer/recorder.ts');
  const counted: Record<string, number> = {};
  const events = new EventLog(
    (line) => process.stderr.write(`${line}\n`),
    (complaint) => {
      counted[complaint] = (counted[complaint] ?? 0) + 1;
    },
  );
  const now = () => Date.now() / 1000;
  let recorder: Recorder | undefined;
  const source = await EventSource.open({
    endpoint: kvEvents,
    replay,
    take: (payload) => recorder?.take(payload),
    restarted: () => recorder?.restarted(now()),
    lost: (from, to) => recorder?.lost(from, to),
  });
  // Before the files, so that a port that is taken leaves none behind.
  const metrics = metricsPort === undefined ? undefined : await listen(metricsHost, metricsPort);
  const files = await LineFile.createAll(labels === undefined ? [out] : [out, labels]);
  const [trace, labelFile] = files as [LineFile, LineFile?];
  const gatewayLog = log === undefined ? undefined : new LogTail(log);
  recorder = new Recorder({ trace, labels: labelFile, gatewayLog, remembered: remember, log: events });
  metrics?.read(source, recorder, files);
  const tick = setInterval(() => recorder?.advance(now()), TICK_MILLISECONDS);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => source.close());
  events.info('recording', { from: kvEvents, out, metricsPort: metrics?.port });
  await source.run();
  clearInterval(tick);
  recorder.end();
  await trace.close();
  await labelFile?.close();
  gatewayLog?.close();
  events.info('recorded', {
    ...source.counts,
    ...summaryOf(recorder),
    lostLines: trace.lost + (labelFile?.lost ?? 0),
    ...counted,
  });
}

async function listen(host: string, port: number): Promise<ObserverMetrics> {
  const { ObserverMetrics } = await import('../plugin/observer/observer-metrics.ts');
  return ObserverMetrics.listen(host, whole('metrics-port', port, 0, 65535));
}

function summaryOf({ events, requests, unmatched, tree, labels }: Recorder) {
  const { again, regretted } = labels;
  return {
    events,
    requests,
    unmatched,
    orphans: tree.orphans,
    accessesAgain: again,
    afterRemoval: regretted,
  };
}
