/** The records that `--json` prints, told from their types: a JSON schema, and a page to read. */
import { createGenerator, type Schema } from 'ts-json-schema-generator';

/** A command, the file that holds the type of its records, and the type. */
export const RECORDS = [
  ['compare', 'src/simulator/result.ts', 'ResultRecord'],
  ['compare, pages of different sizes', 'src/simulator/result.ts', 'WeightedRecord'],
  ['compare --stream', 'src/simulator/result.ts', 'StreamRecord'],
  ['sweep', 'src/simulator/result.ts', 'ResultRecord'],
  ['sweep, a cell that failed', 'src/simulator/result.ts', 'FailedCell'],
  ['results', 'src/simulator/result.ts', 'StoredRecord'],
  ['evaluate', 'src/simulator/result.ts', 'EvaluationRecord'],
  ['curve', 'src/simulator/result.ts', 'CurveRecord'],
  ['curve --sample', 'src/simulator/result.ts', 'SampledCurveRecord'],
  ['replay', 'src/simulator/result.ts', 'ReplayRecord'],
  ['verify', 'src/verify/run/verify-record.ts', 'VerifyRecord'],
  ['certify', 'src/verify/certificate/certificate-record.ts', 'CertificateRecord'],
] as const;

/**
 * The schema of all records: each type, and the types that it uses, under `definitions`. Fields may be added to a record
 * in a minor version, so unknown ones are allowed; none is taken away or changes its meaning before the next major one.
 */
export function recordSchema(): Schema {
  const definitions: Record<string, unknown> = {};
  for (const [, path, type] of RECORDS) {
    if (type in definitions) continue;
    const generator = createGenerator({
      path,
      type,
      tsconfig: 'tsconfig.json',
      skipTypeCheck: true,
      additionalProperties: true,
    });
    Object.assign(definitions, generator.createSchema(type).definitions);
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Records of onebit',
    definitions,
  } as Schema;
}

interface Field {
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly items?: Field;
  readonly enum?: readonly string[];
  readonly $ref?: string;
  readonly anyOf?: readonly Field[];
}

/** The page that tells every field of every record. */
export function recordPage(schema: Schema): string {
  const definitions = schema.definitions as Record<
    string,
    Field & { readonly properties?: Readonly<Record<string, Field>> }
  >;
  const printed = RECORDS.map(([command, , type]) => {
    const [call, ...where] = command.split(', ');
    return `| ${[`\`onebit ${call}\``, ...where].join(', ')} | [${type}](#${type.toLowerCase()}) |`;
  });
  const types = Object.entries(definitions).flatMap(([name, facts]) => {
    const { description, properties } = facts;
    if (properties === undefined)
      return [`## ${name}`, '', [description, typeOf(facts)].filter(Boolean).join(' '), ''];
    const rows = Object.entries(properties).map(
      ([field, value]) =>
        `| \`${field}\` | ${typeOf(value)} | ${(value.description ?? '').replaceAll('\n', ' ').replaceAll('|', '\\|')} |`,
    );
    return [
      `## ${name}`,
      '',
      ...(description ? [description, ''] : []),
      '| field | type | what it is |',
      '|---|---|---|',
      ...rows,
      '',
    ];
  });
  return [
    '# Records',
    '',
    'With `--json` a command prints one record a line on standard output, and nothing else there. This page and',
    '[records.schema.json](records.schema.json) are written by `npm run docs` from the types in the source. Within a major version',
    'fields are added, but none is taken away and none changes its meaning.',
    '',
    '| command | record |',
    '|---|---|',
    ...printed,
    '',
    ...types,
  ].join('\n');
}

function typeOf({ type, items, enum: values, $ref, anyOf }: Field): string {
  if ($ref !== undefined) {
    const name = decodeURIComponent($ref.split('/').at(-1) as string);
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(' or ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (items !== undefined) return `list of ${typeOf(items)}`;
  return typeof type === 'string' ? type : (type ?? ['any value']).join(' or ');
}
