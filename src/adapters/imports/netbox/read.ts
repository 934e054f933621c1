import type { Problems, Told } from '../../../map/import/imported.ts';
import type { ComponentKind, Need } from '../../../map/model.ts';
import { Inventory } from '../inventory.ts';
import type { Loose } from '../json.ts';
import { kindOf } from '../table/cells.ts';
import { Cables, type End } from './cables.ts';
import { type NetboxObject, NetboxObjects } from './objects.ts';

/** What a NetBox database says of what care depends on: places, power from the panel to the plug, hosts, circuits. */
export function readNetbox(dump: unknown, file: string, problems: Problems): Told[] {
  return new Site(new NetboxObjects(dump), file, problems).read();
}

/** Not there yet, or not there any more. */
const notInService = new Set([
  'planned',
  'staged',
  'inventory',
  'decommissioning',
  'deprovisioning',
  'decommissioned',
  'retired',
]);

class Site {
  readonly #inventory = new Inventory();
  readonly #objects: NetboxObjects;
  readonly #cables: Cables;
  readonly #file: string;
  readonly #problems: Problems;
  #left = 0;

  constructor(objects: NetboxObjects, file: string, problems: Problems) {
    this.#objects = objects;
    this.#cables = new Cables(objects);
    this.#file = file;
    this.#problems = problems;
  }

