/** What `onebit verify` prints for a reader. */
import type { CatalogPolicy } from '../../paging/definition.ts';
import type { Trial } from '../hold-to-law.ts';
import type { Score } from './score.ts';
import type { VerifyRecord } from './verify-record.ts';

const NAME_WIDTH = 16;
const MARKS = { holds: '✓', broken: '✗', exempt: '–' } as const;

/** What a policy declares, in plain data. */
export type PolicyFacts = Pick<
  CatalogPolicy,
  'name' | 'summary' | 'needs' | 'randomised' | 'offline' | 'eager' | 'marking' | 'stack'
>;

/** The head of a report: what the policy is, and what it declares. */
export function headText(facts: PolicyFacts): string {
  const declared = [
    facts.needs === 'nothing' ? 'needs nothing' : `needs ${facts.needs}s`,
    facts.randomised ? 'randomised' : 'deterministic',
    ...(['offline', 'eager', 'marking', 'stack'] as const).filter((fact) => facts[fact]),
  ];
  const summary = facts.summary ? `: ${facts.summary}` : '';
  return `${facts.name}${summary}\ndeclares: ${declared.join(', ')}\n`;
}

/** One law of a report: a line, and below it how it was broken. */
export function lawText(record: VerifyRecord): string {
  const { outcome, law, statement } = record;
  const first = `${MARKS[outcome]} ${law.padEnd(NAME_WIDTH)}${statement}`;
  if (outcome === 'exempt')
    return `${MARKS.exempt} ${law.padEnd(NAME_WIDTH)}not held to it: ${record.exempt}`;
  const rest = outcome === 'holds' ? [trialsText(record)] : violationLines(record);
  return [first, ...rest.map((line) => `  ${''.padEnd(NAME_WIDTH)}${line}`)].join('\n');
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
export function scoreText({ faults, runs, optFaults, eta0, eta1 }: Score): string {
  const how = runs === 0 ? 'exactly' : `mean of ${runs} runs,`;
  const errors = eta0 === undefined ? '' : `, η0 ${eta0}, η1 ${eta1}`;
  return `on this instance: ${how} ${faults.toFixed(4).replace(/\.?0+$/, '')} faults, OPT ${optFaults}${errors}\n`;
}

/** How a law was broken: the complaint, the smallest instance known, and the command that replays it. */
export function violationLines(record: VerifyRecord): string[] {
  const lines = [`${record.policy}: law “${record.law}”: ${record.complaint}`];
  if (record.foundBy !== 'replay' && record.foundBy !== undefined)
    lines.push(
      `found by: ${record.foundBy}, seed ${record.seed}${record.foundWith ? `, with ${count(record.foundWith)} requests` : ''}`,
    );
  if (record.replay !== undefined) lines.push(`replay:   ${record.replay}`);
  return lines;
}

/** The foot of a report. */
export function footText(records: readonly VerifyRecord[], seconds: number): string {
  const number = (outcome: VerifyRecord['outcome']) =>
    records.filter((record) => record.outcome === outcome).length;
  return `\n${number('holds')} laws hold, ${number('broken')} broken, ${number('exempt')} do not apply; seed ${records[0]?.seed}; ${seconds.toFixed(1)} s`;
}

function count(number: number): string {
  return number.toLocaleString('en');
}
