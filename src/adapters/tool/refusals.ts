import { type Refusing, refuse } from '../../journal/result.ts';

/** The status of a program that is not there. */
export const NOT_INSTALLED = 127;

export const toolMissing = (program: string, debianPackage: string, where: string): Refusing =>
  refuse('backup-tool-missing', `The program ${program} is not installed here.`, {
    where,
    expected: `${program} on the path`,
    kept: 'Nothing was read or changed.',
    cure: `Install it: apt-get install ${debianPackage}`,
  });
