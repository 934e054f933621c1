import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type MapCheck, type MapReading, readMapFiles } from './mapFiles.ts';
import { type FileProblem, fileBytesMax } from './source.ts';

export interface MapFile {
  file: string;
  bytes: Uint8Array;
}

/** Files read in one folder, and bytes in all: beyond, the path is not a map. */
const filesMax = 1000;
const totalBytesMax = 32 * 1024 * 1024;

/**
 * Reads a hospital's map: one YAML file; or a folder, where `map.yaml` and the files of `map/` are the map if there are any
 * (a configuration folder holds plans and checks beside them), else every YAML file in it. Files are read by name.
 * `isPart`: one of several owners' maps, read to be joined.
 */
export async function readMapFolder(path: string, also?: MapCheck, isPart = false): Promise<MapReading> {
  const { files, problems } = await filesOfMap(path);
  if (files.length === 0) return { careFunctions: 0, components: 0, problems };
  const { document, ...reading } = readMapFiles(files, also, isPart);
  if (problems.length > 0) return { ...reading, problems: [...problems, ...reading.problems] };
  return document === undefined ? reading : { ...reading, document };
}

/** The files a map is in, as they are; what could not be read is said. */
export async function filesOfMap(path: string): Promise<{ files: MapFile[]; problems: FileProblem[] }> {
  const problems: FileProblem[] = [];
  const say = (file: string, code: string, message: string) =>
    problems.push({ file, line: 1, column: 1, code, severity: 'error', message });
  const names = await mapFilesIn(path, say);
  const files: MapFile[] = [];
  let total = 0;
  for (const file of names.slice(0, filesMax)) {
    const bytes = await readBounded(file).catch((error: unknown) => {
      say(file, 'unreadable', `cannot be read: ${reasonOf(error)}`);
      return undefined;
    });
    if (bytes === undefined) continue;
    total += bytes.byteLength;
    if (total > totalBytesMax) {
      say(
        file,
        'map-too-large',
        `the files together exceed ${totalBytesMax} bytes; this one and those after are left out`,
      );
      break;
    }
    files.push({ file, bytes });
  }
  if (names.length > filesMax) say(path, 'map-too-large', `${names.length} files; at most ${filesMax} are read`);
  if (names.length === 0 && problems.length === 0)
    say(path, 'no-map', 'no .yaml file is there; expected map.yaml, or a folder map/');
  return { files, problems };
}

async function mapFilesIn(path: string, say: (file: string, code: string, message: string) => void): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const entries = await readdir(path, { withFileTypes: true });
    const here = entries.filter((entry) => !entry.isDirectory() && isYaml(entry.name)).map(({ name }) => name);
    const own = here.filter((name) => /^map\.ya?ml$/.test(name));
    const inMap = entries.some((entry) => entry.isDirectory() && entry.name === 'map')
      ? (await readdir(join(path, 'map'))).filter(isYaml).map((name) => join('map', name))
      : [];
    const chosen = own.length + inMap.length > 0 ? [...own.sort(), ...inMap.sort()] : here.sort();
    return chosen.map((name) => join(path, name));
  } catch (error) {
    say(path, 'unreadable', `cannot be read: ${reasonOf(error)}`);
    return [];
  }
}

const isYaml = (name: string) => /\.ya?ml$/.test(name) && !name.startsWith('.');

const reasons: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'no right to read it',
  EISDIR: 'it is a folder',
};
const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? (reasons[String(error.code)] ?? error.message) : String(error);

/** One byte more than the largest file read, so that a larger one is seen as such without being read whole. */
async function readBounded(file: string): Promise<Uint8Array> {
  await using handle = await open(file, 'r');
  const { size } = await handle.stat();
  const bytes = new Uint8Array(Math.min(size, fileBytesMax + 1));
  let filled = 0;
  while (filled < bytes.byteLength) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.byteLength - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
