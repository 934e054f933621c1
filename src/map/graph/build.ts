import { accept, type Result, refuse } from '../../journal/result.ts';
import type { CompiledMap } from '../compile.ts';
import type { HospitalMap, Need } from '../model.ts';
import { careNode, componentNode, type Graph, groupNode, usersOf } from './graph.ts';
import { NumberList } from './numberList.ts';
import { settlingOrder } from './settlingOrder.ts';

const undescribed = 3;
/** Things named in one refusal: beyond, the region is another one. */
const namedMax = 8;

/** Builds a graph document by document: none needs to stay in memory once it was added. Names are `owner:id`. */
export class GraphBuilder {
  /** By owner, then by the owner's own id: short strings in small tables, however many owners there are. */
  readonly #nodes = new Map<string, Map<string, number>>();
  readonly #owners: string[] = [];
  readonly #ids: string[] = [];
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
    const owned = this.#ownedBy(own);
    const node = (reference: string) =>
      reference.includes(':') ? this.#named(reference) : (owned.get(reference) ?? this.#named(reference, own));
    for (const { id, needs } of document.components) {
      if (isOf(id, own)) this.#describe(node(id), componentNode, needs, node);
    }
    for (const { id, needs } of document.careFunctions) {
      if (isOf(id, own)) this.#describe(node(id), careNode, needs, node);
    }
    for (const { members } of document.startTogether) this.#together.push(members.map(node));
  }

  /** A compiled map, by its own short ids, others' things as it describes them. */
  addMap({ document }: CompiledMap): void {
    const node = (id: string) => this.#named(id);
    for (const { id, needs } of document.components) this.#describe(node(id), componentNode, needs, node);
    for (const { id, needs } of document.careFunctions) this.#describe(node(id), careNode, needs, node);
    for (const { members } of document.startTogether) this.#together.push(members.map(node));
  }

  /** Refuses what is named and described by nobody, what two describe, and rings that no group declares. */
  done(): Result<Graph> {
    const [twice] = this.#twice;
    if (twice !== undefined) return refuse('duplicate-id', `Two descriptions have the id ${twice}.`, { where: twice });
    const size = this.#ids.length;
    const missing: string[] = [];
    for (let node = 0; node < size && missing.length <= namedMax; node += 1)
      if (this.#kinds.at(node) === undescribed) missing.push(this.#nameOf(node));
    if (missing.length > 0) {
      const more = missing.length > namedMax ? '…' : '';
      const message = `Needed, and described by nobody: ${missing.slice(0, namedMax).join(', ')}${more}.`;
      return refuse('unknown-reference', message, { where: missing[0] ?? '', cure: 'Add the map of their owner.' });
    }
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

  #ownedBy(owner: string): Map<string, number> {
    const known = this.#nodes.get(owner);
    if (known !== undefined) return known;
    const fresh = new Map<string, number>();
    this.#nodes.set(owner, fresh);
    return fresh;
  }

  #named(reference: string, owner = ''): number {
    const colon = reference.indexOf(':');
    const of = colon < 0 ? owner : reference.slice(0, colon);
    const id = reference.slice(colon + 1);
    const owned = this.#ownedBy(of);
    const known = owned.get(id);
    if (known !== undefined) return known;
    const node = this.#node(of, id, undescribed);
    owned.set(id, node);
    return node;
  }

  #node(owner: string, id: string, kind: number): number {
    this.#owners.push(owner);
    this.#ids.push(id);
    this.#kinds.push(kind);
    this.#atLeast.push(0);
    this.#start.push(0);
    this.#count.push(0);
    return this.#ids.length - 1;
  }

  #nameOf(node: number): string {
    return whole(this.#owners[node], this.#ids[node]);
  }

  #describe(node: number, kind: number, need: Need | undefined, nodeOf: (reference: string) => number): void {
    if (this.#kinds.at(node) !== undescribed) this.#twice.push(this.#nameOf(node));
    this.#kinds.put(node, kind);
    if (need !== undefined) this.#link(node, need, nodeOf);
  }

  #link(node: number, need: Need, nodeOf: (reference: string) => number): void {
    const parts = 'need' in need ? [need] : 'all' in need ? need.all : 'any' in need ? need.any : need.of;
    const targets = parts.map((part) => {
      if ('need' in part) return nodeOf(part.need);
      const group = this.#node('', '', groupNode);
      this.#link(group, part, nodeOf);
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
    const atLeast = new Int32Array(size);
    const kind = new Uint8Array(size);
    const to = new Int32Array(this.#to.length);
    const graceSeconds = new Int32Array(this.#to.length);
    let edge = 0;
    for (let node = 0; node < size; node += 1) {
      const before = old[node] ?? 0;
      atLeast[node] = this.#atLeast.at(before);
      kind[node] = this.#kinds.at(before);
      const from = this.#start.at(before);
      const end = from + this.#count.at(before);
      for (let one = from; one < end; one += 1) {
        to[edge] = place[this.#to.at(one)] ?? 0;
        graceSeconds[edge] = this.#grace.at(one);
        edge += 1;
      }
      first[node + 1] = edge;
    }
    const names = namesOf({ nodes: this.#nodes, owners: this.#owners, ids: this.#ids, place, old });
    return { size, kind, ...names, atLeast, first, to, graceSeconds, ...usersOf(size, first, to), ring };
  }

  /** A member of a ring that is not declared whole in one group. */
  #undeclared({ size, ring, nameOf, to, first, kind }: Graph, place: Int32Array): string | undefined {
    const groups = this.#together.map((members) => new Set(members.map((node) => place[node] ?? 0)));
    for (let start = 0, end = 0; start < size; start = end) {
      end = start + 1;
      while (end < size && ring[end] === start) end += 1;
      let needsItself = end - start > 1;
      for (let edge = first[start] ?? 0; edge < (first[start + 1] ?? 0); edge += 1)
        if (to[edge] === start) needsItself = true;
      if (!needsItself) continue;
      const members = Array.from({ length: end - start }, (_, i) => start + i);
      const things = members.filter((node) => kind[node] !== groupNode);
      const isDeclared = things.length > 1 && groups.some((group) => things.every((node) => group.has(node)));
      if (!isDeclared) return nameOf(things[0] ?? start);
    }
    return undefined;
  }
}

const whole = (owner = '', id = ''): string => (owner === '' ? id : `${owner}:${id}`);

/** Outside the builder, so that a graph keeps the names and not the builder. */
function namesOf(known: {
  nodes: ReadonlyMap<string, ReadonlyMap<string, number>>;
  owners: readonly string[];
  ids: readonly string[];
  place: Int32Array;
  old: Int32Array;
}): Pick<Graph, 'nameOf' | 'nodeOf'> {
  const { nodes, owners, ids, place, old } = known;
  return {
    nameOf: (node) => whole(owners[old[node] ?? -1], ids[old[node] ?? -1]),
    nodeOf(name) {
      const colon = name.indexOf(':');
      const before = nodes.get(colon < 0 ? '' : name.slice(0, colon))?.get(name.slice(colon + 1));
      return before === undefined ? undefined : place[before];
    },
  };
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
