import type pg from 'pg';
import { ippOf } from './identity.ts';
import { Hl7Refusal, instant, type Message, required, type Segment } from './message.ts';
import { stayOf } from './movements.ts';

/** `3.5-5.1`, `<5` or `>10`, as OBX-7 writes a reference interval. */
function interval(text: string): { low: number | null; high: number | null } {
  const both = /^(-?[\d.]+)-([\d.]+)$/.exec(text);
  if (both) return { low: Number(both[1]), high: Number(both[2]) };
  const one = /^([<>])([\d.]+)$/.exec(text);
  return { low: one?.[1] === '>' ? Number(one[2]) : null, high: one?.[1] === '<' ? Number(one[2]) : null };
}

function readValue(obx: Segment): { value: number | null; text: string | null } {
  const text = required(obx, 5);
  if (obx.get(2) !== 'NM') return { value: null, text };
  const value = Number(text);
  if (!Number.isFinite(value))
    throw new Hl7Refusal('AE', '102', `OBX^${obx.get(1)}^5`, 'OBX-5: expected a number (NM)');
  return { value, text: null };
}

/** ORU^R01: each OBR is an order, each OBX below it a result. A result sent again replaces the earlier one. */
export async function saveResults(client: pg.PoolClient, message: Message): Promise<void> {
  const ipp = ippOf(message.need('PID'));
  const stay = stayOf(message);
  const known = await client.query('select 1 from stay where number = $1 and patient_ipp = $2', [stay, ipp]);
  if (known.rows.length === 0) throw new Hl7Refusal('AE', '204', 'PID^1^18', 'no such stay of this patient');
  message.need('OBR');
  let order: { id: string; at: string } | undefined;
  for (const segment of message.segments) {
    if (segment.name === 'OBR') order = await saveOrder(client, segment, stay, ipp);
    if (segment.name === 'OBX') {
      if (!order) throw new Hl7Refusal('AE', '100', 'OBX', 'OBX before any OBR');
      await saveResult(client, segment, order, ipp);
    }
  }
}

async function saveOrder(client: pg.PoolClient, obr: Segment, stay: string, ipp: string) {
  const id = obr.get(3) || required(obr, 2);
  const at = instant(required(obr, 7), 'OBR^1^7');
  await client.query(
    `insert into lab_order (id, stay_number, patient_ipp, panel, specimen, ordered_at, status)
     values ($1, $2, $3, $4, $5, $6, 'completed') on conflict (id) do update set status = 'completed'`,
    [id, stay, ipp, obr.get(4, 2) || required(obr, 4), obr.get(15) || null, at],
  );
  return { id, at };
}

async function saveResult(client: pg.PoolClient, obx: Segment, order: { id: string; at: string }, ipp: string) {
  const { value, text } = readValue(obx);
  const { low, high } = interval(obx.get(7));
  const at = obx.get(14);
  await client.query(
    `insert into lab_result (id, order_id, patient_ipp, loinc, label, value, value_text, unit, low, high, flag, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     on conflict (id) do update set value = excluded.value, value_text = excluded.value_text, flag = excluded.flag, at = excluded.at`,
    [
      `${order.id}-${required(obx, 1)}`,
      order.id,
      ipp,
      required(obx, 3),
      obx.get(3, 2) || required(obx, 3),
      value,
      text,
      obx.get(6) || null,
      low,
      high,
      obx.get(8).slice(0, 1) || null,
      at ? instant(at, `OBX^${obx.get(1)}^14`) : order.at,
    ],
  );
}
