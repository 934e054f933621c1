import { powerDevice } from './device.ts';
import { listAnswer } from './protocol.ts';

/** What a NUT server may send back to `LIST VAR ups`. */
export const fuzz = {
  name: 'nut',
  seeds: (): Uint8Array[] =>
    [
      'BEGIN LIST VAR ups\nVAR ups ups.status "OL CHRG"\nVAR ups battery.runtime "1200"\nVAR ups ups.model "Smart \\"UPS\\" \\\\ 1500"\nEND LIST VAR ups\n',
      'ERR DATA-STALE\n',
      'BEGIN LIST VAR ups\r\nVAR ups ups.status "OB LB DISCHRG"\r\nVAR ups battery.charge "XX.X"\r\nEND LIST VAR ups\r\n',
      'VAR ups __proto__ "1"\nEND LIST',
    ].map((text) => Buffer.from(text)),
  run(input: Uint8Array): void {
    const answer = listAnswer(input, 'VAR ups');
    if (answer === undefined || 'error' in answer) return;
    const variables = new Map(answer.rows.map(([name = '', value = '']) => [name, value]));
    const device = powerDevice('ups', variables);
    for (const value of [device.chargePercent, device.runtimeSeconds, device.loadPercent]) {
      if (value !== null && !Number.isFinite(value)) throw new Error('a measure that is no number');
    }
    if (Object.keys(device.unmapped).length > variables.size) throw new Error('a variable from nowhere');
  },
};
