/**
 * Writes the pages that are told by the source, then the site with all pages and the reference of the library.
 *
 *     npm run docs            # pages in docs/, site in site/
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Application, type TypeDocOptions } from 'typedoc';
import { commandLinePage } from './command-line.ts';
import { guaranteePage } from './guarantees.ts';
import { recordPage, recordSchema } from './records.ts';

/** The pages that are written, by name. */
export async function writtenPages(): Promise<Readonly<Record<string, string>>> {
  const schema = recordSchema();
  return {
    'command-line.md': await commandLinePage(),
    'guarantees.md': guaranteePage(),
    'records.md': recordPage(schema),
    'records.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
  };
}

/** @returns whether the site was built without a warning */
export async function buildSite(out: string): Promise<boolean> {
  const options: TypeDocOptions = {
    name: 'Onebit',
    entryPoints: [
      'src/index.ts',
      'src/verify/index.ts',
      'src/plugin/index.ts',
      'src/plugin/node-llama-cpp/index.ts',
    ],
    readme: 'README.md',
    projectDocuments: [
      'docs/*.md',
      'docs/engines/*.md',
      'experiments/*/README.md',
      'traces/README.md',
      'CONTRIBUTING.md',
    ],
    out,
    customCss: 'docs/site.css',
    excludePrivate: true,
    excludeInternal: true,
    disableSources: true,
    highlightLanguages: ['typescript', 'javascript', 'python', 'json', 'yaml', 'bash'],
    treatWarningsAsErrors: true,
    validation: { notExported: false, invalidLink: true, invalidPath: true },
  };
  const application = await Application.bootstrapWithPlugins(options);
  const project = await application.convert();
  if (project === undefined) return false;
  application.validate(project);
  await application.generateOutputs(project);
  return !application.logger.hasErrors() && !application.logger.hasWarnings();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of Object.entries(await writtenPages()))
    writeFileSync(new URL(name, import.meta.url), text);
  if (!(await buildSite('site'))) process.exitCode = 1;
}
