import { SaxesParser } from 'saxes';
import { Refused, type Refusing, refuse } from '../../journal/result.ts';
import { openPsaLimits } from './limits.ts';

/** An element of the file, with the place where its tag ends. */
export interface Element {
  name: string;
  attributes: { readonly [name: string]: string };
  children: Element[];
  line: number;
  column: number;
}

/**
 * The elements of an XML text, without what stands between them. Throws `Refused`, naming the place. A document type is refused as a
 * whole: entities of the file's own are how a small file becomes a huge one, and Open-PSA defines none.
 */
export function elementsOf(text: string, file: string): Element {
  const parser = new SaxesParser();
  const here = () => ({ line: parser.line, column: parser.column });
  const top: Element = { name: '', attributes: {}, children: [], line: 1, column: 0 };
  const open: Element[] = [top];
  let many = 0;
  parser.on('error', (error) => {
    throw new Refused(unreadable(error.message.replace(/^\d+:\d+: /, ''), file, here()).refusal);
  });
  parser.on('doctype', () => {
    throw new Refused(
      unreadable('It has a document type, and none is read: no entity is expanded.', file, here()).refusal,
    );
  });
  parser.on('opentag', ({ name, attributes }) => {
    many += 1;
    if (many > openPsaLimits.elementsMax || open.length > openPsaLimits.depthMax) {
      const limit = `at most ${openPsaLimits.elementsMax} elements, nested at most ${openPsaLimits.depthMax} deep`;
      throw new Refused(
        refuse('openpsa-too-large', 'This file is larger than is read.', {
          where: at(file, here()),
          expected: limit,
          kept: nothing,
        }).refusal,
      );
    }
    const element: Element = { name, attributes, children: [], ...here() };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  const [root] = top.children;
  if (root === undefined) throw new Refused(unreadable('It holds no element.', file, { line: 1, column: 1 }).refusal);
  return root;
}

export const nothing = 'Nothing was computed.';
export const at = (file: string, { line, column }: { line: number; column: number }): string =>
  `${file}:${line}:${column}`;

export function unreadable(message: string, file: string, place: { line: number; column: number }): Refusing {
  return refuse('openpsa-unreadable', message, {
    where: at(file, place),
    expected: 'a fault tree in the Open-PSA model exchange format (XML)',
    kept: nothing,
  });
}
