/**
 * Assembles the sources beside this file, which are AssemblyScript, into the module that the library carries:
 *
 *     npx tsx src/predictors/simd/assemble.ts
 *
 * It is committed, so that nothing has to be assembled when the library is built, loaded or bundled.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { Failure } from '../../support/failure.ts';
import { writeFile } from '../../support/write-file.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const MODULE = fileURLToPath(new URL('../simd-module.ts', import.meta.url));

/** @throws Failure with what the compiler says */
export async function assemble(): Promise<Uint8Array> {
  let module = new Uint8Array();
  const options = ['--outFile', 'module.wasm', '--runtime', 'stub', '--enable', 'simd', '-O3', '--converge'];
  // No checks of bounds, and so nothing to be imported that is called where they fail.
  options.push('--noAssert', '--use', 'abort=', 'network.ts');
  const { error, stderr } = await asc.main(options, {
    // Imports name files with their extension, as everywhere here; the compiler adds it again.
    readFile: (name) => {
      const path = join(FOLDER, name.replace(/(\.ts)+$/, '.ts'));
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
    writeFile: (_name, contents) => {
      module = contents as Uint8Array<ArrayBuffer>;
    },
  });
  if (error !== null) throw new Failure(stderr.toString());
  return module;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = Buffer.from(await assemble()).toString('base64');
  writeFile(
    MODULE,
    `/** What simd/assemble.ts makes of the sources in simd/, in base 64. */\nexport default '${text}';\n`,
  );
}
