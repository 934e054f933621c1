import type { NetboxObjects } from './objects.ts';

/** One end of a cable: `dcim.powerport:12`. */
export type End = `${string}:${string}`;

/** Patch panels crossed before a path is given up: no building has more. */
const hopsMax = 32;

/** Where cables lead, through patch panels, from any port. */
export class Cables {
  readonly #ends = new Map<string, { near: End[]; far: End[] }>();
  readonly #cableOf = new Map<End, { cable: string; side: 'A' | 'B' }>();
  /** Front ports by the rear port behind them, and the other way. */
  readonly #behind = new Map<End, End[]>();

  constructor(objects: NetboxObjects) {
    for (const { fields } of objects.all('dcim.cabletermination')) {
      const [app, model] = fields.get('termination_type').list();
      const end: End = `${app?.text()}.${model?.text()}:${fields.get('termination_id').text()}`;
      const cable = fields.get('cable').text();
      const side = fields.get('cable_end').text() === 'A' ? 'A' : 'B';
      const ends = this.#ends.get(cable) ?? { near: [], far: [] };
      ends[side === 'A' ? 'near' : 'far'].push(end);
      this.#ends.set(cable, ends);
      this.#cableOf.set(end, { cable, side });
    }
    for (const { id, fields } of objects.all('dcim.frontport')) {
      const front: End = `dcim.frontport:${id}`;
      const rear: End = `dcim.rearport:${fields.get('rear_port').text()}`;
      // A rear port with several positions goes on at the same position; which one a far panel uses is its own affair.
      this.#behind.set(front, [rear]);
      this.#behind.set(rear, [...(this.#behind.get(rear) ?? []), front]);
    }
  }

  /** The ports at the far end of the cable of a port; none: it is not cabled, or the path ends in a panel. */
  from(port: End): End[] {
    const reached: End[] = [];
    let ways: End[] = [port];
    const seen = new Set<End>(ways);
    for (let hop = 0; hop < hopsMax && ways.length > 0; hop += 1) {
      const next: End[] = [];
      for (const way of ways) {
        for (const end of this.#across(way)) {
          if (seen.has(end)) continue;
          seen.add(end);
          const behind = this.#behind.get(end);
          if (behind === undefined) reached.push(end);
          // A trunk of several fibres would lead everywhere at once: only a panel of one position is crossed for sure.
          else if (behind.length === 1) next.push(...behind);
        }
      }
      ways = next;
    }
    return reached;
  }

  #across(port: End): End[] {
    const cabled = this.#cableOf.get(port);
    if (cabled === undefined) return [];
    const ends = this.#ends.get(cabled.cable);
    return cabled.side === 'A' ? (ends?.far ?? []) : (ends?.near ?? []);
  }
}
