import { join } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it } from 'vitest';
import { listFiles, type Node, readSource, walk } from '../../scripts/gates/source.ts';

/** Texts people read live in the catalogues: a screen that holds one of its own has it in one language only. */
const spoken = new Set(['aria-label', 'title', 'placeholder', 'alt', 'label', 'legend', 'hint', 'lead']);
const productName = /\bReflexe\b/g;

function strayTexts(program: object): string[] {
  const stray: string[] = [];
  const note = (text: unknown) => {
    if (typeof text === 'string' && /\p{L}{2}/u.test(text.replaceAll(productName, ''))) stray.push(text.trim());
  };
  walk(program, (node, ancestors) => {
    const parent = ancestors.at(-1);
    if (node.type === 'JSXText' && 'value' in node) note(node.value);
    if (node.type !== 'Literal' && node.type !== 'TemplateElement') return;
    if (!('value' in node) || !isShown(parent, ancestors)) return;
    note(node.type === 'Literal' ? node.value : raw(node.value));
  });
  return stray;
}

const raw = (value: unknown) => (typeof value === 'object' && value !== null && 'raw' in value ? value.raw : undefined);

/** A literal child of an element, or the value of an attribute that is read aloud or shown. */
function isShown(parent: Node | undefined, ancestors: readonly Node[]): boolean {
  const holder = parent?.type === 'TemplateLiteral' ? ancestors.at(-2) : parent;
  const above = ancestors[ancestors.lastIndexOf(holder ?? ({} as Node)) - 1];
  if (holder?.type === 'JSXExpressionContainer') return above?.type === 'JSXElement' || isSpoken(above);
  return isSpoken(holder);
}

function isSpoken(node: Node | undefined): boolean {
  if (node?.type !== 'JSXAttribute' || !('name' in node)) return false;
  const { name } = node;
  return (
    typeof name === 'object' &&
    name !== null &&
    'name' in name &&
    typeof name.name === 'string' &&
    spoken.has(name.name)
  );
}

describe('texts of the interface', () => {
  const root = join(import.meta.dirname, '..', '..');
  const files = listFiles(root, ['src/web/**/*.tsx']);
  it('stand in the catalogue, in both languages', () => {
    expect(files.length).toBeGreaterThan(30);
    const found = files.flatMap((file) => strayTexts(readSource(root, file).program).map((text) => `${file}: ${text}`));
    expect(found).toEqual([]);
  });
  it('are found where one strays', () => {
    const { program } = parseSync(
      'x.tsx',
      'const x = <p title="Fermer">Ouvrir {`le ${n} volet`} <b aria-label={"Dire"}>{"Non"}</b> Reflexe {" "}</p>;',
    );
    expect(strayTexts(program).sort()).toEqual(['Dire', 'Fermer', 'Non', 'Ouvrir', 'le', 'volet'].sort());
  });
});
