import type pg from 'pg';
import { FhirError, type Resource } from './resource.ts';

/** One condition of a search: SQL with `$` where its value goes. */
export interface Condition {
  sql: string;
  value: string;
}

/** A kind of resource that one SQL statement gives. `Row` is what that statement selects. */
export interface SqlSource<Row> {
  /** Everything from `select` to before `where`. */
  select: string;
  /** `from …` alone, for counting. */
  from: string;
  /** Column of the resource's id: also the order pages follow. */
  id: string;
  /** Search parameters beyond `_id`, each with the condition its value makes. */
  parameters: { [name: string]: (value: string) => Condition };
  toResource(row: Row): Resource;
}

export interface Search {
  filters: readonly { name: string; value: string }[];
  count: number;
  offset: number;
}

/** What every kind of resource offers, whatever stands behind it. */
export interface Source {
  parameters: readonly string[];
  count(search: Search): Promise<number>;
  find(search: Search): Promise<Resource[]>;
  read(id: string): Promise<Resource | undefined>;
}

export function sqlSource<Row extends pg.QueryResultRow>(pool: pg.Pool, source: SqlSource<Row>): Source {
  const where = (search: Search): { sql: string; values: string[] } => {
    const values: string[] = [];
    const parts = search.filters.map(({ name, value }) => {
      const condition = name === '_id' ? idIn(source.id, value) : source.parameters[name]?.(value);
      if (!condition) throw new FhirError(400, 'not-supported', `search parameter ${name} is not offered here`);
      values.push(condition.value);
      return condition.sql.replaceAll('$', `$${values.length}`);
    });
    return { sql: parts.length > 0 ? ` where ${parts.join(' and ')}` : '', values };
  };
  return {
    parameters: ['_id', ...Object.keys(source.parameters)],
    async count(search) {
      const { sql, values } = where(search);
      const { rows } = await pool.query<{ count: number }>(`select count(*) ${source.from}${sql}`, values);
      return rows[0]?.count ?? 0;
    },
    async find(search) {
      const { sql, values } = where(search);
      const page = ` order by ${source.id} limit ${search.count} offset ${search.offset}`;
      return (await pool.query<Row>(source.select + sql + page, values)).rows.map((row) => source.toResource(row));
    },
    async read(id) {
      const { rows } = await pool.query<Row>(`${source.select} where ${source.id} = $1`, [id]);
      return rows[0] && source.toResource(rows[0]);
    },
  };
}

const idIn = (column: string, value: string): Condition => ({ sql: `${column} = any(string_to_array($, ','))`, value });

/** `patient=80000001` or `patient=Patient/80000001`. */
export const patientIs =
  (column: string) =>
  (value: string): Condition => ({ sql: `${column} = $`, value: value.replace(/^Patient\//, '') });

export const equals =
  (column: string) =>
  (value: string): Condition => ({ sql: `${column} = $`, value });

/** A token: `value`, or `system|value` with the only system this column holds. */
export const token =
  (column: string, system: string) =>
  (text: string): Condition => {
    const [given, value] = text.includes('|') ? text.split('|', 2) : [system, text];
    return { sql: given === system ? `${column} = $` : `${column} = $ and false`, value: value ?? '' };
  };

const PREFIXES: { [prefix: string]: string } = { ge: '>=', gt: '>', le: '<=', lt: '<' };

/** A date with `ge`, `gt`, `le` or `lt`; without a prefix, the whole day named. */
export const dateOf =
  (column: string) =>
  (value: string): Condition => {
    const [, prefix, date] =
      /^(ge|gt|le|lt)?(\d{4}-\d{2}-\d{2}(?:T[0-9:.]+(?:Z|[+-]\d{2}:\d{2})?)?)$/.exec(value) ?? [];
    if (date === undefined) throw new FhirError(400, 'value', 'expected a date such as ge2026-03-01');
    return prefix
      ? { sql: `${column} ${PREFIXES[prefix]} $::timestamptz`, value: date }
      : { sql: `${column}::date = $::date`, value: date };
  };

/** Codes of ours for a FHIR status; an unknown status matches nothing. */
export const statusOf =
  (column: string, ours: { [status: string]: string }) =>
  (value: string): Condition => ({ sql: `${column} = $`, value: ours[value] ?? '' });
