/** Where a power device takes what it gives. */
export type PowerSource = 'mains' | 'battery' | 'bypass' | 'off' | 'unknown';

/** One power device as the product speaks of it; what the device does not give is null, what has no place stays under its own name. */
export interface PowerDevice {
  id: string;
  source: PowerSource;
  lowBattery: boolean | null;
  replaceBattery: boolean | null;
  chargePercent: number | null;
  runtimeSeconds: number | null;
  loadPercent: number | null;
  inputVolts: number | null;
  outputVolts: number | null;
  batteryVolts: number | null;
  temperatureCelsius: number | null;
  model: string | null;
  maker: string | null;
  unmapped: { [name: string]: string };
}

/** Variable names of NUT (docs/nut-names.txt), in the order of preference. */
const numbers = {
  chargePercent: ['battery.charge'],
  runtimeSeconds: ['battery.runtime'],
  loadPercent: ['ups.load'],
  inputVolts: ['input.voltage'],
  outputVolts: ['output.voltage'],
  batteryVolts: ['battery.voltage'],
  temperatureCelsius: ['ups.temperature', 'battery.temperature'],
} as const;
const texts = { model: ['ups.model', 'device.model'], maker: ['ups.mfr', 'device.mfr'] } as const;

/** Reads NUT's variables of one device. Nothing is lost: each variable is a field above or stays in `unmapped`. */
export function powerDevice(id: string, variables: ReadonlyMap<string, string>): PowerDevice {
  const left = new Map(variables);
  const take = <Value>(names: readonly string[], read: (text: string) => Value | null): Value | null => {
    for (const name of names) {
      const value = read(left.get(name) ?? '');
      if (value === null) continue;
      left.delete(name);
      return value;
    }
    return null;
  };
  const status = take(['ups.status'], nonEmpty);
  const flags = new Set(status?.split(/\s+/));
  const has = (flag: string) => (status === null ? null : flags.has(flag));
  const number = (field: keyof typeof numbers) => take(numbers[field], numberOf);
  return {
    id,
    source: sourceOf(flags),
    lowBattery: has('LB'),
    replaceBattery: has('RB'),
    chargePercent: number('chargePercent'),
    runtimeSeconds: number('runtimeSeconds'),
    loadPercent: number('loadPercent'),
    inputVolts: number('inputVolts'),
    outputVolts: number('outputVolts'),
    batteryVolts: number('batteryVolts'),
    temperatureCelsius: number('temperatureCelsius'),
    model: take(texts.model, nonEmpty),
    maker: take(texts.maker, nonEmpty),
    unmapped: Object.fromEntries(left),
  };
}

/**
 * The status flags that say where the power comes from (docs/new-drivers.txt, "Status data"). The gravest one wins when a
 * driver gives several: a load that gets nothing, then one that lives on the battery, then one without protection.
 */
function sourceOf(flags: ReadonlySet<string>): PowerSource {
  if (flags.has('OFF')) return 'off';
  if (flags.has('OB')) return 'battery';
  if (flags.has('BYPASS')) return 'bypass';
  // Trimming and boosting are done to what comes in: the mains are there.
  return flags.has('OL') || flags.has('TRIM') || flags.has('BOOST') ? 'mains' : 'unknown';
}

const nonEmpty = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** A plain decimal, or nothing: drivers write `N/A`, `XX.X` or an empty text where a device does not tell. */
function numberOf(text: string): number | null {
  const trimmed = text.trim();
  const number = /^[+-]?(\d+(?:\.\d*)?|\.\d+)$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  return Number.isFinite(number) ? number : null;
}
