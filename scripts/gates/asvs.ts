import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gate, Problem } from './gate.ts';

const page = 'docs/security/asvs.md';

/** The level of each requirement of ASVS 5.0.0, by section: the nth digit is the level of requirement n. */
const levels: { readonly [section: string]: string } = {
  ...{ '1.1': '22', '1.2': '1111122223', '1.3': '112222222223', '1.4': '222', '1.5': '123' },
  ...{ '2.1': '122', '2.2': '112', '2.3': '12223', '2.4': '23' },
  ...{ '3.1': '3', '3.2': '113', '3.3': '12223', '3.4': '11222233', '3.5': '11122333', '3.6': '3', '3.7': '22333' },
  ...{ '4.1': '12233', '4.2': '23333', '4.3': '22', '4.4': '1222' },
  ...{ '5.1': '2', '5.2': '112333', '5.3': '113', '5.4': '222' },
  ...{ '6.1': '122', '6.2': '111111112222', '6.3': '11223333', '6.4': '112233', '6.5': '22222333' },
  ...{ '6.6': '2223', '6.7': '33', '6.8': '2222' },
  ...{ '7.1': '222', '7.2': '1111', '7.3': '22', '7.4': '11222', '7.5': '223', '7.6': '22' },
  ...{ '8.1': '1233', '8.2': '1123', '8.3': '133', '8.4': '23', '9.1': '111', '9.2': '1222' },
  ...{ '10.1': '22', '10.2': '223', '10.3': '22223', '10.4': '1111122222233333' },
  ...{ '10.5': '22222', '10.6': '22', '10.7': '222' },
  ...{ '11.1': '2233', '11.2': '22233', '11.3': '11233', '11.4': '1222', '11.5': '23', '11.6': '23', '11.7': '33' },
  ...{ '12.1': '12233', '12.2': '11', '12.3': '22223' },
  ...{ '13.1': '2333', '13.2': '222223', '13.3': '2233', '13.4': '1222233' },
  ...{ '14.1': '22', '14.2': '12223333', '14.3': '122' },
  ...{ '15.1': '12233', '15.2': '12233', '15.3': '1222222', '15.4': '3333' },
  ...{ '16.1': '2', '16.2': '22222', '16.3': '2222', '16.4': '222', '16.5': '2223' },
  ...{ '17.1': '23', '17.2': '22223333', '17.3': '22' },
};

/** Number → level, of levels 1 and 2: 70 and 183 requirements. */
export const requirements: ReadonlyMap<string, string> = new Map(
  Object.entries(levels).flatMap(([section, digits]) =>
    [...digits].flatMap((level, index) => (level === '3' ? [] : [[`${section}.${index + 1}`, level] as const])),
  ),
);

/** What a state begins with. Only what does not apply may name no file. */
const states = /^(met|in part|falls short|to do|does not apply)\b/;

/** The checklist has each requirement of levels 1 and 2 once, without a blank, and names only files that exist. */
export const asvs: Gate = {
  name: 'ASVS checklist',
  unit: 'requirements',
  run(root) {
    const text = existsSync(join(root, page)) ? readFileSync(join(root, page), 'utf8') : '';
    const rows = text.split('\n').flatMap((line, index) => {
      const cells = line.split('|').map((cell) => cell.trim());
      return /^\d+\.\d+\.\d+$/.test(cells[1] ?? '') ? [{ row: index + 1, cells: cells.slice(1, -1) }] : [];
    });
    const told = new Set<string>();
    const problems = rows.flatMap(({ row, cells }) => {
      const [number = ''] = cells;
      const found = faults(root, cells);
      if (told.has(number)) found.push(`${number} stands here twice`);
      told.add(number);
      return found.map((message): Problem => ({ file: page, line: row, message }));
    });
    const missing = [...requirements.keys()].filter((number) => !told.has(number));
    return {
      examined: rows.length,
      problems: [...problems, ...missing.map((number) => ({ file: page, message: `${number} is missing` }))],
    };
  },
};

function faults(root: string, cells: readonly string[]): string[] {
  const [number = '', level = '', asks = '', state = '', shown = ''] = cells;
  const expected = requirements.get(number);
  if (expected === undefined) return [`${number} is no requirement of level 1 or 2`];
  const found: string[] = [];
  if (level !== expected) found.push(`${number} is of level ${expected}`);
  if (cells.length !== 5 || asks === '' || state === '' || shown === '') found.push(`${number} has a blank`);
  const kind = states.exec(state)?.[1];
  if (kind === undefined) found.push(`${number}: a state begins with met, in part, falls short, to do, does not apply`);
  if (kind !== undefined && kind !== 'met' && !/: ./.test(state)) found.push(`${number}: ${kind} is followed by a why`);
  const files = [...shown.matchAll(/`([^`]+)`/g)].flatMap(([, file = '']) => file);
  if (kind !== 'does not apply' && files.length === 0) found.push(`${number} names no file that shows it`);
  for (const file of files)
    if (!existsSync(join(root, file))) found.push(`${number} names ${file}, which is not there`);
  return found;
}