  read(): Told[] {
    this.#places();
    this.#power();
    this.#devices();
    this.#virtual();
    this.#circuits();
    for (const device of this.#objects.all('dcim.device')) this.#powered(device);
    this.#cabled();
    if (this.#left > 0) {
      const message = `${this.#left} devices, machines or circuits are planned, in stock or being taken away`;
      this.#problems.say({ file: this.#file }, 'not-in-service', message, {
        kept: 'those in service; these are left out',
      });
    }
    return this.#inventory.things();
  }

  #place(model: string) {
    return { file: this.#file, field: model };
  }

  #isLeft({ fields }: NetboxObject): boolean {
    if (!notInService.has(fields.get('status').text())) return false;
    this.#left += 1;
    return true;
  }

  /** `Rack 1` is in every site: it is called with the site it is in. */
  #calledIn(fields: Loose): string {
    return [this.#objects.nameOf('dcim.site', fields.get('site').text()), fields.get('name').text()].join(' – ');
  }

  #siteOf(fields: Loose): { site?: string } {
    const site = `dcim.site:${fields.get('site').text()}`;
    return this.#inventory.has(site) ? { site } : {};
  }

  #places(): void {
    for (const { id, fields } of this.#objects.all('dcim.site')) {
      const [latitude, longitude] = [fields.get('latitude').number(), fields.get('longitude').number()];
      const position = latitude === undefined || longitude === undefined ? {} : { position: [latitude, longitude] };
      this.#inventory.put('sites', `dcim.site:${id}`, fields.get('name').text(), this.#place('dcim.site'), position);
    }
    for (const model of ['dcim.location', 'dcim.rack']) {
      for (const { id, fields } of this.#objects.all(model)) {
        this.#inventory.component(
          'environment',
          `${model}:${id}`,
          this.#calledIn(fields),
          this.#place(model),
          this.#siteOf(fields),
        );
      }
    }
    for (const { id, fields } of this.#objects.all('dcim.location')) {
      this.#inventory.need(`dcim.location:${id}`, `dcim.location:${fields.get('parent').text()}`);
    }
    for (const { id, fields } of this.#objects.all('dcim.rack')) {
      this.#inventory.need(`dcim.rack:${id}`, `dcim.location:${fields.get('location').text()}`);
    }
  }

  #power(): void {
    for (const { id, fields } of this.#objects.all('dcim.powerpanel')) {
      const key = `dcim.powerpanel:${id}`;
      this.#inventory.component(
        'powerFeed',
        key,
        this.#calledIn(fields),
        this.#place('dcim.powerpanel'),
        this.#siteOf(fields),
      );
      this.#inventory.need(key, `dcim.location:${fields.get('location').text()}`);
    }
    for (const feed of this.#objects.all('dcim.powerfeed')) {
      if (this.#isLeft(feed)) continue;
      const panel = feed.fields.get('power_panel').text();
      const site = this.#objects.get('dcim.powerpanel', panel)?.fields;
      const known = site === undefined ? {} : this.#siteOf(site);
      this.#inventory.component(
        'powerFeed',
        `dcim.powerfeed:${feed.id}`,
        [this.#inventory.nameOf(`dcim.powerpanel:${panel}`), feed.fields.get('name').text()].join(' – '),
        this.#place('dcim.powerfeed'),
        known,
      );
      this.#inventory.need(`dcim.powerfeed:${feed.id}`, `dcim.powerpanel:${panel}`);
    }
  }

  #devices(): void {
    const withOutlets = new Set(this.#objects.all('dcim.poweroutlet').map(({ fields }) => fields.get('device').text()));
    for (const device of this.#objects.all('dcim.device')) {
      const { id, fields } = device;
      const role = this.#objects.nameOf(
        'dcim.devicerole',
        fields.get('role').text() || fields.get('device_role').text(),
      );
      const kind = kindOfRole(role) ?? (withOutlets.has(id) ? 'pdu' : undefined);
      if (kind === 'passive' || this.#isLeft(device)) continue;
      const type =
        this.#objects.get('dcim.devicetype', fields.get('device_type').text())?.fields.get('model').text() ?? '';
      const name = fields.get('name').text() || `${type || role || 'device'} #${id}`;
      this.#inventory.component(
        kind ?? 'server',
        `dcim.device:${id}`,
        name,
        this.#place('dcim.device'),
        this.#siteOf(fields),
      );
    }
    for (const { id, fields } of this.#objects.all('dcim.device')) {
      const rack = fields.get('rack').text();
      this.#inventory.need(
        `dcim.device:${id}`,
        rack === '' ? `dcim.location:${fields.get('location').text()}` : `dcim.rack:${rack}`,
      );
    }
    // A blade needs the chassis it is in.
    for (const { fields } of this.#objects.all('dcim.devicebay')) {
      this.#inventory.need(
        `dcim.device:${fields.get('installed_device').text()}`,
        `dcim.device:${fields.get('device').text()}`,
      );
    }
  }

  #virtual(): void {
    const hosts = new Map<string, string[]>();
    for (const { id, fields } of this.#objects.all('dcim.device')) {
      const cluster = fields.get('cluster').text();
      if (cluster !== '') hosts.set(cluster, [...(hosts.get(cluster) ?? []), `dcim.device:${id}`]);
    }
    for (const cluster of this.#objects.all('virtualization.cluster')) {
      if (this.#isLeft(cluster)) continue;
      const key = `virtualization.cluster:${cluster.id}`;
      const on = hosts.get(cluster.id) ?? [];
      // Without machines of the house, it is somebody else's.
      const kind = on.length === 0 ? 'hosting' : 'server';
      this.#inventory.component(
        kind,
        key,
        cluster.fields.get('name').text(),
        this.#place('virtualization.cluster'),
        this.#siteOf(cluster.fields),
      );
      this.#inventory.needAny(key, on);
    }
    for (const machine of this.#objects.all('virtualization.virtualmachine')) {
      if (this.#isLeft(machine)) continue;
      const { id, fields } = machine;
      const key = `virtualization.virtualmachine:${id}`;
      const device = fields.get('device').text();
      const cluster = `virtualization.cluster:${fields.get('cluster').text()}`;
      this.#inventory.component(
        'virtualMachine',
        key,
        fields.get('name').text(),
        this.#place('virtualization.virtualmachine'),
        this.#siteOf(fields),
      );
      if (device !== '' && !this.#inventory.has(cluster)) this.#inventory.need(key, `dcim.device:${device}`);
      else this.#inventory.need(key, cluster);
    }
  }

  #circuits(): void {
    for (const { id, fields } of this.#objects.all('circuits.provider')) {
      this.#inventory.put(
        'suppliers',
        `circuits.provider:${id}`,
        fields.get('name').text(),
        this.#place('circuits.provider'),
      );
    }
    for (const circuit of this.#objects.all('circuits.circuit')) {
      if (this.#isLeft(circuit)) continue;
      const provider = `circuits.provider:${circuit.fields.get('provider').text()}`;
      const known = this.#inventory.has(provider) ? { supplier: provider } : {};
      const name = [
        this.#inventory.has(provider) ? this.#inventory.nameOf(provider) : '',
        circuit.fields.get('cid').text(),
      ];
      this.#inventory.component(
        'networkLink',
        `circuits.circuit:${circuit.id}`,
        name.join(' '),
        this.#place('circuits.circuit'),
        known,
      );
    }
  }

  /** Power supplies each on a source of its own: one is enough. */
  #powered({ id, fields }: NetboxObject): void {
    const key = `dcim.device:${id}`;
    if (!this.#inventory.has(key)) return;
    const sources = this.#portsOf(id).flatMap((port) =>
      this.#cables.from(`dcim.powerport:${port}`).flatMap((end) => this.#source(end) ?? []),
    );
    if (sources.length > 0) this.#inventory.needOneOf(key, sources);
    else if (this.#inventory.kindOf(key) === 'pdu') this.#likelyFeeds(key, fields.get('rack').text());
  }

  readonly #ports = new Map<string, string[]>();
  #portsOf(device: string): string[] {
    if (this.#ports.size === 0) {
      for (const { id, fields } of this.#objects.all('dcim.powerport')) {
        const of = fields.get('device').text();
        this.#ports.set(of, [...(this.#ports.get(of) ?? []), id]);
      }
    }
    return this.#ports.get(device) ?? [];
  }

  /** What a plug hangs on: a feed; or a PDU, and where that has several inlets, what feeds the one behind this outlet. */
  #source(end: End): Need | undefined {
    const [model, id = ''] = end.split(':');
    if (model === 'dcim.powerfeed') return this.#inventory.has(end) ? { need: end } : undefined;
    if (model !== 'dcim.poweroutlet') return undefined;
    const outlet = this.#objects.get('dcim.poweroutlet', id)?.fields;
    const pdu = `dcim.device:${outlet?.get('device').text()}`;
    if (!this.#inventory.has(pdu)) return undefined;
    const inlets = this.#portsOf(outlet?.get('device').text() ?? '').filter(
      (port) => this.#cables.from(`dcim.powerport:${port}`).length > 0,
    );
    const inlet = outlet?.get('power_port').text() ?? '';
    if (inlets.length < 2 || !inlets.includes(inlet)) return { need: pdu };
    const [behind] = this.#cables.from(`dcim.powerport:${inlet}`).flatMap((one) => this.#source(one) ?? []);
    return behind === undefined ? { need: pdu } : { all: [{ need: pdu }, behind] };
  }

  /** A feed made for a rack, and a PDU in it whose cable nobody drew: likely, not known. */
  #likelyFeeds(key: string, rack: string): void {
    if (rack === '') return;
    for (const { id, fields } of this.#objects.all('dcim.powerfeed')) {
      if (fields.get('rack').text() !== rack) continue;
      const because = `NetBox : départ « ${fields.get('name').text()} » prévu pour la baie « ${this.#objects.nameOf('dcim.rack', rack)} »`;
      this.#inventory.propose(key, `dcim.powerfeed:${id}`, because);
    }
  }

  /** Machines need the switches they are plugged into, one of them; links between network devices, and circuits, are proposals. */
  #cabled(): void {
    const plugged = new Map<string, string[]>();
    for (const { id, fields } of this.#objects.all('dcim.interface')) {
      const key = `dcim.device:${fields.get('device').text()}`;
      if (!this.#inventory.has(key)) continue;
      for (const end of this.#cables.from(`dcim.interface:${id}`)) {
        const on = this.#ownerOf(end);
        if (on === undefined || on === key) continue;
        const isNetwork = this.#inventory.kindOf(on) === 'networkLink';
        if (isNetwork && this.#inventory.kindOf(key) !== 'networkLink')
          plugged.set(key, [...(plugged.get(key) ?? []), on]);
        else if (isNetwork) this.#inventory.propose(key, on, `NetBox : câble vers « ${this.#inventory.nameOf(on)} »`);
      }
    }
    for (const [key, list] of plugged) this.#inventory.needAny(key, list);
  }

  #ownerOf(end: End): string | undefined {
    const [model = '', id = ''] = end.split(':');
    const fields = this.#objects.get(model, id)?.fields;
    if (model === 'circuits.circuittermination') return `circuits.circuit:${fields?.get('circuit').text()}`;
    return model === 'dcim.interface' ? `dcim.device:${fields?.get('device').text()}` : undefined;
  }
}

/** `Core Switch` is a switch. A patch panel carries cables and stops for nothing: it is no component. */
function kindOfRole(role: string): ComponentKind | 'passive' | undefined {
  if (/patch|panneau|cable|brassage/i.test(role)) return 'passive';
  const words = role.split(/[\s_/-]+/);
  return (
    kindOf(role) ??
    words
      .toReversed()
      .map(kindOf)
      .find((kind) => kind !== undefined)
  );
}
