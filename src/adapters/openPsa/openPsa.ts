import { accept, Refused, type Result, refuse } from '../../journal/result.ts';
import type { FaultTrees } from '../../map/weakPoints/faultTrees.ts';
import { always, GateGraph, never } from '../../map/weakPoints/gates/graph.ts';
import { type Definitions, definitionsOf, nameOf } from './definitions.ts';
import { at, type Element, elementsOf, nothing, unreadable } from './elements.ts';
import { literalOf } from './formula.ts';
import { openPsaLimits } from './limits.ts';
import { probabilityOf } from './probability.ts';

export interface OpenPsaModel extends FaultTrees {
  /** Kinds of definitions of the file that say nothing of its fault trees and were left aside (event trees and the like). */
  leftAside: string[];
}

/**
 * The fault trees of a file in the Open-PSA model exchange format 2.0: each gate no other gate uses is a top. Events that
 * nothing defines are basic events without a rate. Refuses, naming the place, what would make the result another one.
 */
export function readOpenPsa(bytes: Uint8Array, file: string): Result<OpenPsaModel> {
  try {
    const definitions = definitionsOf(elementsOf(textOf(bytes, file), file), file);
    return accept(new Reading(definitions, file).model());
  } catch (error) {
    if (error instanceof Refused) return { ok: false, refusal: error.refusal };
    throw error;
  }
}

function textOf(bytes: Uint8Array, file: string): string {
  if (bytes.byteLength > openPsaLimits.bytesMax) {
    const expected = `at most ${openPsaLimits.bytesMax / 1_000_000} MB`;
    throw new Refused(
      refuse('openpsa-too-large', 'This file is larger than is read.', { where: file, expected, kept: nothing })
        .refusal,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refused(unreadable('It is not text in UTF-8.', file, { line: 1, column: 1 }).refusal);
  }
}

/** Gates in the order they need one another, without recursion: chains of gates are as long as a file likes. */
class Reading {
  readonly #graph = new GateGraph();
  readonly #events: { id: string; probability: number | null }[] = [];
  readonly #literals = new Map<string, number>();
  readonly #used = new Set<string>();
  readonly #definitions: Definitions;
  readonly #file: string;

  constructor(definitions: Definitions, file: string) {
    this.#definitions = definitions;
    this.#file = file;
  }

  model(): OpenPsaModel {
    const { gates, leftAside } = this.#definitions;
    for (const name of gates.keys()) this.#settle(name);
    const tops = [...gates.keys()].filter((name) => !this.#used.has(name));
    if (tops.length === 0) {
      throw new Refused(unreadable('It defines no gate.', this.#file, { line: 1, column: 1 }).refusal);
    }
    return {
      graph: this.#graph,
      events: this.#events,
      tops: tops.map((id) => ({ id, root: this.#literals.get(id) ?? never })),
      leftAside: [...leftAside],
    };
  }

  #settle(top: string): void {
    const { gates } = this.#definitions;
    const open = new Set<string>();
    const stack = [top];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      const gate = gates.get(name);
      if (gate === undefined || this.#literals.has(name)) {
        stack.pop();
        continue;
      }
      const needed = this.#references(gate).filter((one) => gates.has(one) && !this.#literals.has(one));
      if (needed.length === 0) {
        this.#literals.set(name, this.#gate(gate));
        open.delete(name);
        stack.pop();
        continue;
      }
      open.add(name);
      const back = needed.find((one) => open.has(one));
      if (back !== undefined) throw new Refused(this.#cycle(gate, [...open].slice([...open].indexOf(back)), back));
      stack.push(...needed);
    }
  }

  #cycle(gate: Element, names: readonly string[], back: string) {
    return refuse('openpsa-cycle', `${[...names.slice(0, 20), back].join(' → ')}: a gate uses itself.`, {
      where: at(this.#file, gate),
      expected: 'gates that do not use themselves',
      kept: nothing,
    }).refusal;
  }

  #references(gate: Element): string[] {
    const found: string[] = [];
    const stack = [gate];
    for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
      if (element.name === 'gate' || element.name === 'event') found.push(nameOf(element, this.#file));
      else stack.push(...element.children);
    }
    for (const name of found) this.#used.add(name);
    return found;
  }

  #gate(gate: Element): number {
    const formulas = gate.children.filter(({ name }) => name !== 'label' && name !== 'attributes');
    const [formula] = formulas;
    if (formula === undefined || formulas.length > 1) {
      throw new Refused(
        unreadable(`A gate has one formula; this one has ${formulas.length}.`, this.#file, gate).refusal,
      );
    }
    return literalOf(this.#graph, formula, (reference) => this.#reference(reference), this.#file);
  }

  #reference(element: Element): number {
    const name = nameOf(element, this.#file);
    const { basicEvents, houseEvents } = this.#definitions;
    const known = this.#literals.get(name);
    if (known !== undefined) return known;
    const house = houseEvents.get(name);
    if (element.name === 'gate' || (element.name === 'house-event' && house === undefined)) {
      throw new Refused(unreadable(`${element.name} ${name} is not defined.`, this.#file, element).refusal);
    }
    const literal = house === undefined ? this.#event(name, basicEvents.get(name)) : houseState(house);
    this.#literals.set(name, literal);
    return literal;
  }

  #event(name: string, definition: Element | undefined): number {
    this.#events.push({ id: name, probability: probabilityOf(definition, this.#definitions) });
    return this.#graph.event(this.#events.length - 1);
  }
}

/** A house event without a state is false. */
const houseState = (definition: Element): number =>
  definition.children.some(({ name, attributes }) => name === 'constant' && attributes.value === 'true')
    ? always
    : never;
