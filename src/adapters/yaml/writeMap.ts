import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Section } from '../../map/change/change.ts';
import { withShortReferences } from '../../map/document/reference.ts';
import type { HospitalMap } from '../../map/model.ts';
import { headYaml, sectionYaml } from './mapYaml.ts';

export interface WrittenFile {
  file: string;
  text: string;
}

const filed: readonly { name: string; sections: readonly Section[] }[] = [
  { name: 'etablissement', sections: ['sites', 'wards', 'suppliers', 'contracts', 'teams'] },
  { name: 'fonctions-de-soins', sections: ['careFunctions'] },
  { name: 'composants', sections: ['components', 'startTogether'] },
];

/** Names that an export gives to its files: what else is in a folder is not its own to replace. */
export const isExportName = (name: string): boolean =>
  filed.some((one) => new RegExp(`^${one.name}(?:-\\d+)?\\.yaml$`).test(name));

/** Things of one section put in one file: some hundred thousand letters, well below what is read of one file. */
const thingsMax = 2000;

/** The map in the files of one folder, each small enough to be read and looked at. */
export function mapYamlFiles(map: HospitalMap): WrittenFile[] {
  const short = withShortReferences(map);
  return filed.flatMap(({ name, sections }, index) => {
    const head = index === 0 ? [headYaml(short)] : [];
    const parts = sections.map((section) => inParts(section, short[section]));
    // A section stands once in a file: where one is in several parts, each part is a file.
    const texts = parts.every((one) => one.length <= 1)
      ? [[...head, ...parts.flat()].join('\n')].filter((text) => text !== '')
      : [...head, ...parts.flat()];
    const digits = String(texts.length).length;
    return texts.map((text, at) => {
      const number = texts.length === 1 ? '' : `-${String(at + 1).padStart(digits, '0')}`;
      return { file: `${name}${number}.yaml`, text };
    });
  });
}

function inParts(section: Section, things: readonly object[]): string[] {
  const parts: string[] = [];
  for (let from = 0; from < things.length; from += thingsMax) {
    parts.push(sectionYaml(section, things.slice(from, from + thingsMax)));
  }
  return parts;
}

/**
 * Writes the files whose content changes, each whole or not at all, and takes away those named in `gone`; says which it wrote.
 * A file is durable before the next one is begun.
 */
export async function writeFiles(files: readonly WrittenFile[], gone: readonly string[] = []): Promise<string[]> {
  const written: string[] = [];
  for (const { file, text } of files) {
    const before = await readFile(file, 'utf8').catch(() => undefined);
    if (before === text) continue;
    await mkdir(dirname(file), { recursive: true });
    const partial = `${file}.partial`;
    try {
      await using handle = await open(partial, 'w');
      await handle.writeFile(text);
      await handle.sync();
      await rename(partial, file);
    } finally {
      await rm(partial, { force: true });
    }
    written.push(file);
  }
  for (const file of gone) await rm(file, { force: true });
  for (const folder of new Set([...written, ...gone].map(dirname))) {
    await using handle = await open(folder, 'r');
    await handle.sync();
  }
  return written;
}

/** The YAML files of a folder, none where it is not there. */
export async function yamlNamesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.')).map((name) => join(folder, name));
}
