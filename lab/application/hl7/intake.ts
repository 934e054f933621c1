import type pg from 'pg';
import { transaction } from '../database.ts';
import { acknowledge } from './acknowledgement.ts';
import { decode, Hl7Refusal, Message, required } from './message.ts';
import { admit, discharge, transfer, updateIdentity } from './movements.ts';
import { answerQuery } from './query.ts';
import { saveResults } from './results.ts';

/** PostgreSQL error classes that blame the message, not the database: 22 data, 23 integrity constraint. */
const blamesMessage = (error: unknown): error is pg.DatabaseError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]/.test(error.code);

/**
 * Takes one message and returns its acknowledgement. `AA` is given only once PostgreSQL has committed what the message
 * says; a control number already taken from the same sender is acknowledged again without being applied twice.
 */
export async function takeMessage(pool: pg.Pool, dataFolder: string, bytes: Buffer): Promise<Buffer> {
  const { text, charset } = decode(bytes);
  let message: Message | undefined;
  try {
    message = new Message(text);
    const taken = message;
    if (taken.find('MSH')?.get(9) === 'QBP') return await answerQuery(pool, taken);
    await transaction(pool, (client) => apply(client, taken, dataFolder));
    return acknowledge(message, charset, undefined);
  } catch (error) {
    return acknowledge(message, charset, refusalOf(error));
  }
}

function refusalOf(error: unknown): Hl7Refusal {
  if (error instanceof Hl7Refusal) return error;
  // What PostgreSQL says may quote the patient's data: only the constraint's name is passed on.
  if (blamesMessage(error)) {
    return new Hl7Refusal('AE', '102', 'MSH', `refused by the record system (${error.constraint ?? error.code})`);
  }
  // HL7 2.5, 2.9.2.2: AR where the reason is not in the message; the same message may be taken later.
  return new Hl7Refusal('AR', '207', 'MSH', 'the record system cannot store anything now: send again later');
}

async function apply(client: pg.PoolClient, message: Message, dataFolder: string): Promise<void> {
  const msh = message.need('MSH');
  const type = `${msh.get(9)}^${msh.get(9, 2)}`;
  const sender = `${msh.get(3)}|${msh.get(4)}`;
  const seen = await client.query(
    'insert into hl7_message (sender, control_id, type) values ($1, $2, $3) on conflict do nothing',
    [sender, required(msh, 10), type],
  );
  if (seen.rowCount === 0) return;
  switch (type) {
    case 'ADT^A01':
      return admit(client, message);
    case 'ADT^A02':
      return transfer(client, message);
    case 'ADT^A03':
      return discharge(client, message, dataFolder);
    case 'ADT^A08':
      return updateIdentity(client, message);
    case 'ORU^R01':
      return saveResults(client, message);
    default:
      throw new Hl7Refusal('AR', msh.get(9) === 'ADT' ? '201' : '200', 'MSH^1^9', `${type} is not taken here`);
  }
}
