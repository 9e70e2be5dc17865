import type { CertificateRecord, FaceRecord, FrontierRecord } from './certificate-record.ts';

/** Longest part of a sequence that is shown; `--json` has all of it. */
const SHOWN = 40;

/**
 * Writes a certificate for a terminal: what holds, for whom, and for each constraint a cycle that proves it.
 *
 * @returns several lines, the last without a line feed
 */
export function certificateText(record: CertificateRecord): string {
  const { policy, k, pages, needs, everyRival, anyPages, lfd } = record;
  const title = `${policy}, k = ${k}, ${pages} pages`;
  const caveat = anyPages
    ? `Holds for any number of pages: no position of the game against every rival involves all ${pages}.`
    : `Speaks of sequences over ${pages} pages or fewer; more may cost more: try --pages ${pages + 1}. ` +
      'On k + 1 pages alone some policies do better.';
  if (needs === 'nothing') {
    return [
      `${title}: ${size(everyRival)}`,
      '',
      ...ratioLines(record),
      '',
      ...everyRival.faces.flatMap((face) => faceLines(face, false)),
      caveat,
    ].join('\n');
  }
  return [
    `${title}: ${size(everyRival)}${lfd && needs === 'discard bit' ? `; against LFD on ${lfd.pages} pages ${size(lfd)}` : ''}`,
    '',
    ...frontierLines(record),
    '',
    caveat,
  ].join('\n');
}

/** What certificates of one policy for several cache sizes say, a line each. */
export function constantsText(records: readonly CertificateRecord[]): string {
  const rows = records.map(({ k, pages, anyPages, everyRival, competitive }) => [
    `${k}`,
    anyPages ? 'any number' : `up to ${pages}`,
    competitive ? everyRival.faces.map(({ constraint }) => constraint).join(', ') : 'not competitive',
  ]);
  return [['k', 'pages', 'exactly where'], ...rows]
    .map(([k, pages, constants]) => `${k.padEnd(4)}${pages.padEnd(12)}${constants}`)
    .join('\n');
}

function size({ positions, moves }: FrontierRecord): string {
  return `${positions.toLocaleString('en-US')} positions, ${moves.toLocaleString('en-US')} moves`;
}

function ratioLines({ everyRival: { vertices }, randomised }: CertificateRecord): string[] {
  if (vertices.length === 0)
    return ['Not competitive: no constant bounds its faults by those of the optimum.'];
  const [{ alpha, additive }] = vertices;
  return [
    `Competitive ratio exactly ${alpha}`,
    `  ${randomised ? 'expected ' : ''}faults ≤ ${alpha}·OPT + ${additive} on every sequence over these pages; ` +
      'no smaller ratio holds with any constant.',
  ];
}

function frontierLines(record: CertificateRecord): string[] {
  const { everyRival, lfd, needs, randomised } = record;
  const claim = `${randomised ? 'expected ' : ''}faults ≤ α·OPT + β·η0 + γ·η1 + c on every sequence over these pages`;
  // No schedule changes a phase label, so the best rival is the optimum itself.
  if (needs === 'phase bit') return [`${claim}, exactly where`, ...listed(everyRival)];
  if (lfd === null) {
    return [
      `${claim}, for every lazy offline rival with its own labels, exactly where`,
      ...listed(everyRival),
      '',
      'The game against LFD itself is too large; what each cycle costs LFD is told above.',
    ];
  }
  if (shape(everyRival) === shape(lfd)) {
    return [
      `${claim},`,
      `for every lazy offline rival with its own labels, and no less against LFD with its true labels on ${lfd.pages} pages,`,
      'exactly where',
      ...listed(lfd),
    ];
  }
  return [
    `${claim},`,
    'certified for every lazy offline rival with its own labels, exactly where',
    ...listed(everyRival),
    '',
    `certified against LFD with its true labels on ${lfd.pages} pages, exactly where`,
    ...listed(lfd),
  ];
}

function shape({ vertices }: FrontierRecord): string {
  return vertices
    .map(({ alpha, beta, gamma, additive }) => `${alpha} ${beta} ${gamma} ${additive}`)
    .join(', ');
}

function listed({ vertices, faces }: FrontierRecord): string[] {
  if (vertices.length === 0) return ['  nowhere: no constants α, β, γ bound its faults.'];
  return [
    `  ${faces.map(({ constraint }) => constraint).join(', ')}; vertices`,
    ...vertices.map(
      ({ alpha, beta, gamma, additive, faces: meeting }) =>
        `  (α, β, γ) = (${alpha}, ${beta}, ${gamma}) with c = ${additive}; worst cycles: ` +
        meeting.map((face) => faces[face].constraint).join(', '),
    ),
    ...faces.flatMap((face) => faceLines(face, true)),
  ];
}

function faceLines({ constraint, approach, cycle, againstLfd }: FaceRecord, usesBits: boolean): string[] {
  const { repetitions, faults, optimum, eta0, eta1, attained, constraint: scored } = againstLfd;
  const errors = usesBits ? `, η0 ${eta0}, η1 ${eta1}` : '';
  return [
    `Worst cycle for ${constraint}${usesBits ? ' (page:bit)' : ''}`,
    `  start   ${shown(approach)}`,
    `  repeat  ${shown(cycle)}`,
    `  ${repetitions} repetitions against LFD: faults ${faults}, OPT ${optimum}${errors}; ` +
      (attained ? 'attained' : `not attained, only ${scored}: its rival is not LFD`),
  ];
}

function shown(requests: readonly string[]): string {
  if (requests.length <= SHOWN) return requests.join(' ') || '(nothing)';
  return `${requests.slice(0, SHOWN).join(' ')} … (${requests.length} requests)`;
}
