import type { Fields, Problems, Told } from '../../../map/import/imported.ts';
import { Inventory } from '../inventory.ts';
import { line } from '../text.ts';
import type { SqlRow, SqlTables } from './sql.ts';
import { cableEnds, componentTables, joins } from './tables.ts';

/** What Mercator's tables say of what care depends on. Rows that Mercator deleted are not there. */
export function readMercator(tables: SqlTables, file: string, problems: Problems): Told[] {
  const cartography = new Cartography(tables, file, problems);
  return cartography.read();
}

/** Minutes are what Mercator counts its objectives in. */
const seconds = (minutes: string | null | undefined): number | undefined => {
  const count = Number(minutes ?? Number.NaN);
  return Number.isFinite(count) && count > 0 ? Math.round(count * 60) : undefined;
};

class Cartography {
  readonly #inventory = new Inventory();
  readonly #tables: SqlTables;
  readonly #file: string;
  readonly #problems: Problems;

  constructor(tables: SqlTables, file: string, problems: Problems) {
    this.#tables = tables;
    this.#file = file;
    this.#problems = problems;
  }

  read(): Told[] {
    for (const row of this.#rows('sites')) this.#put('sites', 'sites', row);
    for (const row of this.#rows('entities')) this.#entity(row);
    for (const [table, kind] of Object.entries(componentTables)) {
      for (const row of this.#rows(table)) this.#put('components', table, row, { kind, ...this.#about(row) });
    }
    for (const [table] of Object.entries(componentTables))
      for (const row of this.#rows(table)) this.#stands(table, row);
    for (const join of joins) this.#join(join);
    this.#cables();
    this.#flows();
    this.#processes();
    for (const row of this.#rows('relations')) this.#contract(row);
    return this.#inventory.things();
  }

  *#rows(table: string): Generator<SqlRow> {
    for (const row of this.#tables.get(table) ?? []) if ((row.fields.deleted_at ?? null) === null) yield row;
  }

  #put(section: Told['section'], table: string, row: SqlRow, known: Fields = {}, otherwise: Fields = {}): void {
    const place = { file: this.#file, row: row.line, field: table };
    const { id, name } = row.fields;
    if (id === null || id === undefined) {
      this.#problems.say(place, 'missing-field', `a row of \`${table}\` has no id`, { kept: 'the other rows' });
      return;
    }
    const key = `${table}:${id}`;
    // Rooms are called `403`; what they are is in their description.
    const what = table === 'buildings' ? plain(row.fields.description ?? '') : '';
    const called = [line(name ?? '') || `${table} ${id}`, ...(what === '' || what.length > 60 ? [] : [what])].join(
      ' – ',
    );
    if (this.#inventory.put(section, key, called, place, known, otherwise)) return;
    const message = `\`${key}\` is there twice: \`${this.#inventory.nameOf(key)}\` and \`${called}\``;
    this.#problems.say(place, 'duplicate-identifier', message, {
      expected: 'an id of its own for each',
      kept: 'the first one',
    });
  }

  /** Those outside are suppliers; those of the house are teams. */
  #entity(row: SqlRow): void {
    const said = plain(row.fields.contact_point ?? '');
    const phone = /(?:\+|\b0)\d[\d .]{7,}\d/.exec(said)?.[0];
    const isOutside = row.fields.is_external === '1' || row.fields.is_external === 't';
    const email = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/.exec(said)?.[0];
    const known = { ...(phone === undefined ? {} : { phone }), ...(isOutside && email !== undefined ? { email } : {}) };
    this.#put(isOutside ? 'suppliers' : 'teams', 'entities', row, known);
  }

  /** Its site, and who answers for it: a team of the house or a supplier. */
  #about({ fields }: SqlRow): Fields {
    const site = fields.site_id === null || fields.site_id === undefined ? undefined : `sites:${fields.site_id}`;
    const entity = `entities:${fields.entity_resp_id ?? fields.provider_id ?? ''}`;
    const of = this.#rowOf('entities', fields.entity_resp_id ?? fields.provider_id);
    const isOutside = of?.fields.is_external === '1' || of?.fields.is_external === 't';
    return {
      ...(site === undefined || !this.#inventory.has(site) ? {} : { site }),
      ...(of === undefined ? {} : isOutside ? { supplier: entity } : { team: entity }),
    };
  }

  #rowOf(table: string, id: string | null | undefined): SqlRow | undefined {
    return id === null || id === undefined ? undefined : this.#byId(table).get(id);
  }

  readonly #indexes = new Map<string, Map<string, SqlRow>>();
  #byId(table: string): Map<string, SqlRow> {
    const known = this.#indexes.get(table) ?? new Map([...this.#rows(table)].map((row) => [row.fields.id ?? '', row]));
    this.#indexes.set(table, known);
    return known;
  }

  /** The rack, else the room, it stands in; the switch it is on; the domain it is in. */
  #stands(table: string, { fields }: SqlRow): void {
    const key = `${table}:${fields.id}`;
    const room = table === 'bays' ? fields.room_id : fields.building_id;
    if (fields.bay_id !== null && fields.bay_id !== undefined) this.#inventory.need(key, `bays:${fields.bay_id}`);
    else if (room !== null && room !== undefined) this.#inventory.need(key, `buildings:${room}`);
    if (fields.physical_switch_id) this.#inventory.need(key, `physical_switches:${fields.physical_switch_id}`);
    if (fields.domain_id) {
      const domain = `domaine_ads:${fields.domain_id}`;
      this.#inventory.propose(key, domain, `Mercator : membre du domaine « ${this.#inventory.nameOf(domain)} »`);
    }
  }

