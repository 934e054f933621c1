import { randomUUID } from 'node:crypto';
import type { Hl7Refusal, Message } from './message.ts';

const escaped = (text: string) => text.replace(/[\\|^&~]/g, ' ');

/** An original-mode acknowledgement: MSA-1 `AA`, or `AE`/`AR` with an ERR segment that says where and why. */
export function acknowledge(message: Message | undefined, charset: string, refusal: Hl7Refusal | undefined): Buffer {
  const msh = message?.find('MSH');
  const from = (field: number) => msh?.raw(field) ?? '';
  const now = new Date().toISOString().replace(/[-:T]|\..*$/g, '');
  const trigger = msh?.get(9, 2);
  const lines = [
    [
      ...['MSH', '^~\\&', from(5), from(6), from(3), from(4), `${now}+0000`, ''],
      ...[trigger ? `ACK^${trigger}^ACK` : 'ACK', randomUUID().slice(0, 20), from(11) || 'P', from(12) || '2.5'],
      ...['', '', '', '', 'FRA', charset],
    ].join('|'),
    ['MSA', refusal?.acknowledgement ?? 'AA', from(10)].join('|'),
  ];
  if (refusal)
    lines.push(['ERR', '', refusal.where, refusal.code, 'E', '', '', '', escaped(refusal.message)].join('|'));
  // Our own text is ASCII and what is echoed came in this charset: Latin-1 sends both back unchanged.
  return Buffer.from(`${lines.join('\r')}\r`, charset === '8859/1' ? 'latin1' : 'utf8');
}
