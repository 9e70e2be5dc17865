import type { CertificateRecord, FaceRecord } from './certificate-record.ts';

/** Longest part of a sequence that is shown; `--json` has all of it. */
const SHOWN = 40;

/**
 * Writes a certificate for a terminal: what holds, for whom, and for each constraint a cycle that proves it.
 *
 * @returns several lines, the last without a line feed
 */
export function certificateText(record: CertificateRecord): string {
  const { policy, k, pages, positions, moves, usesBits, faces } = record;
  const count = (number: number) => number.toLocaleString('en-US');
  return [
    `${policy}, k = ${k}, ${pages} pages: ${count(positions)} positions, ${count(moves)} moves`,
    '',
    ...(usesBits ? frontierLines(record) : ratioLines(record)),
    '',
    ...faces.flatMap((face) => faceLines(face, usesBits)),
  ].join('\n');
}

const EVERY_RIVAL = 'on every sequence over these pages, for every lazy offline rival (OPT is one)';

function ratioLines({ vertices, randomised }: CertificateRecord): string[] {
  if (vertices.length === 0)
    return ['Not competitive: no constant bounds its faults by those of the optimum.'];
  const [{ alpha, additive }] = vertices;
  return [
    `Competitive ratio exactly ${alpha}`,
    `  ${randomised ? 'expected ' : ''}faults ≤ ${alpha}·OPT + ${additive} ${EVERY_RIVAL}; no smaller ratio holds with any constant.`,
  ];
}

function frontierLines({ vertices, faces, randomised }: CertificateRecord): string[] {
  if (vertices.length === 0) return ['No constants α, β, γ bound its faults.'];
  return [
    `${randomised ? 'expected ' : ''}faults ≤ α·OPT + β·η0 + γ·η1 + c ${EVERY_RIVAL},`,
    `exactly where ${faces.map(({ constraint }) => constraint).join(', ')}. Vertices of the frontier:`,
    ...vertices.map(
      ({ alpha, beta, gamma, additive, faces: meeting }) =>
        `  (α, β, γ) = (${alpha}, ${beta}, ${gamma}) with c = ${additive}; worst cycles: ` +
        meeting.map((face) => faces[face].constraint).join(', '),
    ),
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
      (attained ? 'attained against LFD' : `against LFD only ${scored}`),
  ];
}

function shown(requests: readonly string[]): string {
  if (requests.length <= SHOWN) return requests.join(' ') || '(nothing)';
  return `${requests.slice(0, SHOWN).join(' ')} … (${requests.length} requests)`;
}
