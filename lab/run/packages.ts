import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the lab runs, and the Debian package that brings it. A bare name is looked for on the PATH. */
const NEEDS = [
  { file: '/usr/lib/postgresql/15/bin/initdb', package: 'postgresql-15' },
  { file: 'psql', package: 'postgresql-client-15' },
  { file: '/usr/sbin/Orthanc', package: 'orthanc' },
  { file: '/usr/share/orthanc/plugins/libOrthancDicomWeb.so', package: 'orthanc-dicomweb' },
  { file: '/lib/nut/upsd', package: 'nut-server' },
  { file: 'restic', package: 'restic' },
] as const;

export const isInstalled = (program: string): boolean =>
  program.startsWith('/')
    ? existsSync(program)
    : [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'].some((folder) =>
        existsSync(join(folder, program)),
      );

export const missingPackages = (): string[] =>
  NEEDS.filter(({ file }) => !isInstalled(file)).map((need) => need.package);
