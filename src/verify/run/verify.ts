/** Holds a policy to every law, each in a thread that can be given up, on two threads if there are two processors. */
import { availableParallelism } from 'node:os';
import { EVERY_LAW } from '../laws/every-law.ts';
import { LawWorker, type Silence } from './law-worker.ts';
import { replayable, type VerifyRecord } from './verify-record.ts';
import type { Task } from './verify-task.ts';
import type { PolicyFacts } from './verify-text.ts';
import { instanceBegunLast } from './watched-instance.ts';

/** More would not pay for their start: the longest law takes half of the time. */
const MOST_WORKERS = 2;

export interface Verification {
  readonly facts: PolicyFacts;
  /** One a law, in the order of the laws. */
  readonly records: readonly VerifyRecord[];
}

/**
 * Holds a policy to every law.
 *
 * @param task the policy, by name or file; the seed; the instance to replay, if any
 * @param onProgress told after each law which share of them is done
 * @throws Failure in one line where the policy or the instance cannot be loaded
 */
export async function verify(
  task: Omit<Task, 'memory'>,
  onProgress: (done: number, law: string) => void,
): Promise<Verification> {
  const first = new LawWorker(task);
  const { facts, exempt } = await first.ready();
  const records: VerifyRecord[] = [];
  exempt.forEach((reason, index) => {
    if (reason !== undefined)
      records[index] = { ...lawRecord(facts, task.seed, index), outcome: 'exempt', exempt: reason };
  });
  // Bounds on faults take longest, so they begin first.
  const queue = [...EVERY_LAW.keys()]
    .filter((index) => exempt[index] === undefined)
    .sort((a, b) => Number(EVERY_LAW[b].boundsFaults) - Number(EVERY_LAW[a].boundsFaults) || a - b);
  let done = EVERY_LAW.length - queue.length;
  const work = async (start: LawWorker) => {
    let worker: LawWorker | undefined = start;
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      worker ??= await another(task);
      const answer = await worker.hold(index);
      if ('law' in answer) records[index] = answer;
      else {
        records[index] = silenced(facts, task.seed, index, worker, answer);
        worker = undefined;
      }
      onProgress(++done / EVERY_LAW.length, EVERY_LAW[index].name);
    }
    await worker?.stop();
  };
  const others = task.replay === undefined ? Math.min(availableParallelism(), MOST_WORKERS) - 1 : 0;
  const started = Array.from({ length: others }, () => another(task).then(work));
  await Promise.all([work(first), ...started]);
  return { facts, records };
}

async function another(task: Omit<Task, 'memory'>): Promise<LawWorker> {
  const worker = new LawWorker(task);
  await worker.ready();
  return worker;
}

/** The record of a law whose worker gave no answer: the instance it was trying is the counterexample. */
function silenced(
  facts: PolicyFacts,
  seed: number,
  index: number,
  worker: LawWorker,
  { complaint }: Silence,
): VerifyRecord {
  const instance = instanceBegunLast(worker.memory);
  return {
    ...lawRecord(facts, seed, index),
    outcome: 'broken',
    complaint,
    ...(instance && replayable(facts, instance)),
  };
}

/** What a record says of a law that no worker spoke of. */
function lawRecord(facts: PolicyFacts, seed: number, index: number) {
  const { name, statement } = EVERY_LAW[index];
  return { policy: facts.name, law: name, statement, seed, trials: [] };
}
