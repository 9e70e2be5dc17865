import { spawnSync } from 'node:child_process';

/** Whether a program is there, after Debian's package of it has been installed if that is possible. */
export function installed(program: string, debianPackage = program): boolean {
  const isThere = () => spawnSync('which', [program]).status === 0;
  if (isThere()) return true;
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update', '-q'], options);
  spawnSync('apt-get', ['install', '-qy', '--no-install-recommends', debianPackage], options);
  return isThere();
}
