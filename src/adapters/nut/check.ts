import { z } from 'zod';
import { checkKind } from '../../detect/checks.ts';
import { atLeast, atMost, type Condition, judge, unanswered } from '../../detect/conditions.ts';
import { unable } from '../http/access.ts';
import { Host, Port } from '../tcp/settings.ts';
import { NUT_PORT, NutClient } from './client.ts';
import { type PowerDevice, powerDevice } from './device.ts';

const Limits = z.strictObject({
  runtimeSecondsMin: z.number().nonnegative().optional(),
  chargePercentMin: z.number().min(0).max(100).optional(),
  loadPercentMax: z.number().min(0).optional(),
  temperatureCelsiusMax: z.number().optional(),
});
type Limits = z.output<typeof Limits>;

/** A UPS read through a NUT server. A server that does not answer tells nothing of the UPS: unknown, not down. */
export const nutCheck = checkKind({
  kind: 'nut',
  evidence: 'power',
  defaults: { every: '10s' },
  settings: {
    host: Host,
    port: Port.default(NUT_PORT),
    ups: z.string().min(1),
    expect: Limits.prefault({}),
    warn: Limits.prefault({}),
  },
  ask({ host, port, ups, expect, warn }) {
    return async (signal) => {
      const client = await NutClient.open({ host, port }, signal);
      if (!client.ok) return unable(client);
      using conversation = client.value;
      const variables = await conversation.variables(ups);
      if (!variables.ok) return unable(variables);
      const device = powerDevice(ups, variables.value);
      const { source, lowBattery, replaceBattery, chargePercent, runtimeSeconds, loadPercent } = device;
      if (source === 'unknown')
        return unanswered('noAnswer', 'ups-source-unknown', 'the device does not say where its power comes from');
      const measured = { source, lowBattery, replaceBattery, chargePercent, runtimeSeconds, loadPercent };
      return judge(measured, {
        expect: [...givesPower(device), ...limited(expect, device)],
        warn: [...inGoodState(device), ...limited(warn, device)],
      });
    };
  },
});

/** What hangs on it gets nothing: that is down. Everything else still serves. */
const givesPower = ({ source }: PowerDevice): Condition[] => [
  { condition: 'source', expected: 'power for its load', observed: source, met: source !== 'off', code: 'ups-off' },
];

function inGoodState({ source, lowBattery, replaceBattery }: PowerDevice): Condition[] {
  const onBattery = source === 'battery';
  return [
    {
      condition: 'lowBattery',
      expected: 'a charged battery',
      observed: 'low battery',
      met: !(onBattery && lowBattery === true),
      code: 'ups-low-battery',
    },
    { condition: 'source', expected: 'mains', observed: source, met: !onBattery, code: 'ups-on-battery' },
    { condition: 'source', expected: 'mains', observed: source, met: source !== 'bypass', code: 'ups-on-bypass' },
    {
      condition: 'replaceBattery',
      expected: 'a good battery',
      observed: 'to be replaced',
      met: replaceBattery !== true,
      code: 'ups-replace-battery',
    },
    {
      condition: 'lowBattery',
      expected: 'a charged battery',
      observed: 'low battery',
      met: onBattery || lowBattery !== true,
      code: 'ups-battery-not-charged',
    },
  ];
}

/** A limit on what the device does not tell is not met: it is not known to be. */
const limited = (limits: Limits, device: PowerDevice): Condition[] => [
  ...atLeast('runtimeSecondsMin', limits.runtimeSecondsMin, device.runtimeSeconds, 'ups-runtime'),
  ...atLeast('chargePercentMin', limits.chargePercentMin, device.chargePercent, 'ups-charge'),
  ...atMost('loadPercentMax', limits.loadPercentMax, device.loadPercent, 'ups-load'),
  ...atMost('temperatureCelsiusMax', limits.temperatureCelsiusMax, device.temperatureCelsius, 'ups-temperature'),
];
