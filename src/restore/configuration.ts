import { z } from 'zod';

/** Secrets are named; where they are kept is the edge's. */
const SecretName = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a secret’s name: lower case, digits and dashes');

/** How restored files are made fit to start. */
export const Preparation = z.strictObject({
  /** Files removed before starting: leftovers of the earlier life (`postmaster.pid`). */
  remove: z.array(z.string()).default([]),
  /** Files written, by path inside the data. */
  write: z.record(z.string(), z.string()).default({}),
  /** Files that hold a secret, by path inside the data: the name of the secret. */
  secrets: z.record(z.string(), SecretName).default({}),
});

export const ServiceSection = z.strictObject({
  /** Component reference. */
  component: z.string(),
  /** A line of the helper's program file. Absent for plain files: there is nothing to start. */
  program: z.string().optional(),
  listens: z.array(z.number().int()).default([]),
  reaches: z.array(z.strictObject({ member: z.string(), port: z.number().int() })).default([]),
  settings: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  prepare: Preparation.default({ remove: [], write: {}, secrets: {} }),
  canaries: z.array(z.strictObject({ path: z.string(), sha256: z.string() })).default([]),
  /** Ports opened on loopback once a care function that rests on it is released: inside port to outside port (0: a free one). */
  opens: z.record(z.string(), z.number().int()).default({}),
});
export type ServiceSection = z.infer<typeof ServiceSection>;

export const SourceSection = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('restic'),
    /** A folder, `rest:https://user@host:8000/path`, or what restic's own binary reaches (`sftp:…`, `s3:…`). */
    repository: z.string(),
    /** Name of the secret that opens it. */
    password: SecretName,
    /** Name of the secret of the user in a `rest:` address. */
    serverPassword: SecretName.optional(),
    /** File (PEM) of the authority that signed that server's certificate, where the system does not know it. */
    authority: z.string().startsWith('/').optional(),
  }),
  /** Nightly folders named by their time (`2026-03-01T0200`), as rsync makes them; `<night>.sha256` beside one verifies it. */
  z.strictObject({ kind: z.literal('files'), folder: z.string().startsWith('/') }),
  /** Images of virtual disks (qcow2, VMDK, VHDX, raw) that a backup product exports, a file or a folder of them a night. */
  z.strictObject({
    kind: z.literal('disks'),
    folder: z.string().startsWith('/'),
    /** The one volume wanted, by number or label; absent: all that hold files. */
    volume: z.string().optional(),
    /** Folder inside that is the component's data. */
    path: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal('borg'),
    /** A folder, or `ssh://…`. */
    repository: z.string(),
    /** Name of the secret that opens its key; absent: not encrypted. */
    passphrase: SecretName.optional(),
    /** Where the key stands, for the `keyfile` modes. */
    keyFile: z.string().startsWith('/').optional(),
  }),
  z.strictObject({
    kind: z.literal('pgBackRest'),
    /** What `repo1-path` says. */
    repository: z.string().regex(/^\/[^\r\n]*$/, 'an absolute path'),
    stanza: z.string().regex(/^\w[\w.-]{0,99}$/, 'a stanza’s name'),
    /** Name of the secret that `repo1-cipher-pass` says; absent: not encrypted. */
    passphrase: SecretName.optional(),
  }),
  /** Folders named by their time, each made by pg_basebackup; `archive` is where archive_command copies the write-ahead log. */
  z.strictObject({
    kind: z.literal('baseBackup'),
    folder: z.string().startsWith('/'),
    archive: z.string().startsWith('/').optional(),
  }),
  /** An entry of the root-owned file /etc/reflexe/backup-commands.json. */
  z.strictObject({
    kind: z.literal('command'),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'the name of a command: lower case, digits and dashes'),
    secret: SecretName.optional(),
  }),
]);
export type SourceSection = z.infer<typeof SourceSection>;

export const ProbeSection = z.looseObject({
  kind: z.enum(['postgresql', 'fhir', 'dicomweb', 'dicom', 'hl7']),
  component: z.string(),
  /** Port asked inside the clean room. */
  port: z.number().int(),
  /** `host:port` of the hospital's own service, asked while healthy for the facts to compare with. */
  live: z.string(),
});

/** The section `restore` of a hospital's configuration. */
export const RestoreConfiguration = z.strictObject({
  sources: z.record(z.string(), SourceSection).default({}),
  probes: z.record(z.string(), ProbeSection).default({}),
  services: z.array(ServiceSection).default([]),
  /** Files of YARA rules, and folders that hold some, beside those that ship. */
  rules: z.array(z.string().startsWith('/')).default([]),
});
export type RestoreConfiguration = z.infer<typeof RestoreConfiguration>;
