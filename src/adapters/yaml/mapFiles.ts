import { isMap, isSeq, type Node } from 'yaml';
import { type MapProblem, mapProblems } from '../../map/document/check.ts';
import { nearest } from '../../map/document/nearest.ts';
import { shortReference, withShortReferences } from '../../map/document/reference.ts';
import {
  CareFunction,
  Component,
  Contract,
  DegradedMode,
  HospitalMap,
  Origin,
  ProposedLink,
  Reliability,
  RestorePolicy,
  Site,
  StartTogether,
  Supplier,
  Team,
  Ward,
} from '../../map/model.ts';
import { type Item, readItem, type Section } from './item.ts';
import { durations } from './plain.ts';
import { describe, type FileProblem, type Position, YamlSource } from './source.ts';

/** Problems listed before the rest is only counted: nobody corrects more at once. */
const problemsMax = 500;

export interface MapReading {
  /** The whole map; absent where a problem is an error. */
  document?: HospitalMap;
  /** What was read and is right in itself. */
  careFunctions: number;
  components: number;
  /** Every problem of every file, by place. */
  problems: FileProblem[];
}

const Establishment = HospitalMap.shape.establishment;
const inside = [
  ...[DegradedMode, RestorePolicy, Reliability, Origin, ProposedLink].flatMap(({ shape }) => Object.keys(shape)),
  ...['by', 'on', 'fr', 'en', 'days', 'from', 'to', 'who', 'phone', 'title', 'text'],
];
const fieldsOf = (shape: object) => {
  const said = new Map(Object.entries(durations).map(([field, held]) => [held, field]));
  return [...Object.keys(shape), ...inside].map((field) => said.get(field) ?? field);
};
const sections = {
  sites: { name: 'sites', schema: Site, fields: fieldsOf(Site.shape) },
  wards: { name: 'wards', schema: Ward, fields: fieldsOf(Ward.shape) },
  suppliers: { name: 'suppliers', schema: Supplier, fields: fieldsOf(Supplier.shape) },
  contracts: { name: 'contracts', schema: Contract, fields: fieldsOf(Contract.shape) },
  teams: { name: 'teams', schema: Team, fields: fieldsOf(Team.shape) },
  careFunctions: { name: 'careFunctions', schema: CareFunction, fields: fieldsOf(CareFunction.shape) },
  components: { name: 'components', schema: Component, fields: fieldsOf(Component.shape) },
  startTogether: { name: 'startTogether', schema: StartTogether, fields: fieldsOf(StartTogether.shape) },
} as const;
type SectionName = keyof typeof sections;
const sectionNames = Object.keys(sections) as SectionName[];
const topFields = ['version', 'establishment', 'supplier', ...sectionNames];

/** What the files hold so far, item by item. */
class Gathered {
  readonly items: { [Name in SectionName]: Item<(typeof sections)[Name]['schema']['_output']>[] } = {
    sites: [],
    wards: [],
    suppliers: [],
    contracts: [],
    teams: [],
    careFunctions: [],
    components: [],
    startTogether: [],
  };
  establishment: Item<HospitalMap['establishment']> | undefined;
  /** Ids of things that are there but broken: what names them is not wrong for that. */
  readonly brokenIds = new Set<string>();
  establishmentIsSaid = false;
}

/** What else is wrong with a map: names that other files of the configuration do not have. */
export type MapCheck = (map: HospitalMap) => readonly (Pick<MapProblem, 'path' | 'message'> & { code: string })[];

/**
 * Reads the files of one map, each in the order given; clinical order is the order written. `isPart`: other owners' maps stand
 * beside it, so what it names of theirs is judged once all are joined.
 */
export function readMapFiles(
  files: readonly { file: string; bytes: Uint8Array }[],
  also: MapCheck = () => [],
  isPart = false,
): MapReading {
  const gathered = new Gathered();
  const sources = files.map(({ file, bytes }) => {
    const source = new YamlSource(file, bytes);
    readFile(source, gathered);
    return source;
  });
  const isBroken = sources.some((source) => source.isBroken);
  const problems = sources.flatMap((source) => source.problems);
  const { items } = gathered;
  if (!gathered.establishmentIsSaid && !isBroken) {
    const message =
      '`establishment` is missing: give its id, name and time zone (`supplier` for the map of a supplier)';
    problems.push({
      file: files[0]?.file ?? '',
      line: 1,
      column: 1,
      code: 'missing-field',
      severity: 'error',
      message,
    });
  }
  const establishment = gathered.establishment?.value ?? { id: 'unnamed', name: { fr: '?' }, timeZone: 'UTC' };
  const values = <Name extends SectionName>(name: Name) => items[name].map(({ value }) => value);
  const draft = {
    version: 1 as const,
    establishment,
    sites: values('sites'),
    wards: values('wards'),
    suppliers: values('suppliers'),
    contracts: values('contracts'),
    teams: values('teams'),
    careFunctions: values('careFunctions'),
    components: values('components'),
    startTogether: values('startTogether'),
  } as HospitalMap;
  const short = (id: string) => shortReference(id, establishment.id);
  const broken = new Set([...gathered.brokenIds].map(short));
  for (const problem of mapProblems(draft)) {
    const { code, severity, message, reference } = problem;
    if (reference !== undefined && (isBroken || broken.has(short(reference)))) continue;
    if (isPart && reference !== undefined && short(reference).includes(':')) continue;
    problems.push({ ...placeOf(problem, gathered, files[0]?.file ?? ''), code, severity, message });
  }
  for (const { path, code, message } of also(draft))
    problems.push({ ...placeOf({ path }, gathered, files[0]?.file ?? ''), code, severity: 'error', message });
  const isUsable = problems.every(({ severity }) => severity === 'warning');
  return {
    ...(isUsable ? { document: withShortReferences(draft) } : {}),
    careFunctions: draft.careFunctions.length,
    components: draft.components.length,
    problems: listed(problems),
  };
}

