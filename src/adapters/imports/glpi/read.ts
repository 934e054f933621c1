import type { Problems, Told } from '../../../map/import/imported.ts';
import { sameName } from '../../../map/import/names.ts';
import type { ComponentKind } from '../../../map/model.ts';
import { Inventory } from '../inventory.ts';
import { Loose } from '../json.ts';

/** What GLPI's agents say of machines: what runs on what, and which switch each is plugged into. */
export function readGlpi(files: readonly { file: string; inventory: unknown }[], problems: Problems): Told[] {
  const park = new Park(problems);
  const all = files.flatMap(({ file, inventory }) =>
    (Array.isArray(inventory) ? inventory : [inventory]).map((one) => ({ file, one: new Loose(one) })),
  );
  // An inventory in part adds to a whole one, and never stands for it.
  const [whole, parts] = [false, true].map((isPartial) =>
    all.filter(({ one }) => one.get('partial').isTrue() === isPartial),
  );
  for (const { one, file } of [...(whole ?? []), ...(parts ?? [])]) park.take(one, file);
  return park.things();
}

/** What makers and hypervisors write where nobody wrote a serial number. */
const noSerial =
  /^(?:0+|none|n\/?a|default string|to be filled.*|system serial number|not specified|unknown|123456789|x+|\.+)$/i;

/** Housings of machines that serve, as firmware names them (SMBIOS); all others are in front of somebody. */
const serverHousing = /server|rack|blade|multi-system|main system|raid|expansion/i;

class Park {
  readonly #inventory = new Inventory();
  readonly #problems: Problems;
  /** Which thing has a network address or a name. */
  readonly #byAddress = new Map<string, string>();
  readonly #byName = new Map<string, string>();
  readonly #plugs: { network: string; address: string; name: string }[] = [];

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  take(inventory: Loose, file: string): void {
    const content = inventory.get('content');
    const type = inventory.get('itemtype').text() || 'Computer';
    const device = content.get('network_device');
    const hardware = content.get('hardware');
    const name = device.get('name').text() || hardware.get('name').text();
    const id = inventory.get('deviceid').text();
    if (name === '' && id === '') {
      this.#problems.say({ file }, 'nameless-inventory', 'this inventory names no machine', {
        expected: 'an inventory made by a GLPI agent (JSON), with `deviceid` and `content`',
        kept: 'the other files',
      });
      return;
    }
    const place = { file, field: type };
    const key = keyOf(type, content, id);
    const kind = kindOfMachine(type, content);
    const isPartial = inventory.get('partial').isTrue();
    // An inventory in part does not show what the machine is for.
    const known = isPartial ? {} : { kind };
    this.#inventory.put('components', key, name || id, place, known, { kind });
    this.#byName.set(sameName(name), key);
    for (const address of [...content.get('networks').list(), ...content.get('network_ports').list(), device]) {
      const mac = address.get('mac').text().toLowerCase();
      if (mac !== '') this.#byAddress.set(mac, key);
    }
    this.#guests(content, key, file);
    this.#databases(content, key, file);
    if (kind !== 'networkLink') return;
    for (const port of content.get('network_ports').list()) {
      for (const end of port.get('connections').list()) {
        const said = end.get('sysmac').text() || end.get('mac').text();
        this.#plugs.push({ network: key, address: said.toLowerCase(), name: sameName(end.get('sysname').text()) });
      }
    }
  }

  things(): Told[] {
    const plugged = new Map<string, string[]>();
    for (const { network, address, name } of this.#plugs) {
      const key = this.#byAddress.get(address) ?? (name === '' ? undefined : this.#byName.get(name));
      if (key === undefined || key === network) continue;
      if (this.#inventory.kindOf(key) !== 'networkLink') plugged.set(key, [...(plugged.get(key) ?? []), network]);
      // Which of two network devices needs the other, a cable does not say.
      else this.#inventory.propose(key, network, `GLPI : voisin de « ${this.#inventory.nameOf(network)} »`);
    }
    for (const [key, list] of plugged) this.#inventory.needAny(key, list);
    return this.#inventory.things();
  }

  /** Virtual machines and containers on their host; one that has an agent of its own is the same thing. */
  #guests(content: Loose, host: string, file: string): void {
    for (const guest of content.get('virtualmachines').list()) {
      const name = guest.get('name').text();
      const uuid = guest.get('uuid').text().toLowerCase();
      if (name === '' && uuid === '') continue;
      const key = uuid === '' ? `${host}/${sameName(name)}` : `vm:${uuid}`;
      this.#inventory.component('virtualMachine', key, name || uuid, { file, field: 'virtualmachines' });
      this.#inventory.need(key, host);
    }
  }

  /** Database servers on their machine, and each database in them. */
  #databases(content: Loose, host: string, file: string): void {
    for (const service of content.get('databases_services').list()) {
      const name = service.get('name').text() || service.get('type').text();
      const port = service.get('port').text();
      if (name === '') continue;
      const place = { file, field: 'databases_services' };
      const key = `${host}/db:${sameName(name)}${port === '' ? '' : `:${port}`}`;
      this.#inventory.component('database', key, `${name} – ${this.#inventory.nameOf(host)}`, place);
      this.#inventory.need(key, host);
      for (const database of service.get('databases').list()) {
        const called = database.get('name').text();
        if (called === '') continue;
        this.#inventory.component('database', `${key}/${called}`, `${called} – ${this.#inventory.nameOf(host)}`, place);
        this.#inventory.need(`${key}/${called}`, key);
      }
    }
  }
}

/** The serial number, else the number of the machine, else the agent's: what stays when the agent is installed again. */
function keyOf(type: string, content: Loose, id: string): string {
  const uuid = content.get('hardware').get('uuid').text().toLowerCase();
  if (isVirtual(content) && uuid !== '') return `vm:${uuid}`;
  const serials = [content.get('bios').get('ssn').text(), content.get('network_device').get('serial').text()];
  const serial = serials.find((one) => one.length > 2 && !noSerial.test(one));
  return `${type}:${serial ?? (uuid || id)}`;
}

const isVirtual = (content: Loose): boolean => {
  const system = content.get('hardware').get('vmsystem').text();
  return system !== '' && !/^physical$/i.test(system);
};

function kindOfMachine(type: string, content: Loose): ComponentKind {
  if (type === 'NetworkEquipment') return 'networkLink';
  if (type === 'Phone') return 'telephony';
  if (type !== 'Computer') return 'workstation';
  if (isVirtual(content)) return 'virtualMachine';
  const hosts = content.get('virtualmachines').list().length + content.get('databases_services').list().length;
  const system = content.get('operatingsystem').get('full_name').text();
  const housing = content.get('hardware').get('chassis_type').text();
  return hosts > 0 || serverHousing.test(housing) || /server|esxi|proxmox/i.test(system) ? 'server' : 'workstation';
}
