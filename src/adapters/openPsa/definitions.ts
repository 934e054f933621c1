import { Refused, refuse } from '../../journal/result.ts';
import { at, type Element, nothing, unreadable } from './elements.ts';
import { openPsaLimits } from './limits.ts';

/** What a file defines, by name; names are public here, as they are unless a file says otherwise. */
export interface Definitions {
  gates: Map<string, Element>;
  basicEvents: Map<string, Element>;
  houseEvents: Map<string, Element>;
  parameters: Map<string, Element>;
  /** Kinds of definitions that say nothing of the trees themselves, and were left aside. */
  leftAside: Set<string>;
}

/** Beside the trees, not in them. */
const aside = new Set([
  'define-event-tree',
  'define-initiating-event',
  'define-functional-event',
  'define-sequence',
  'define-rule',
  'define-alignment',
  'define-phase',
  'define-branch',
  'define-extern-library',
  'define-extern-function',
  'label',
  'attributes',
]);
/** They would change the result, and are not modelled: no figure is better than a wrong one. */
const decisive: { readonly [name: string]: string } = {
  'define-CCF-group': 'A group of common causes is not modelled.',
  'define-substitution': 'A substitution is not modelled.',
  'xi:include': 'No other file is opened.',
};

/** Throws `Refused`. */
export function definitionsOf(root: Element, file: string): Definitions {
  if (root.name !== 'opsa-mef') throw new Refused(unreadable(`The first element is ${root.name}.`, file, root).refusal);
  const found: Definitions = {
    gates: new Map(),
    basicEvents: new Map(),
    houseEvents: new Map(),
    parameters: new Map(),
    leftAside: new Set(),
  };
  const places: { readonly [name: string]: Map<string, Element> } = {
    'define-gate': found.gates,
    'define-basic-event': found.basicEvents,
    'define-house-event': found.houseEvents,
    'define-parameter': found.parameters,
  };
  const read = (element: Element): void => {
    const place = Object.hasOwn(places, element.name) ? places[element.name] : undefined;
    if (place !== undefined) define(place, element, found, file);
    else if (['opsa-mef', 'define-fault-tree', 'define-component', 'model-data'].includes(element.name)) {
      if (element.attributes.role === 'private') throw new Refused(private_(element, file).refusal);
      element.children.forEach(read);
    } else if (aside.has(element.name)) found.leftAside.add(element.name);
    else {
      const why = Object.hasOwn(decisive, element.name) ? decisive[element.name] : undefined;
      throw new Refused(unreadable(why ?? `${element.name} is not known here.`, file, element).refusal);
    }
  };
  read(root);
  found.leftAside.delete('label');
  found.leftAside.delete('attributes');
  return found;
}

const private_ = (element: Element, file: string) =>
  unreadable('Private names are not told apart: every name must be unique in the file.', file, element);

function define(place: Map<string, Element>, element: Element, all: Definitions, file: string): void {
  if (element.attributes.role === 'private') throw new Refused(private_(element, file).refusal);
  const name = nameOf(element, file);
  const taken = place === all.parameters ? [place] : [all.gates, all.basicEvents, all.houseEvents];
  if (taken.some((names) => names.has(name))) {
    throw new Refused(
      refuse('openpsa-duplicate', `${name} is defined twice.`, { where: at(file, element), kept: nothing }).refusal,
    );
  }
  place.set(name, element);
}

export function nameOf(element: Element, file: string): string {
  const name = element.attributes.name ?? '';
  if (name === '' || name.length > openPsaLimits.nameMax) {
    const message = `${element.name} needs a name of 1 to ${openPsaLimits.nameMax} characters.`;
    throw new Refused(unreadable(message, file, element).refusal);
  }
  // A reference may say its way through components: a.b.c; names being unique, the last word is enough.
  return name.slice(name.lastIndexOf('.') + 1);
}
