import type { Test } from 'tap';

/** Each test of pytest's report as an assertion. @param least how many tests must have run */
export function tellReport(t: Test, report: string, least: number): void {
  const cases = [
    ...report.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g),
  ];
  for (const [, file, name, inner = ''] of cases) {
    const label = plain(
      `${file.replace(/^(?:tests\.)?test_/, '')}: ${name.replace(/^test_/, '').replaceAll('_', ' ')}`,
    );
    const [, outcome, message] = /^\s*<(failure|error|skipped)[^>]*?message="([^"]*)"/.exec(inner) ?? [];
    if (outcome === 'skipped') t.pass(label, { skip: plain(message) });
    else if (!t.ok(outcome === undefined, label)) t.comment(plain(inner));
  }
  t.ok(cases.length >= least, `pytest ran ${cases.length} tests`);
}

function plain(text: string): string {
  const marks: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', '#10': '\n' };
  return text.replace(/&(lt|gt|quot|apos|amp|#10);/g, (_, mark) => marks[mark]);
}