function readFile(source: YamlSource, gathered: Gathered): void {
  const { root } = source;
  if (root === null) {
    if (!source.isBroken) source.problem(null, 'empty-file', 'the file is empty');
    return;
  }
  source.enter(root, (real) => {
    if (!isMap(real)) {
      source.problem(root, 'bad-value', `a map starts with fields such as \`components:\`; found ${describe(root)}`);
      return;
    }
    for (const { key, at, value } of source.fields(real)) {
      const name = sectionNames.find((one) => one === key);
      if (name !== undefined) readSection(source, name, at, value, gathered);
      else if (key === 'establishment' || key === 'supplier') readEstablishment(source, key, at, value, gathered);
      else if (key === 'version') readVersion(source, at, value);
      else {
        const near = nearest(key, topFields);
        const guess = near === undefined ? `a map has ${topFields.join(', ')}` : `did you mean \`${near}\`?`;
        source.problem(at, 'unknown-field', `unknown field \`${key}\`; ${guess}`);
      }
    }
  });
}

function readSection(source: YamlSource, name: SectionName, at: Node, value: Node | null, gathered: Gathered): void {
  if (value === null) return;
  source.enter(value, (list) => {
    if (!isSeq(list)) {
      source.problem(
        value,
        'bad-value',
        `\`${name}\` should be a list, each line starting with a dash; found ${describe(value)}`,
      );
      return;
    }
    for (const node of list.items as (Node | null)[]) {
      if (node === null) {
        source.problem(at, 'bad-value', `\`${name}\` has an empty line in its list`);
        continue;
      }
      // The section's schema makes the item's type: the pairing is by name, which types cannot follow.
      const { item, id } = readItem(source, node, sections[name] as Section);
      if (item === undefined) {
        if (id !== undefined) gathered.brokenIds.add(id);
      } else (gathered.items[name] as Item<unknown>[]).push(item);
    }
  });
}

/** Whose map it is: an establishment's; a supplier's, who has components and cares for nobody. */
function readEstablishment(
  source: YamlSource,
  key: 'establishment' | 'supplier',
  at: Node,
  value: Node | null,
  gathered: Gathered,
): void {
  if (gathered.establishmentIsSaid) {
    const message = `\`${key}\`: whose map this is, is already said; a map is of one establishment, or of one supplier`;
    source.problem(at, 'duplicate-field', message);
    return;
  }
  gathered.establishmentIsSaid = true;
  const section = { name: key, schema: Establishment, fields: fieldsOf(Establishment.shape) };
  if (value === null) {
    source.problem(at, 'missing-field', `\`${key}\` is empty: give its id, name and time zone`);
    return;
  }
  const { item } = readItem(source, value, section);
  if (item === undefined) return;
  gathered.establishment = key === 'supplier' ? { ...item, value: { ...item.value, kind: 'supplier' } } : item;
}

function readVersion(source: YamlSource, at: Node, value: Node | null): void {
  if (value !== null && 'value' in value && value.value === 1) return;
  source.problem(value ?? at, 'bad-value', `\`version\` should be 1, the only one there is; found ${describe(value)}`);
}

function placeOf(
  { path }: Pick<MapProblem, 'path'>,
  gathered: Gathered,
  firstFile: string,
): Position & { file: string } {
  const [section, index, ...rest] = path;
  const name = sectionNames.find((one) => one === section);
  if (name !== undefined && typeof index === 'number') {
    const item = gathered.items[name][index];
    if (item !== undefined) return { file: item.file, ...item.at(rest) };
  }
  const { establishment } = gathered;
  return establishment === undefined
    ? { file: firstFile, line: 1, column: 1 }
    : { file: establishment.file, ...establishment.at(path.slice(1)) };
}

function listed(problems: FileProblem[]): FileProblem[] {
  const order = new Map<string, number>();
  for (const { file } of problems) if (!order.has(file)) order.set(file, order.size);
  const sorted = problems.toSorted(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line || a.column - b.column,
  );
  const more = sorted.length - problemsMax;
  const last = sorted[problemsMax];
  if (last === undefined) return sorted;
  const message = `${more} more problems, not listed: correct these first`;
  return [...sorted.slice(0, problemsMax), { ...last, code: 'too-many-problems', severity: 'error', message }];
}
