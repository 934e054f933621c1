import { accept, type Result, refuse } from '../../journal/result.ts';
import type { CompiledMap } from '../compile.ts';
import { qualifiedReference } from '../document/reference.ts';
import type { HospitalMap, Need } from '../model.ts';
import { careNode, componentNode, type Graph, groupNode, usersOf } from './graph.ts';
import { NumberList } from './numberList.ts';
import { settlingOrder } from './settlingOrder.ts';

const undescribed = 3;
/** Things named in one refusal: beyond, the region is another one. */
const namedMax = 8;

/** Builds a graph document by document: none needs to stay in memory once it was added. Names are `owner:id`. */
export class GraphBuilder {
  readonly #nodes = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #kinds = new NumberList();
  readonly #atLeast = new NumberList();
  readonly #start = new NumberList();
  readonly #count = new NumberList();
  readonly #to = new NumberList();
  readonly #grace = new NumberList();
  readonly #together: number[][] = [];
  readonly #twice: string[] = [];

  /** One owner's own things; what it says of others' is theirs to say. */
  add(document: HospitalMap): void {
    const own = document.establishment.id;
    const whole = (reference: string) => qualifiedReference(reference, own);
    for (const { id, needs } of document.components) {
      if (isOf(id, own)) this.#describe(whole(id), componentNode, needs, whole);
    }
    for (const { id, needs } of document.careFunctions) this.#describe(whole(id), careNode, needs, whole);
    this.#declare(document, whole);
  }

  /** A compiled map, by its own short ids, others' things as it describes them. */
  addMap({ document }: CompiledMap): void {
    const asWritten = (reference: string) => reference;
    for (const { id, needs } of document.components) this.#describe(id, componentNode, needs, asWritten);
    for (const { id, needs } of document.careFunctions) this.#describe(id, careNode, needs, asWritten);
    this.#declare(document, asWritten);
  }

  /** Refuses what is named and described by nobody, what two describe, and rings that no group declares. */
  done(): Result<Graph> {
    const [twice] = this.#twice;
    if (twice !== undefined) return refuse('duplicate-id', `Two descriptions have the id ${twice}.`, { where: twice });
    const missing = this.#names.filter((name, node) => this.#kinds.at(node) === undescribed && name !== '');
    if (missing.length > 0) {
      const message = `Needed, and described by nobody: ${missing.slice(0, namedMax).join(', ')}${missing.length > namedMax ? '…' : ''}.`;
      return refuse('unknown-reference', message, { where: missing[0] ?? '', cure: 'Add the map of their owner.' });
    }
    const size = this.#names.length;
    const [start, count] = [this.#start.whole(), this.#count.whole()];
    const { place, ring } = settlingOrder({ size, start, count, to: this.#to.whole() });
    const graph = this.#numbered(place, ring);
    const alone = this.#undeclared(graph, place);
    if (alone === undefined) return accept(graph);
    return refuse('needs-itself', `${alone} needs itself through others, and no group of \`startTogether\` says so.`, {
      where: alone,
      cure: 'Take out the link that is not real, or declare those that are started together.',
    });
  }

  #declare({ startTogether }: HospitalMap, name: (reference: string) => string): void {
    for (const { members } of startTogether) this.#together.push(members.map((member) => this.#named(name(member))));
  }

  #named(name: string): number {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const node = this.#node(name, undescribed);
    this.#nodes.set(name, node);
    return node;
  }

  #node(name: string, kind: number): number {
    this.#names.push(name);
    this.#kinds.push(kind);
    this.#atLeast.push(0);
    this.#start.push(0);
    this.#count.push(0);
    return this.#names.length - 1;
  }

  #describe(name: string, kind: number, need: Need | undefined, named: (reference: string) => string): void {
    const node = this.#named(name);
    if (this.#kinds.at(node) !== undescribed) this.#twice.push(name);
    this.#kinds.put(node, kind);
    if (need !== undefined) this.#link(node, need, named);
  }

  #link(node: number, need: Need, named: (reference: string) => string): void {
    const parts = 'need' in need ? [need] : 'all' in need ? need.all : 'any' in need ? need.any : need.of;
    const targets = parts.map((part) => {
      if ('need' in part) return this.#named(named(part.need));
      const group = this.#node('', groupNode);
      this.#link(group, part, named);
      return group;
    });
    this.#atLeast.put(node, 'any' in need ? 1 : 'of' in need ? need.atLeast : parts.length);
    this.#start.put(node, this.#to.length);
    this.#count.put(node, parts.length);
    for (const [i, part] of parts.entries()) {
      this.#to.push(targets[i] ?? 0);
      this.#grace.push('need' in part ? (part.graceSeconds ?? 0) : 0);
    }
  }

  /** Every node at its new place. */
  #numbered(place: Int32Array, ring: Int32Array): Graph {
    const size = place.length;
    const old = new Int32Array(size);
    for (let node = 0; node < size; node += 1) old[place[node] ?? 0] = node;
    const first = new Int32Array(size + 1);
    const to = new Int32Array(this.#to.length);
    const graceSeconds = new Int32Array(this.#to.length);
    let edge = 0;
    for (let node = 0; node < size; node += 1) {
      const from = this.#start.at(old[node] ?? 0);
      const end = from + this.#count.at(old[node] ?? 0);
      for (let one = from; one < end; one += 1) {
        to[edge] = place[this.#to.at(one)] ?? 0;
        graceSeconds[edge] = this.#grace.at(one);
        edge += 1;
      }
      first[node + 1] = edge;
    }
    const nodes = this.#nodes;
    for (const [name, node] of nodes) nodes.set(name, place[node] ?? 0);
    return {
      size,
      kind: Uint8Array.from(old, (node) => this.#kinds.at(node)),
      names: Array.from(old, (node) => this.#names[node] ?? ''),
      nodeOf: (name) => nodes.get(name),
      atLeast: old.map((node) => this.#atLeast.at(node)),
      first,
      to,
      graceSeconds,
      ...usersOf(size, first, to),
      ring,
    };
  }

  /** A member of a ring that is not declared whole in one group. */
  #undeclared({ size, ring, names, to, first, kind }: Graph, place: Int32Array): string | undefined {
    const groups = this.#together.map((members) => new Set(members.map((node) => place[node] ?? 0)));
    for (let start = 0; start < size; ) {
      let end = start + 1;
      while (end < size && ring[end] === start) end += 1;
      const members = Array.from({ length: end - start }, (_, i) => start + i).filter(
        (node) => kind[node] !== groupNode,
      );
      const isRing = end - start > 1 || to.subarray(first[start], first[start + 1]).includes(start);
      const isDeclared = members.length > 1 && groups.some((group) => members.every((node) => group.has(node)));
      if (isRing && !isDeclared) return names[members[0] ?? start];
      start = end;
    }
    return undefined;
  }
}

const isOf = (id: string, owner: string): boolean => !id.includes(':') || id.startsWith(`${owner}:`);

const built = new WeakMap<CompiledMap, Graph>();

/** The graph of a compiled map, by its own short ids; once per map. */
export function graphOf(map: CompiledMap): Graph {
  const known = built.get(map);
  if (known !== undefined) return known;
  const builder = new GraphBuilder();
  builder.addMap(map);
  const graph = builder.done();
  if (!graph.ok) throw new Error(`map: ${graph.refusal.message}`);
  built.set(map, graph.value);
  return graph.value;
}
