/** What `onebit verify` prints for a reader. */
import type { CatalogPolicy } from '../../paging/definition.ts';
import type { Trial } from '../hold-to-law.ts';
import type { Score } from './score.ts';
import type { VerifyRecord } from './verify-record.ts';

const NAME_WIDTH = 16;

/** What a policy declares, in plain data. */
export type PolicyFacts = Pick<
  CatalogPolicy,
  'name' | 'summary' | 'needs' | 'randomised' | 'offline' | 'eager' | 'marking' | 'stack'
>;

/** The head of a report: what the policy is, and what it declares. */
function headText(facts: PolicyFacts): string {
  const declared = [
    facts.needs === 'nothing' ? 'needs nothing' : `needs ${facts.needs}s`,
    facts.randomised ? 'randomised' : 'deterministic',
    ...(['offline', 'eager', 'marking', 'stack'] as const).filter((fact) => facts[fact]),
  ];
  const summary = facts.summary ? `: ${facts.summary}` : '';
  return `${facts.name}${summary}\ndeclares: ${declared.join(', ')}\n`;
}

/** One law of a report: a line, and below it how it was tried or broken. */
function lawText(record: VerifyRecord): string {
  const isBroken = record.outcome === 'broken';
  const lines = isBroken ? violationLines(record) : [trialsText(record)];
  const first = `${isBroken ? '✗' : '✓'} ${record.law.padEnd(NAME_WIDTH)}${record.statement}`;
  return [first, ...lines.map((line) => `  ${''.padEnd(NAME_WIDTH)}${line}`)].join('\n');
}

/** Which laws a policy is not held to, by reason. */
function exemptText(records: readonly VerifyRecord[]): string {
  const reasons = [...new Set(records.map(({ exempt }) => exempt))];
  const parts = reasons.map((reason) => {
    const laws = records.filter(({ exempt }) => exempt === reason).map(({ law }) => law);
    return `${laws.join(', ')} (${reason})`;
  });
  return `– not held to: ${parts.join('; ')}`;
}

function trialsText({ trials, largest }: VerifyRecord): string {
  const parts = trials.map((trial) => trialText(trial, largest !== undefined));
  // A run without faults beyond the optimum's says nothing.
  if (largest !== undefined && largest.ratio > 0)
    parts.push(`largest ${largest.ratio.toFixed(2)}·OPT, ${(100 * largest.load).toFixed(0)}% of the bound`);
  return parts.join(' · ');
}

function trialText({ engine, instances, sampled }: Trial, boundsFaults: boolean): string {
  const how =
    sampled === 0 ? 'exact' : `${count(instances - sampled)} exact, ${count(sampled)} by confidence interval`;
  return `${engine} ${count(instances)}${boundsFaults ? ` (${how})` : ''}`;
}

/** What a policy pays on a replayed instance. */
function scoreText({ faults, runs, optFaults, eta0, eta1 }: Score): string {
  const how = runs === 0 ? 'exactly' : `mean of ${runs} runs,`;
  const errors = eta0 === undefined ? '' : `, η0 ${eta0}, η1 ${eta1}`;
  return `on this instance: ${how} ${faults.toFixed(4).replace(/\.?0+$/, '')} faults, OPT ${optFaults}${errors}\n`;
}

/** How a law was broken: the complaint, the smallest instance known, and the command that replays it. */
export function violationLines(record: VerifyRecord): string[] {
  const lines = [`${record.policy}: law “${record.law}”: ${record.complaint}`];
  if (record.foundBy !== 'replay' && record.foundBy !== undefined)
    lines.push(
      `found by: ${record.foundBy}, seed ${record.seed}${record.foundWith ? `, with ${count(record.foundWith)} ${record.foundWith === 1 ? 'request' : 'requests'}` : ''}`,
    );
  if (record.replay !== undefined) lines.push(`replay:   ${record.replay}`);
  return lines;
}

/** The whole report. */
export function reportText(facts: PolicyFacts, records: readonly VerifyRecord[], seconds: number): string {
  const having = (outcome: VerifyRecord['outcome']) => records.filter((record) => record.outcome === outcome);
  const exempt = having('exempt');
  const { score, seed } = records[0];
  return [
    headText(facts),
    ...(score === undefined ? [] : [scoreText(score)]),
    ...records.filter((record) => !exempt.includes(record)).map(lawText),
    ...(exempt.length === 0 ? [] : [exemptText(exempt)]),
    `\n${having('holds').length} laws hold, ${having('broken').length} broken, ${exempt.length} do not apply; seed ${seed}; ${seconds.toFixed(1)} s`,
  ].join('\n');
}

function count(number: number): string {
  return number.toLocaleString('en');
}
