import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DocumentRow } from '../application/documents.ts';
import type { Population } from '../population/population.ts';
import { bedsOf, WARDS } from '../population/wards.ts';
import { runTool } from '../run/programs.ts';
import type { Run } from '../run/run.ts';
import type { SecretName } from '../run/secrets.ts';
import { DATABASE_NAME, type Database, passwordOf } from './cluster.ts';

type Row = { [property: string]: string | number | null };

const sqlFile = (name: string) => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8');
const columnOf = (property: string) => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** COPY's text format: tabs between, `\N` for null, backslash before what would be taken for one of them. */
const copied = (value: string | number | null): string =>
  value === null ? '\\N' : String(value).replace(/[\\\t\n\r]/g, (one) => COPY_ESCAPES[one] ?? one);
const COPY_ESCAPES: { [character: string]: string } = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function* copy(table: string, rows: Iterable<object>): Generator<string> {
  let properties: string[] | undefined;
  let block = '';
  for (const row of rows) {
    const values = plain(row);
    if (!properties) {
      properties = Object.keys(values);
      block = `copy ${table} (${properties.map(columnOf).join(', ')}) from stdin;\n`;
    }
    block += `${properties.map((property) => copied(values[property] ?? null)).join('\t')}\n`;
    if (block.length > 60_000) {
      yield block;
      block = '';
    }
  }
  if (properties) yield `${block}\\.\n`;
}

function plain(row: object): Row {
  const values: Row = {};
  for (const [name, value] of Object.entries(row)) {
    if (value !== null && typeof value !== 'string' && typeof value !== 'number') {
      throw new Error(`column ${name}: expected text, a number or null`);
    }
    values[name] = value;
  }
  return values;
}

const ROLES: readonly { role: string; secret: SecretName; rights: string }[] = [
  { role: 'ehr_application', secret: 'database-application', rights: 'login' },
  { role: 'reflexe_reader', secret: 'database-reader', rights: 'login in role pg_read_all_data' },
  { role: 'backup', secret: 'database-backup', rights: 'login replication' },
];

/** Makes the record system's schema, its roles, and fills it; seconds for some hundred thousand rows. */
export async function loadDatabase(
  run: Run,
  database: Database,
  population: Population,
  documents: readonly DocumentRow[],
  secrets: { [Name in SecretName]: string },
): Promise<void> {
  function* script(): Generator<string> {
    // The passwords are drawn from an alphabet without quotes.
    for (const { role, secret, rights } of ROLES) {
      yield `create role ${role} ${rights} password '${secrets[secret]}';\n`;
    }
    yield `create database ${DATABASE_NAME};\n\\connect ${DATABASE_NAME}\nbegin;\n`;
    yield sqlFile('schema.sql');
    yield* copy('professional', population.professionals);
    yield* copy(
      'ward',
      WARDS.map(({ code, label, functionalUnit, kind }) => ({ code, label, functionalUnit, kind })),
    );
    yield* copy('bed', WARDS.flatMap(bedsOf));
    yield* copy('patient', population.patients);
    yield* copy('stay', population.stays);
    yield* copy('movement', population.movements);
    yield* copy('allergy', population.allergies);
    yield* copy('prescription', population.prescriptions);
    yield* copy('administration', population.administrations);
    yield* copy('lab_order', population.labOrders);
    yield* copy('lab_result', population.labResults);
    yield* copy('operation', population.operations);
    yield* copy('document', documents);
    yield sqlFile('constraints.sql');
    yield 'commit;\n';
  }
  await runTool(run, {
    what: 'loading the record system',
    command: 'psql',
    args: ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1'],
    env: {
      PGHOST: database.host,
      PGPORT: String(database.port),
      PGUSER: 'postgres',
      PGDATABASE: 'postgres',
      PGPASSWORD: passwordOf(run, 'postgres'),
      PGOPTIONS: '--client-min-messages=warning',
    },
    input: script(),
    as: 'starter',
  });
}
