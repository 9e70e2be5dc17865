import type { CommandModule } from 'yargs';
import { Failure } from '../support/failure.ts';
import { writeFile } from '../support/write-file.ts';
import { type CertificateRecord, certificateRecord } from '../verify/certificate/certificate-record.ts';
import { certificateText, constantsText } from '../verify/certificate/certificate-text.ts';
import { certify as runCertify } from '../verify/certificate/certify.ts';
import { worstInstance } from '../verify/certificate/worst-instance.ts';

interface Arguments {
  policy: string;
  k: string;
  pages: number | undefined;
  out: string | undefined;
  json: boolean;
}

export const certify: CommandModule<object, Arguments> = {
  command: 'certify <policy>',
  describe: 'the exact competitive ratio, or the exact (α, β, γ) frontier, for a small cache',
  builder: (yargs) =>
    yargs
      .positional('policy', { type: 'string', demandOption: true, describe: 'a policy with a finite model' })
      .option('k', { type: 'string', demandOption: true, describe: 'size of the cache, or a range of sizes' })
      .option('pages', { type: 'number', describe: 'number of pages, above k; k + 2 if absent' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'write the worst cycle, repeated, as an instance file',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print one line of JSON for each size and nothing else',
      })
      .example('$0 certify lru --k 3', 'the competitive ratio of LRU, with a worst cycle')
      .example(
        '$0 certify flush-when-all-0s --k 8 --pages 10',
        'all (α, β, γ) that hold, and why no others do',
      )
      .example('$0 certify mark0 --k 2..4', 'one certificate after another, and what they say in common'),
  handler: ({ policy, k, pages, out, json }) => {
    const sizes = parseSizes(k);
    if (out !== undefined && sizes.length > 1)
      throw new Failure('--out: holds the worst cycle of one certificate; give one --k, for example 3');
    const records: CertificateRecord[] = [];
    for (const size of sizes) {
      const record = certificateRecord(runCertify(policy, size, pages ?? size + 2));
      records.push(record);
      if (out !== undefined) writeFile(out, `${JSON.stringify(worstInstance(record))}\n`);
      console.log(json ? JSON.stringify(record) : certificateText(record));
      if (!json && sizes.length > 1) console.log();
    }
    if (!json && sizes.length > 1) console.log(constantsText(records));
  },
};

/**
 * Reads a cache size such as `3`, or a range such as `2..8`.
 *
 * @throws Failure for anything else
 */
function parseSizes(text: string): number[] {
  const [, first, last = first] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text.trim()) ?? [];
  const [least, most] = [Number(first), Number(last)];
  if (!(least >= 1 && most >= least))
    throw new Failure('--k: must be a positive integer or a range of them, for example 3 or 2..8');
  return Array.from({ length: most - least + 1 }, (_, i) => least + i);
}
