import { isIPv6 } from 'node:net';
import type { Command } from 'commander';
import { NUT_PORT, NutClient } from '../adapters/nut/client.ts';
import { type PowerDevice, powerDevice } from '../adapters/nut/device.ts';
import { accept, type Result, refuse } from '../journal/result.ts';
import { answer, language } from './answer.ts';
import type { Language } from './language.ts';
import { verb } from './verb.ts';

/** A server that has not answered by then does not. */
const ANSWER_MILLISECONDS = 10_000;

interface Options {
  nut?: string;
  snmp?: string;
  community?: string;
}
interface Power {
  devices: PowerDevice[];
}

export function register(program: Command): void {
  verb(program, 'detect power', 'detect power --nut localhost:3493')
    .option(
      '--nut <host[:port]>',
      { fr: 'un serveur NUT (port 3493 par défaut)', en: 'a NUT server (port 3493 by default)' }[language()],
    )
    .option('--snmp <host[:port]>', { fr: 'pas encore : fonction D2', en: 'not there yet: feature D2' }[language()])
    .option(
      '--community <name>',
      { fr: 'communauté SNMP (pas encore : fonction D2)', en: 'SNMP community (not there yet: feature D2)' }[
        language()
      ],
    )
    .action(async (options: Options, command: Command) => {
      const { nut, snmp } = options;
      if (nut === undefined && snmp === undefined)
        command.error({ fr: 'il faut --nut HÔTE[:PORT]', en: '--nut HOST[:PORT] is needed' }[language()]);
      answer(command, await power(nut ?? '', snmp), rendered);
    });
}

async function power(nut: string, snmp: string | undefined): Promise<Result<Power>> {
  if (snmp !== undefined) {
    return refuse('snmp-not-yet', 'Reading power devices by SNMP is not there yet (feature D2).', {
      where: `--snmp ${snmp}`,
      cure: 'Read the device through a NUT server: --nut HOST.',
    });
  }
  const server = addressOf(nut);
  if (server === undefined)
    return refuse('address-unreadable', 'This is not an address.', {
      where: nut,
      expected: 'HOST, HOST:PORT or [IPv6]:PORT',
    });
  return readDevices(server);
}

/** `host`, `host:port`, `[ipv6]:port`, or a bare IPv6 address. */
function addressOf(text: string): { host: string; port: number } | undefined {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = /^([^:[\]]+)(?::(\d{1,5}))?$/.exec(text);
  const [, host, port] = bracketed ?? plain ?? [];
  if (host === undefined) return isIPv6(text) ? { host: text, port: NUT_PORT } : undefined;
  const number = port === undefined ? NUT_PORT : Number(port);
  return number >= 1 && number <= 65_535 ? { host, port: number } : undefined;
}

async function readDevices(server: { host: string; port: number }): Promise<Result<Power>> {
  const opened = await NutClient.open(server, AbortSignal.timeout(ANSWER_MILLISECONDS));
  if (!opened.ok) return opened;
  using client = opened.value;
  const listed = await client.devices();
  if (!listed.ok) return listed;
  const devices: PowerDevice[] = [];
  for (const { id } of listed.value) {
    const variables = await client.variables(id);
    // A device its driver no longer hears is there all the same, and nothing is known of it.
    const silent = !variables.ok && ['nut-stale', 'nut-driver-stopped'].includes(variables.refusal.code);
    if (!variables.ok && !silent) return variables;
    devices.push(powerDevice(id, variables.ok ? variables.value : new Map()));
  }
  return accept({ devices });
}

const words = {
  fr: {
    none: 'Ce serveur NUT ne connaît aucun appareil.',
    source: {
      mains: 'sur secteur',
      battery: 'sur batterie',
      bypass: 'en dérivation',
      off: 'éteint',
      unknown: 'source inconnue',
    },
    minutes: (minutes: number) => `${minutes} min d’autonomie`,
    charge: (percent: number) => `batterie ${percent} %`,
    load: (percent: number) => `charge ${percent} %`,
    low: 'batterie presque vide',
    replace: 'batterie à remplacer',
  },
  en: {
    none: 'This NUT server knows no device.',
    source: { mains: 'on mains', battery: 'on battery', bypass: 'on bypass', off: 'off', unknown: 'source unknown' },
    minutes: (minutes: number) => `${minutes} min left`,
    charge: (percent: number) => `battery ${percent}%`,
    load: (percent: number) => `load ${percent}%`,
    low: 'battery nearly empty',
    replace: 'battery to be replaced',
  },
} as const;

function rendered({ devices }: Power, inLanguage: Language): string {
  const say = words[inLanguage];
  if (devices.length === 0) return say.none;
  return devices
    .map(({ id, maker, model, source, lowBattery, replaceBattery, runtimeSeconds, chargePercent, loadPercent }) => {
      const facts = [
        say.source[source],
        ...(runtimeSeconds === null ? [] : [say.minutes(Math.floor(runtimeSeconds / 60))]),
        ...(chargePercent === null ? [] : [say.charge(chargePercent)]),
        ...(loadPercent === null ? [] : [say.load(loadPercent)]),
        ...(lowBattery === true ? [say.low] : []),
        ...(replaceBattery === true ? [say.replace] : []),
      ];
      const name = [maker, model].filter((one) => one !== null).join(' ');
      return `${id}${name === '' ? '' : ` (${name})`}${inLanguage === 'fr' ? ' : ' : ': '}${facts.join(', ')}`;
    })
    .join('\n');
}
