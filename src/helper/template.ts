import { accept, type Result, refuse } from '../journal/result.ts';
import type { Program, Setting } from './programFile.ts';
import type { MemberRequest } from './protocol.ts';
import { subnet } from './room/rules.ts';

const placeholder = /\{((?:data|address|subnet|ports?|setting)(?:\.[A-Za-z0-9]+)*)\}/g;

export const placeholdersOf = (text: string): string[] => [...text.matchAll(placeholder)].map(([, name]) => name ?? '');

/** A member's program with nothing left to fill in. */
export interface FilledProgram {
  command: string[];
  files: { [path: string]: string };
  environment: { [name: string]: string };
}

const refuseSetting = (program: string, name: string, expected: string) =>
  refuse('settings-refused', `The setting "${name}" of program "${program}" is refused.`, {
    where: `settings.${name}`,
    expected,
    kept: 'nothing was started',
    cure: 'correct the setting in the restoration of this component, or have root change the programs file',
  });

function settingText(
  name: string,
  setting: Setting,
  given: string | number | undefined,
  member: MemberRequest,
  addressOfMember: (id: string) => string | undefined,
): Result<string> {
  const refused = (expected: string) => refuseSetting(member.program, name, expected);
  const value = given ?? ('default' in setting ? setting.default : undefined);
  if (value === undefined) return refused('a value: it has no default');
  switch (setting.kind) {
    case 'integer': {
      const fits =
        typeof value === 'number' && Number.isSafeInteger(value) && value >= setting.min && value <= setting.max;
      return fits ? accept(`${value}`) : refused(`a whole number from ${setting.min} to ${setting.max}`);
    }
    case 'word': {
      const fits = typeof value === 'string' && value.length <= setting.lengthMax && /^[A-Za-z0-9._-]+$/.test(value);
      return fits ? accept(value) : refused(`1 to ${setting.lengthMax} letters, digits, dots, dashes or underscores`);
    }
    case 'choice':
      return typeof value === 'string' && setting.values.includes(value)
        ? accept(value)
        : refused(`one of ${setting.values.join(', ')}`);
    case 'member':
    case 'endpoint': {
      const reached = member.reaches.filter((reach) => reach.member === value);
      const address = typeof value === 'string' ? addressOfMember(value) : undefined;
      const [only] = reached;
      if (only === undefined || address === undefined) return refused('the id of a member it reaches');
      if (setting.kind === 'member') return accept(address);
      return reached.length === 1
        ? accept(`${address}:${only.port}`)
        : refused('a member it reaches on exactly one port');
    }
  }
}

/** Fills a program's templates; every setting must be declared, and every value is one the declaration bounds. */
export function fillProgram(
  program: Program,
  member: MemberRequest,
  address: string,
  addressOfMember: (id: string) => string | undefined,
): Result<FilledProgram> {
  const unknown = Object.keys(member.settings).find((name) => !Object.hasOwn(program.settings, name));
  if (unknown !== undefined) {
    return refuseSetting(
      member.program,
      unknown,
      `one of ${Object.keys(program.settings).join(', ') || 'no setting at all'}`,
    );
  }
  const { min, max } = program.ports;
  if (member.listens.length < min || member.listens.length > max) {
    return refuse('settings-refused', `Program "${member.program}" was given ${member.listens.length} ports.`, {
      where: 'listens',
      expected: min === max ? `${min} of them` : `${min} to ${max} of them`,
      kept: 'nothing was started',
      cure: 'list the ports it listens on, in the order its program declares',
    });
  }
  const values = new Map<string, string>([
    ['data', program.dataAt],
    ['address', address],
    ['subnet', subnet],
  ]);
  for (const [index, port] of member.listens.entries()) values.set(`port.${index + 1}`, `${port}`);
  values.set('port', `${member.listens[0]}`).set('ports', member.listens.join(','));
  for (const [name, setting] of Object.entries(program.settings)) {
    const text = settingText(name, setting, member.settings[name], member, addressOfMember);
    if (!text.ok) return text;
    values.set(`setting.${name}`, text.value);
  }
  const fill = (text: string) => text.replace(placeholder, (whole, name: string) => values.get(name) ?? whole);
  const fillAll = (texts: { [key: string]: string }) =>
    Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, fill(text)]));
  return accept({
    command: [program.executable, ...program.arguments.map(fill)],
    files: fillAll(program.files),
    environment: fillAll(program.environment),
  });
}
