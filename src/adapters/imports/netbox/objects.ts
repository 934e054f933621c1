import { Loose } from '../json.ts';

/** One object of a NetBox database. */
export interface NetboxObject {
  id: string;
  fields: Loose;
}

/** The objects of a NetBox dump (`manage.py dumpdata`), by model and by number. */
export class NetboxObjects {
  readonly #models = new Map<string, Map<string, NetboxObject>>();

  constructor(dump: unknown) {
    for (const one of new Loose(dump).list()) {
      const model = one.get('model').text();
      const id = one.get('pk').text();
      if (model === '' || id === '') continue;
      const objects = this.#models.get(model) ?? new Map<string, NetboxObject>();
      this.#models.set(model, objects);
      objects.set(id, { id, fields: one.get('fields') });
    }
  }

  all(model: string): NetboxObject[] {
    return [...(this.#models.get(model)?.values() ?? [])];
  }

  get(model: string, id: string): NetboxObject | undefined {
    return this.#models.get(model)?.get(id);
  }

  /** The name of the object another one points to. */
  nameOf(model: string, id: string): string {
    return this.get(model, id)?.fields.get('name').text() ?? '';
  }
}
