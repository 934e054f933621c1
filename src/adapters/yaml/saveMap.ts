import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { differences } from '../../map/change/apply.ts';
import type { MapChange } from '../../map/change/change.ts';
import { withShortReferences } from '../../map/document/reference.ts';
import type { HospitalMap } from '../../map/model.ts';
import { editedFiles } from './editFiles.ts';
import { readMapFiles } from './mapFiles.ts';
import { filesOfMap } from './mapFolder.ts';
import { mapYaml } from './mapYaml.ts';
import { isExportName, mapYamlFiles, type WrittenFile, writeFiles, yamlNamesIn } from './writeMap.ts';

/** A path that means one file: it is one, or is named as one. */
export async function isOneFile(path: string): Promise<boolean> {
  if (existsSync(path)) return !(await stat(path)).isDirectory();
  return /\.ya?ml$/.test(path);
}

/** Writes a whole map to one file, or as an export into a folder that holds nothing else of a map. Says the files it changed. */
export async function exportMap(map: HospitalMap, path: string): Promise<Result<string[]>> {
  if (await isOneFile(path)) return accept(await writeFiles([{ file: path, text: mapYaml(map) }]));
  const there = await yamlNamesIn(path);
  const other = there.find((file) => !isExportName(basename(file)));
  if (other !== undefined) {
    return refuse(
      'export-folder-in-use',
      'This folder holds other YAML files, which would be read as part of the map.',
      {
        where: other,
        expected: 'a new folder, or one of a former export',
        kept: 'Nothing was written.',
        cure: 'Name another folder, or one file.',
      },
    );
  }
  const files = mapYamlFiles(map).map(({ file, text }) => ({ file: join(path, file), text }));
  const gone = there.filter((file) => !files.some((one) => one.file === file));
  return accept([...(await writeFiles(files, gone)), ...gone]);
}

/** Makes changes in the files a map is in. Written only where they then read as exactly the map that is meant. */
export async function changeMapFiles(
  path: string,
  after: HospitalMap,
  changes: readonly MapChange[],
): Promise<Result<string[]>> {
  const { files } = await filesOfMap(path);
  const edited = edits(files, after.establishment.id, changes);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const texts = new Map(edited?.map(({ file, text }) => [file, bytes(text)]));
  const { document } = readMapFiles(files.map(({ file, bytes }) => ({ file, bytes: texts.get(file) ?? bytes })));
  if (edited === undefined || document === undefined || !sameThings(document, withShortReferences(after))) {
    return refuse('map-files-not-editable', 'These files are written in a way that cannot be changed in place.', {
      where: path,
      expected: 'things written one by one, without an alias that stands for a whole thing',
      kept: 'Nothing was written.',
      cure: 'Export the map to a new folder (`reflexe map export`), and import into that one.',
    });
  }
  return accept(await writeFiles(edited));
}

function edits(
  files: Parameters<typeof editedFiles>[0],
  own: string,
  changes: readonly MapChange[],
): WrittenFile[] | undefined {
  try {
    return editedFiles(files, own, changes);
  } catch {
    // An alias to a thing that is rewritten leads nowhere.
    return undefined;
  }
}

/** The same things with the same fields; across several files, a new one may stand elsewhere in its list. */
const sameThings = (one: HospitalMap, other: HospitalMap): boolean =>
  differences(one, other).every(
    (change) => change.section !== 'establishment' && change.from !== null && change.to !== null && isMoved(change),
  );
const isMoved = ({ from, to }: MapChange): boolean => JSON.stringify(from) === JSON.stringify(to);
