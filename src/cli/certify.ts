import type { CommandModule } from 'yargs';
import { writeFile } from '../support/write-file.ts';
import { certificateRecord } from '../verify/certificate/certificate-record.ts';
import { certificateText } from '../verify/certificate/certificate-text.ts';
import { certify as runCertify } from '../verify/certificate/certify.ts';
import { worstInstance } from '../verify/certificate/worst-instance.ts';

interface Arguments {
  policy: string;
  k: number;
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
      .option('k', { type: 'number', demandOption: true, describe: 'size of the cache' })
      .option('pages', { type: 'number', describe: 'number of pages, above k; k + 2 if absent' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'write the worst cycle, repeated, as an instance file',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print one line of JSON and nothing else',
      })
      .example('$0 certify lru --k 3', 'the competitive ratio of LRU, with a worst cycle')
      .example(
        '$0 certify flush-when-all-0s --k 8 --pages 10',
        'all (α, β, γ) that hold, and why no others do',
      ),
  handler: ({ policy, k, pages, out, json }) => {
    const record = certificateRecord(runCertify(policy, k, pages ?? k + 2));
    if (out !== undefined) writeFile(out, `${JSON.stringify(worstInstance(record))}\n`);
    console.log(json ? JSON.stringify(record) : certificateText(record));
  },
};
