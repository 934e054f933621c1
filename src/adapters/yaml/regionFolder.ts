import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HospitalMap } from '../../map/model.ts';
import { joinMaps, type OwnersMap } from '../../map/region/join.ts';
import type { MapReading } from './mapFiles.ts';
import { readMapFolder } from './mapFolder.ts';
import type { FileProblem } from './source.ts';

/** Maps read in one folder: more establishments than any region has, and their suppliers. */
const ownersMax = 5_000;
const nameFile = /^region\.ya?ml$/;
const isYaml = (name: string) => /\.ya?ml$/.test(name) && !name.startsWith('.');
const unnamed = { id: 'region', name: { fr: 'Région', en: 'Region' }, timeZone: 'Europe/Paris' };

/**
 * A map as `readMapFolder` reads it, or the maps of several owners as one: a folder with a `region.yaml` (which holds nothing
 * but `establishment: { id, name, timeZone }`, what the whole is called), where every other YAML file and every folder is one
 * owner's map; or a folder without any YAML file nor `map/`, whose folders are each one owner's map.
 */
export async function readMapOrRegion(path: string): Promise<MapReading> {
  const owners = await ownersIn(path);
  return owners === undefined ? readMapFolder(path) : readRegion(owners);
}

interface Owners {
  /** The file that names the whole. */
  name: string | undefined;
  maps: readonly string[];
}

async function ownersIn(path: string): Promise<Owners | undefined> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return undefined;
  const entries = (await readdir(path, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
  const files = entries.filter((entry) => !entry.isDirectory() && isYaml(entry.name)).map(({ name }) => name);
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const name = files.find((file) => nameFile.test(file));
  const within = (names: readonly string[]) => names.toSorted().map((one) => join(path, one));
  if (name !== undefined)
    return { name: join(path, name), maps: within([...files.filter((one) => one !== name), ...folders]) };
  if (files.length > 0 || folders.includes('map') || folders.length === 0) return undefined;
  return { name: undefined, maps: within(folders) };
}

async function readRegion({ name, maps }: Owners): Promise<MapReading> {
  const problems: FileProblem[] = [];
  const parts: OwnersMap[] = [];
  const total = { careFunctions: 0, components: 0 };
  const named = name === undefined ? undefined : await readMapFolder(name);
  problems.push(...(named?.problems ?? []));
  for (const file of maps.slice(0, ownersMax)) {
    const read = await readMapFolder(file, undefined, true);
    problems.push(...read.problems);
    total.careFunctions += read.careFunctions;
    total.components += read.components;
    if (read.document !== undefined) parts.push({ file, map: read.document });
  }
  if (maps.length > ownersMax)
    problems.push(at(maps[ownersMax] ?? '', 'map-too-large', `at most ${ownersMax} maps are read`));
  // What is between the maps can be judged only when each was read.
  if (problems.some(({ severity }) => severity === 'error')) return { ...total, problems };
  const whole: HospitalMap['establishment'] = named?.document?.establishment ?? unnamed;
  const { document, problems: between } = joinMaps(whole, parts);
  problems.push(...between.map(({ file, code, message, severity }) => at(file, code, message, severity)));
  return document === undefined ? { ...total, problems } : { ...total, document, problems };
}

const at = (file: string, code: string, message: string, severity: FileProblem['severity'] = 'error'): FileProblem => ({
  file,
  line: 1,
  column: 1,
  code,
  severity,
  message,
});