  #join({ table, from, to, any }: (typeof joins)[number]): void {
    const needs = new Map<string, string[]>();
    for (const { fields } of this.#rows(table)) {
      const key = `${from[0]}:${fields[from[1]]}`;
      const on = `${to[0]}:${fields[to[1]]}`;
      const list = needs.get(key) ?? [];
      list.push(on);
      needs.set(key, list);
    }
    for (const [key, list] of needs) {
      if (any === true) this.#inventory.needAny(key, list);
      else for (const on of list) this.#inventory.need(key, on);
    }
  }

  /** What people use needs what it is plugged into; two cables of one thing are two ways. Between network devices: proposals. */
  #cables(): void {
    const plugged = new Map<string, string[]>();
    for (const { fields } of this.#rows('physical_links')) {
      const [one, other] = (['src', 'dest'] as const).map((side) => {
        const end = cableEnds.find(([column]) => (fields[`${column}_${side}_id`] ?? null) !== null);
        return end === undefined ? undefined : { key: `${end[1]}:${fields[`${end[0]}_${side}_id`]}`, distance: end[2] };
      });
      if (one === undefined || other === undefined) continue;
      const [near, far] = one.distance <= other.distance ? [one, other] : [other, one];
      if (near.distance < 2 && far.distance >= 2) {
        const list = plugged.get(near.key) ?? [];
        list.push(far.key);
        plugged.set(near.key, list);
      } else this.#inventory.propose(near.key, far.key, `Mercator : câble vers « ${this.#inventory.nameOf(far.key)} »`);
    }
    for (const [key, list] of plugged) this.#inventory.needAny(key, list);
  }

  /** What a flow brings, its destination may need: a person says so. */
  #flows(): void {
    const end = (fields: SqlRow['fields'], side: 'source' | 'dest'): string => {
      const ends = {
        application: 'm_applications',
        service: 'application_services',
        module: 'application_modules',
        database: 'databases',
      };
      const found = Object.entries(ends).find(([name]) => (fields[`${name}_${side}_id`] ?? null) !== null);
      return found === undefined ? '' : `${found[1]}:${fields[`${found[0]}_${side}_id`]}`;
    };
    for (const { fields } of this.#rows('fluxes')) {
      const [source, destination] = [end(fields, 'source'), end(fields, 'dest')];
      const because = `Mercator : flux « ${line(fields.name ?? '')} » de « ${this.#inventory.nameOf(source)} »`;
      this.#inventory.propose(destination, source, because);
    }
  }

  /** Processes that use an application are care functions to be; all that is said of them is a proposal. */
  #processes(): void {
    const applications = new Map<string, Set<string>>();
    const uses = (process: string, application: string | null | undefined) => {
      const set = applications.get(process) ?? new Set();
      if (application && this.#inventory.has(`m_applications:${application}`)) set.add(application);
      applications.set(process, set);
    };
    for (const { fields } of this.#rows('m_application_process')) uses(`${fields.process_id}`, fields.m_application_id);
    const activities = new Map<string, string[]>();
    for (const { fields } of this.#rows('activity_process')) {
      const list = activities.get(`${fields.process_id}`) ?? [];
      list.push(`${fields.activity_id}`);
      activities.set(`${fields.process_id}`, list);
    }
    const ofActivity = [...this.#rows('activity_m_application')];
    for (const [process, list] of activities) {
      for (const { fields } of ofActivity) {
        if (list.includes(`${fields.activity_id}`) && this.#byId('activities').has(`${fields.activity_id}`))
          uses(process, fields.m_application_id);
      }
    }
    for (const row of this.#rows('processes')) {
      const used = [...(applications.get(`${row.fields.id}`) ?? [])];
      if (used.length === 0) continue;
      this.#put(
        'careFunctions',
        'processes',
        row,
        {},
        this.#objectives(row, used, activities.get(`${row.fields.id}`) ?? []),
      );
      for (const id of used) this.#inventory.need(`processes:${row.fields.id}`, `m_applications:${id}`);
    }
  }

  /** The tightest objective of its applications and activities; its rank from the availability it needs (4 is the highest). */
  #objectives({ fields }: SqlRow, applications: readonly string[], activities: readonly string[]): Fields {
    const least = (values: (number | undefined)[]) => {
      const known = values.filter((value) => value !== undefined);
      return known.length === 0 ? undefined : Math.min(...known);
    };
    const of = (table: string, ids: readonly string[], field: string) =>
      ids.map((id) => seconds(this.#rowOf(table, id)?.fields[field]));
    const rto = least([
      ...of('m_applications', applications, 'rto'),
      ...of('activities', activities, 'recovery_time_objective'),
    ]);
    const rpo = least([
      ...of('m_applications', applications, 'rpo'),
      ...of('activities', activities, 'recovery_point_objective'),
    ]);
    const mtpd = least(of('activities', activities, 'maximum_tolerable_downtime'));
    const need = Number(fields.security_need_a ?? 0);
    const told = {
      tier: need >= 4 ? 1 : need === 3 ? 2 : 3,
      ...(rto === undefined ? {} : { rtoSeconds: rto }),
      ...(rpo === undefined ? {} : { rpoSeconds: rpo }),
      ...(mtpd === undefined ? {} : { mtpdSeconds: mtpd }),
    };
    return { ...told, toConfirm: Object.keys(told) };
  }

  /** What a supplier signed: relations whose source is outside the house. */
  #contract(row: SqlRow): void {
    const { fields } = row;
    const supplier = `entities:${fields.source_id}`;
    const of = this.#rowOf('entities', fields.source_id);
    if (of?.fields.is_external !== '1' && of?.fields.is_external !== 't') return;
    const number = line(fields.order_number ?? fields.reference ?? '');
    const date = (value: string | null | undefined) => /^\d{4}-\d\d-\d\d/.exec(value ?? '')?.[0];
    const [from, until] = [date(fields.start_date), date(fields.end_date)];
    this.#put('contracts', 'relations', row, {
      supplier,
      ...(number === '' ? {} : { number }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    });
  }
}

/** A text of Mercator's editor without its tags. */
const plain = (html: string): string =>
  line(
    html
      .replace(/<[^>]{0,2000}>/g, ' ')
      .replaceAll('&nbsp;', ' ')
      .replaceAll('&amp;', '&'),
  );
