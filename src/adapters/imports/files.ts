import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { filesOfMap } from '../yaml/mapFolder.ts';
import { bytesMax, filesMax } from './limits.ts';
import type { ImportFile } from './readImport.ts';

/** The file named, or every file of the folder named and of its folders, by name; read no further than an import may be. */
export async function importFiles(path: string): Promise<Result<ImportFile[]>> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    const names = isFolder ? await namesIn(path) : [path];
    const files: ImportFile[] = [];
    let total = 0;
    for (const file of names.slice(0, filesMax + 1)) {
      total += (await stat(file)).size;
      if (total > bytesMax) return tooLarge(path, total);
      files.push({ name: isFolder ? relative(path, file) : file, bytes: await readFile(file) });
    }
    return accept(files);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refuse('import-file-unreadable', 'This file cannot be read.', {
      where: path,
      expected: `a file, or a folder of files (${reason})`,
      kept: 'The map is unchanged.',
    });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The files that a map is in, and no other of its folder: plans and checks stand beside it. */
export async function yamlFiles(path: string): Promise<Result<ImportFile[]>> {
  const { files, problems } = await filesOfMap(path);
  const [first] = problems;
  if (first === undefined) return accept(files.map(({ file, bytes }) => ({ name: file, bytes })));
  return refuse('import-file-unreadable', 'This map cannot be read.', {
    where: first.file,
    expected: `a map in YAML, in one file or in a folder (${first.message})`,
    kept: 'The map is unchanged.',
  });
}

export function tooLarge(where: string, bytes: number, max = bytesMax) {
  return refuse('import-too-large', `This import is more than ${bytes} bytes.`, {
    where,
    expected: `at most ${max} bytes in ${filesMax} files`,
    kept: 'The map is unchanged.',
    cure: 'Import it in several parts.',
  });
}
