import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { MapChange, Section } from '../../map/change/change.ts';
import { shortReference } from '../../map/document/reference.ts';
import type { HospitalMap } from '../../map/model.ts';
import { plainErrors } from './duplicateKeys.ts';
import type { MapFile } from './mapFolder.ts';
import { style, thingNode } from './mapYaml.ts';
import type { WrittenFile } from './writeMap.ts';

interface Held {
  file: string;
  document: Document;
  isChanged: boolean;
}

/**
 * The files of a map with some changes made in them, and only the files that change: a thing is rewritten where it stands, the
 * others keep their comments and their order. A new thing goes after the last of its section.
 */
export function editedFiles(files: readonly MapFile[], own: string, changes: readonly MapChange[]): WrittenFile[] {
  const held = files.map(({ file, bytes }): Held => {
    const document = parseDocument(new TextDecoder().decode(bytes), { ...plainErrors, version: '1.2' });
    return { file, document, isChanged: false };
  });
  const places = new Places(held, own);
  for (const change of changes) {
    if (change.section === 'establishment') places.rename(change.to);
    else places.edit(change.section, change.id, change.to);
  }
  return held
    .filter(({ isChanged }) => isChanged)
    .map(({ file, document }) => ({ file, text: document.toString(style) }));
}

interface Place {
  held: Held;
  list: YAMLSeq;
  item: YAMLMap;
}

/** Where each thing of a map stands in its files. */
class Places {
  readonly #held: readonly Held[];
  readonly #own: string;
  readonly #places = new Map<string, Place>();
  readonly #lists = new Map<Section, { held: Held; list: YAMLSeq }>();

  constructor(held: readonly Held[], own: string) {
    this.#held = held;
    this.#own = own;
    for (const one of held) {
      const { contents } = one.document;
      if (!isMap(contents)) continue;
      for (const { key, value } of contents.items) {
        if (!isScalar(key) || !isSeq(value)) continue;
        // Only names of sections are looked up; any other is harmless here.
        const section = String(key.value) as Section;
        this.#lists.set(section, { held: one, list: value });
        for (const item of value.items)
          if (isMap(item))
            this.#places.set(this.#key(section, String(item.get('id'))), { held: one, list: value, item });
      }
    }
  }

  /** Says anew whose map it is, where that is said. */
  rename({ kind, ...named }: HospitalMap['establishment']): void {
    const field = kind ?? 'establishment';
    for (const held of this.#held) {
      const { contents } = held.document;
      if (!isMap(contents) || !contents.has(field)) continue;
      contents.set(field, thingNode(held.document, named));
      held.isChanged = true;
      return;
    }
  }

  #key(section: Section, id: string): string {
    return `${section} ${shortReference(id, this.#own)}`;
  }

  edit(section: Section, id: string, to: object | null): void {
    const place = this.#places.get(this.#key(section, id));
    if (place === undefined) {
      if (to !== null) this.#append(section, to);
      return;
    }
    const at = place.list.items.indexOf(place.item);
    place.held.isChanged = true;
    if (to === null) {
      place.list.items.splice(at, 1);
      this.#places.delete(this.#key(section, id));
      return;
    }
    const node = thingNode(place.held.document, to);
    node.commentBefore = place.item.commentBefore ?? null;
    node.comment = place.item.comment ?? null;
    node.spaceBefore = place.item.spaceBefore ?? false;
    // What was one line stays one.
    node.flow = place.item.flow ?? false;
    place.list.items[at] = node;
    place.item = node;
  }

  #append(section: Section, thing: object): void {
    let found = this.#lists.get(section);
    if (found === undefined) {
      const held = this.#held.at(-1);
      if (held === undefined || !isMap(held.document.contents)) return;
      const list = held.document.createNode([]);
      held.document.contents.set(section, list);
      found = { held, list };
      this.#lists.set(section, found);
    }
    found.held.isChanged = true;
    found.list.flow = false;
    found.list.items.push(thingNode(found.held.document, thing));
  }
}
