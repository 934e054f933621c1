import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { Hl7Refusal, type Message, required } from './message.ts';

/** Patients one answer may hold; RCP-2 may ask for fewer. */
const PATIENTS_MAX = 50;

/** Query parameters offered (IHE ITI-21, QPD-3) and the column each one compares. */
const COLUMN: { readonly [parameter: string]: string } = {
  '@PID.3.1': 'ipp',
  '@PID.5.1.1': 'birth_name',
  '@PID.7': "to_char(birth_date, 'YYYYMMDD')",
  '@PID.8': 'sex',
};

interface Found {
  ipp: string;
  birth_name: string;
  given_names: string;
  birth_date: string;
  sex: string;
}

/** Answers a patient demographics query (`QBP^Q22`) with `RSP^K22`: how many patients match, and the first of them. */
export async function answerQuery(pool: pg.Pool, message: Message): Promise<Buffer> {
  const msh = message.need('MSH');
  const qpd = message.need('QPD');
  const conditions = qpd.repetitions(3).map((parameter) => {
    const column = COLUMN[parameter.get(1)];
    if (column === undefined) throw new Hl7Refusal('AE', '103', 'QPD^1^3', `${parameter.get(1)} is not asked for here`);
    return { column, value: parameter.get(2) };
  });
  if (conditions.length === 0) throw new Hl7Refusal('AE', '101', 'QPD^1^3', 'QPD-3 names no parameter');
  const where = conditions.map(({ column }, index) => `${column} = $${index + 1}`).join(' and ');
  const values = conditions.map(({ value }) => value);
  const asked = Number.parseInt(message.find('RCP')?.get(2) ?? '', 10);
  const wanted = Math.min(Number.isNaN(asked) ? PATIENTS_MAX : asked, PATIENTS_MAX);
  const { rows: counted } = await pool.query<{ count: string }>(`select count(*) from patient where ${where}`, values);
  const { rows } = await pool.query<Found>(
    `select ipp, birth_name, given_names, to_char(birth_date, 'YYYYMMDD') as birth_date, sex from patient where ${where} order by ipp limit ${wanted}`,
    values,
  );
  const total = Number(counted[0]?.count ?? 0);
  const now = new Date().toISOString().replace(/[-:T]|\..*$/g, '');
  const from = (field: number) => msh.raw(field);
  const lines = [
    [
      'MSH',
      '^~\\&',
      from(5),
      from(6),
      from(3),
      from(4),
      `${now}+0000`,
      '',
      'RSP^K22^RSP_K21',
      randomUUID().slice(0, 20),
      from(11) || 'P',
      from(12) || '2.5',
      '',
      '',
      '',
      '',
      'FRA',
      'UNICODE UTF-8',
    ],
    ['MSA', 'AA', required(msh, 10)],
    [
      'QAK',
      qpd.raw(2),
      total === 0 ? 'NF' : 'OK',
      qpd.raw(1),
      String(total),
      String(rows.length),
      String(total - rows.length),
    ],
    ['QPD', qpd.raw(1), qpd.raw(2), qpd.raw(3)],
    ...rows.map((row, index) => [
      'PID',
      String(index + 1),
      '',
      `${row.ipp}^^^VALSEREIN^PI`,
      '',
      `${row.birth_name}^${row.given_names}^^^^^L`,
      '',
      row.birth_date,
      row.sex,
    ]),
  ];
  return Buffer.from(`${lines.map((line) => line.join('|')).join('\r')}\r`, 'utf8');
}
