import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { z } from 'zod';

const LockEntry = z.looseObject({
  version: z.string(),
  dev: z.boolean().optional(),
  optional: z.boolean().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
type LockEntry = z.infer<typeof LockEntry>;
const Lock = z.looseObject({ packages: z.record(z.string(), LockEntry) });
const Debian = z.array(z.object({ name: z.string(), for: z.string() }));
const Web = z.looseObject({ packages: z.array(z.string()).min(1) });
/** The list is how packages said it before 2014. */
const Licensed = z.looseObject({
  license: z.string().optional(),
  licenses: z.array(z.looseObject({ type: z.string() })).optional(),
});
const Own = z.looseObject({ name: z.string(), version: z.string(), license: z.string(), description: z.string() });

/** Packages of Debian that a hospital installs beside us, when it wants what they are for. Used, never shipped. */
const debianAtRunTime: { [name: string]: string } = {
  bubblewrap: 'walls of the clean room',
  iproute2: 'networks of the clean room',
  nftables: 'rules between members of the clean room',
  procps: 'network settings of the clean room',
  'util-linux': 'rights and limits of what the helper starts',
  'perl-base': 'gateways of the clean room',
  'tpm2-tools': 'the key of the data, kept by the machine',
  restic: 'reading backup repositories',
  'postgresql-15': 'databases brought back in the clean room',
  orthanc: 'imaging brought back in the clean room',
  'orthanc-dicomweb': 'imaging read over DICOMweb',
};

const factory = new Contrib.License.Factories.LicenseFactory(() => undefined);

/** The bill of materials (CycloneDX 1.6) of what a version ships and uses, as package-lock.json names it. */
export function makeSbom(root: string, now: Date): string {
  const own = Own.parse(read(root, 'package.json'));
  const { packages } = Lock.parse(read(root, 'package-lock.json'));
  if (!existsSync(join(root, '.cache', 'web.json'))) throw new Error('the interface is not built: npm run build');
  const inWeb = new Set(Web.parse(read(root, '.cache/web.json')).packages);
  const bom = new Models.Bom();
  const product = new Models.Component(Enums.ComponentType.Application, own.name, {
    version: own.version,
    bomRef: `pkg:npm/${own.name}@${own.version}`,
    purl: `pkg:npm/${own.name}@${own.version}`,
    description: own.description,
  });
  product.licenses.add(factory.makeFromString(own.license));
  product.properties.add(new Models.Property('reflexe:platform', `${process.platform}-${process.arch}`));
  bom.metadata.component = product;
  bom.metadata.timestamp = now;
  bom.serialNumber = serialOf(root, own.version);

  const made = new Map<string, Models.Component>();
  for (const [path, entry] of Object.entries(packages)) {
    if (path === '' || (entry.dev === true && !inWeb.has(path))) continue;
    // Binaries of other platforms: this build does not hold them.
    if (entry.optional === true && !existsSync(join(root, path))) continue;
    const component = componentOf(root, path, entry);
    if (inWeb.has(path)) component.properties.add(new Models.Property('reflexe:shipped', 'inside the interface'));
    made.set(path, component);
    bom.components.add(component);
  }
  for (const path of inWeb) {
    if (!made.has(path)) throw new Error(`${path} is in the interface, but not in package-lock.json`);
  }
  for (const [path, component] of made) {
    const entry = packages[path];
    for (const name of Object.keys({ ...entry?.dependencies, ...entry?.optionalDependencies })) {
      const found = resolved(path, name, made);
      if (found !== undefined) component.dependencies.add(found.bomRef);
    }
  }
  const direct = packages[''];
  for (const name of Object.keys({ ...direct?.dependencies, ...direct?.optionalDependencies })) {
    const found = made.get(`node_modules/${name}`);
    if (found !== undefined) product.dependencies.add(found.bomRef);
  }
  for (const path of inWeb) {
    const component = made.get(path);
    if (component !== undefined) product.dependencies.add(component.bomRef);
  }
  const tests = Debian.parse(read(root, 'scripts/debian-packages.json'));
  for (const [name, why] of Object.entries(debianAtRunTime))
    bom.components.add(debian(name, why, Enums.ComponentScope.Optional));
  for (const { name, for: why } of tests) {
    if (debianAtRunTime[name] === undefined) bom.components.add(debian(name, why, Enums.ComponentScope.Excluded));
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return serializer.serialize(bom, { sortLists: true, space: 1 });
}

function componentOf(root: string, path: string, entry: LockEntry): Models.Component {
  const full = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const [group, name] = full.startsWith('@') ? full.split('/') : [undefined, full];
  const { version, optional, integrity } = entry;
  const purl = `pkg:npm/${full.replace('@', '%40')}@${version}`;
  const component = new Models.Component(Enums.ComponentType.Library, name ?? full, {
    ...(group === undefined ? {} : { group }),
    version,
    purl,
    // The same version may be installed twice, each with dependencies of its own.
    bomRef: `${purl}#${path}`,
    scope: optional === true ? Enums.ComponentScope.Optional : Enums.ComponentScope.Required,
  });
  const licence = entry.license ?? licenceInstalled(root, path);
  if (licence !== undefined) component.licenses.add(factory.makeFromString(licence));
  const [, digest] = /^sha512-(.+)$/.exec(integrity ?? '') ?? [];
  if (digest !== undefined) {
    component.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(digest, 'base64').toString('hex'));
  }
  return component;
}

function licenceInstalled(root: string, path: string): string | undefined {
  const manifest = join(root, path, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { license, licenses } = Licensed.parse(JSON.parse(readFileSync(manifest, 'utf8')));
  return license ?? licenses?.map(({ type }) => type).join(' OR ');
}

/** Node's own rule: the nearest node_modules upwards. */
function resolved(
  from: string,
  name: string,
  made: ReadonlyMap<string, Models.Component>,
): Models.Component | undefined {
  for (let folder = from; ; ) {
    const found = made.get(posix.join(folder, 'node_modules', name));
    if (found !== undefined || folder === '') return found;
    const up = folder.lastIndexOf('/node_modules/');
    folder = up < 0 ? '' : folder.slice(0, up);
  }
}

function debian(name: string, why: string, scope: Enums.ComponentScope): Models.Component {
  const purl = `pkg:deb/debian/${name}?distro=debian-12`;
  const component = new Models.Component(Enums.ComponentType.Application, name, {
    purl,
    bomRef: purl,
    scope,
    description: why,
  });
  component.properties.add(new Models.Property('reflexe:shipped', 'no: installed from Debian 12'));
  return component;
}

/** The same sources, the same number: two builds of one version can be compared. */
function serialOf(root: string, version: string): string {
  const hash = createHash('sha256')
    .update(version)
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return `urn:uuid:${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

const read = (root: string, file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

export function writeSbom(root: string, file: string): void {
  writeFileSync(file, makeSbom(root, new Date()));
}
