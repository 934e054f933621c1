import { nearest } from '../map/document/nearest.ts';
import { shortReference } from '../map/document/reference.ts';
import type { HospitalMap } from '../map/model.ts';
import type { RestoreConfiguration, ServiceSection } from './configuration.ts';

/** Something one document says that the other does not know. */
export interface Inconsistency {
  code: 'component-unknown' | 'source-unknown' | 'probe-unknown' | 'service-missing' | 'service-twice' | 'port-unknown';
  /** Where in the document it is about: `['services', 2, 'component']`. */
  path: readonly (string | number)[];
  message: string;
}

/** What `restore.yaml` says of components and ports that are not there: everything at once. */
export function restoreInconsistencies(configuration: RestoreConfiguration, map: HospitalMap): Inconsistency[] {
  const components = new Set(map.components.map(({ id }) => shortReference(id, map.establishment.id)));
  const services = servicesOf(configuration, map);
  const problems: Inconsistency[] = [];
  const known = (reference: string, path: Inconsistency['path']): boolean => {
    const id = shortReference(reference, map.establishment.id);
    if (components.has(id)) return true;
    problems.push({
      code: 'component-unknown',
      path,
      message: unknown('component', reference, components, 'on the map'),
    });
    return false;
  };
  const listens = (reference: string, port: number, path: Inconsistency['path']) => {
    const service = services.get(shortReference(reference, map.establishment.id));
    if (service === undefined) {
      const message = `\`${reference}\` has no service here, so nothing of it runs in the clean room; add it to services`;
      problems.push({ code: 'service-missing', path, message });
    } else if (!service.listens.includes(port)) {
      const message = `\`${reference}\` does not listen on ${port}; it listens on ${service.listens.join(', ') || 'nothing'}`;
      problems.push({ code: 'port-unknown', path, message });
    }
  };
  const seen = new Set<string>();
  configuration.services.forEach(({ component, reaches, opens }, index) => {
    const path = ['services', index, 'component'];
    if (known(component, path) && seen.has(component))
      problems.push({ code: 'service-twice', path, message: `\`${component}\` already has a service; keep one` });
    seen.add(component);
    reaches.forEach(({ member, port }, at) => {
      const reached = ['services', index, 'reaches', at, 'member'];
      if (known(member, reached)) listens(member, port, reached);
    });
    for (const port of Object.keys(opens)) listens(component, Number(port), ['services', index, 'opens', port]);
  });
  for (const [name, { component, port }] of Object.entries(configuration.probes)) {
    if (known(component, ['probes', name, 'component'])) listens(component, port, ['probes', name, 'port']);
  }
  return problems;
}

/** What the map says is restored, from and verified by what `restore.yaml` does not have: everything at once. */
export function policyInconsistencies(configuration: RestoreConfiguration, map: HospitalMap): Inconsistency[] {
  const sources = Object.keys(configuration.sources);
  const probes = Object.keys(configuration.probes);
  const services = servicesOf(configuration, map);
  return map.components.flatMap(({ id, restore }, index): Inconsistency[] => {
    if (restore === undefined) return [];
    const path = ['components', index, 'restore'];
    const problems: Inconsistency[] = [];
    if (!sources.includes(restore.source)) {
      const message = unknown('source', restore.source, sources, 'in restore.yaml');
      problems.push({ code: 'source-unknown', path: [...path, 'source'], message });
    }
    restore.probes.forEach((probe, at) => {
      if (probes.includes(probe)) return;
      const message = unknown('probe', probe, probes, 'in restore.yaml');
      problems.push({ code: 'probe-unknown', path: [...path, 'probes', at], message });
    });
    if (!services.has(shortReference(id, map.establishment.id))) {
      const message = `\`${id}\` is to be restored, but restore.yaml has no service for it; add it to services`;
      problems.push({ code: 'service-missing', path, message });
    }
    return problems;
  });
}

/** The configuration with one way to write each reference, as the journal writes it. */
export function withShortComponents(configuration: RestoreConfiguration, establishment: string): RestoreConfiguration {
  const short = (reference: string) => shortReference(reference, establishment);
  return {
    ...configuration,
    probes: Object.fromEntries(
      Object.entries(configuration.probes).map(([name, probe]) => [
        name,
        { ...probe, component: short(probe.component) },
      ]),
    ),
    services: configuration.services.map((service) => ({
      ...service,
      component: short(service.component),
      reaches: service.reaches.map(({ member, port }) => ({ member: short(member), port })),
    })),
  };
}

const servicesOf = ({ services }: RestoreConfiguration, map: HospitalMap): ReadonlyMap<string, ServiceSection> =>
  new Map(services.map((service) => [shortReference(service.component, map.establishment.id), service]));

function unknown(kind: string, name: string, names: Iterable<string>, where: string): string {
  const near = nearest(name, names);
  return `${kind} \`${name}\` is not ${where}${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
}
