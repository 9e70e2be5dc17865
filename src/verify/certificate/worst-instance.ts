import type { CertificateRecord, InstanceRecord } from './certificate-record.ts';

/**
 * The instance of a certificate that costs the policy most, of those attained against LFD: with β = γ = 0 its constraint asks for the
 * largest α.
 */
export function worstInstance({ lfd, everyRival }: CertificateRecord): InstanceRecord {
  const faces = (lfd ?? everyRival).faces;
  const ratio = ({ againstLfd: { faults, optimum } }: (typeof faces)[number]) => {
    const [numerator, denominator] = faults.split('/').map(Number);
    return optimum === 0 ? 0 : numerator / (denominator ?? 1) / optimum;
  };
  return faces.reduce((worst, face) => (ratio(face) > ratio(worst) ? face : worst)).instance;
}
