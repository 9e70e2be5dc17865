/** A worker of `onebit verify`: loads the policy, then holds it to one law after another, as it is told. */
import { parentPort, workerData } from 'node:worker_threads';
import { Failure } from '../../support/failure.ts';
import { holdToLaw, type Outcome } from '../hold-to-law.ts';
import { type Instance, parseInstance } from '../instance.ts';
import { EVERY_LAW } from '../laws/every-law.ts';
import { examine, type Law, oneLine } from '../laws/law.ts';
import { loadPolicy } from './load-policy.ts';
import { type Score, scoreOf } from './score.ts';
import { verifyRecord } from './verify-record.ts';
import type { FromWorker, Task } from './verify-task.ts';
import { watchInto } from './watched-instance.ts';

const { subject, seed, replay, memory } = workerData as Task;
const watch = watchInto(memory);
const send = (message: FromWorker) => parentPort?.postMessage(message);

try {
  const policy = await loadPolicy(subject);
  const instance = replay === undefined ? undefined : parseInstance(replay, policy.needs);
  const replayed = (law: Law, instance: Instance): Outcome => {
    watch(instance);
    const { complaint, load, ratio, sampled } = examine(law, policy, instance);
    const trials = [{ engine: 'replay', instances: 1, sampled: sampled ? 1 : 0 }] as const;
    const violation = { complaint: complaint ?? '', engine: 'replay', instance, requests: 0 } as const;
    if (complaint !== undefined) return { law, trials, violation };
    return { law, trials, ...(load !== undefined && { largest: { load, ratio: ratio ?? 0 } }) };
  };
  let score: Score | undefined;
  const replayedScore = (): Score | undefined => {
    try {
      score ??= instance && scoreOf(policy, instance);
      return score;
    } catch {
      // The policy cannot serve the instance: each law says why.
      return undefined;
    }
  };
  const { create: _, guarantee, consistency, robustness, liftRatio, ...facts } = policy;
  parentPort?.on('message', (index: number) => {
    const law = EVERY_LAW[index];
    const outcome = instance === undefined ? holdToLaw(law, policy, seed, watch) : replayed(law, instance);
    const paid = replayedScore();
    send({
      kind: 'record',
      record: { ...verifyRecord(policy, seed, outcome), ...(paid && { score: paid }) },
    });
  });
  send({ kind: 'ready', subject: { facts, exempt: EVERY_LAW.map((law) => law.exempts(policy)) } });
} catch (error) {
  send({
    kind: 'refused',
    reason: error instanceof Failure ? error.message : `${subject}: ${oneLine(error)}`,
  });
}
