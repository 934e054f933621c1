import { Refused } from '../../journal/result.ts';
import { always, type GateGraph, never } from '../../map/weakPoints/gates/graph.ts';
import { type Element, unreadable } from './elements.ts';

/** Literals that take part in one gate; `of` gives the literal of a name. Throws `Refused`. */
export function literalOf(
  graph: GateGraph,
  element: Element,
  of: (reference: Element) => number,
  file: string,
): number {
  const wrong = (message: string) => new Refused(unreadable(message, file, element).refusal);
  const inner = (): number[] => element.children.map((child) => literalOf(graph, child, of, file));
  const exactly = (many: number): number[] => {
    if (element.children.length !== many) throw wrong(`${element.name} takes ${many} arguments.`);
    return inner();
  };
  const several = (): number[] => {
    if (element.children.length === 0) throw wrong(`${element.name} takes arguments.`);
    return inner();
  };
  const whole = (attribute: string): number => {
    const text = element.attributes[attribute] ?? '';
    if (!/^\d{1,6}$/.test(text)) throw wrong(`${element.name} needs a whole number as ${attribute}.`);
    return Number(text);
  };
  const pair = (): readonly [number, number] => {
    const [one = never, other = never] = exactly(2);
    return [one, other];
  };
  switch (element.name) {
    case 'gate':
    case 'event':
    case 'basic-event':
    case 'house-event':
      return of(element);
    case 'constant':
      if (!['true', 'false'].includes(element.attributes.value ?? '')) throw wrong('A constant is true or false.');
      return element.attributes.value === 'true' ? always : never;
    case 'not':
      return (exactly(1)[0] ?? never) ^ 1;
    case 'and':
      return graph.and(several());
    case 'or':
      return graph.or(several());
    case 'nand':
      return graph.and(several()) ^ 1;
    case 'nor':
      return graph.or(several()) ^ 1;
    case 'xor':
      return graph.xor(...pair());
    case 'iff':
      return graph.xor(...pair()) ^ 1;
    case 'imply': {
      const [one, other] = pair();
      return graph.or([one ^ 1, other]);
    }
    case 'atleast':
      return graph.atLeast(whole('min'), several());
    case 'cardinality':
      return graph.and([graph.atLeast(whole('min'), several()), graph.atLeast(whole('max') + 1, several()) ^ 1]);
    default:
      throw wrong(`${element.name} is not a formula known here.`);
  }
}
