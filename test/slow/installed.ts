import { spawnSync } from 'node:child_process';

/** Whether a program is there, after Debian's package of it has been installed if that is possible. */
export function installed(program: string, debianPackage = program): boolean {
  const isThere = () => spawnSync('which', [program]).status === 0;
  if (isThere()) return true;
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  // Two tests may install at the same time.
  const patient = ['-o', 'DPkg::Lock::Timeout=300', '-q'];
  spawnSync('apt-get', [...patient, 'update'], options);
  spawnSync('apt-get', [...patient, 'install', '-y', '--no-install-recommends', debianPackage], options);
  return isThere();
}
