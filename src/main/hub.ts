import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createAccess } from '../access/access.ts';
import { untilTheirTime } from '../access/breakGlass/uses.ts';
import type { KeysDesk } from '../access/keys/ports.ts';
import { createRights } from '../access/rights.ts';
import { accessRoutes, accessViews } from '../access/routes.ts';
import { activateRoutes, activateViews } from '../activate/routes.ts';
import { createPasswordHasher } from '../adapters/argon2/passwordHasher.ts';
import { cleanRoom } from '../adapters/cleanRoom/cleanRoom.ts';
import { tokens } from '../adapters/crypto/tokens.ts';
import { oneTimeCodes as codes } from '../adapters/otpauth/oneTimeCodes.ts';
import { openWaysInStore } from '../adapters/sqlite/access/waysInStore.ts';
import { openAccessStore } from '../adapters/sqlite/accessStore.ts';
import { passkeyCeremonies as ceremonies } from '../adapters/webauthn/passkeyCeremonies.ts';
import { detectRoutes, detectViews } from '../detect/routes.ts';
import { accept, type Result } from '../journal/result.ts';
import { mapViews } from '../map/routes.ts';
import { restoreRoutes, restoreViews } from '../restore/routes.ts';
import { backupRoutes } from '../server/backupRoutes.ts';
import { type BookletPrinter, bookletRoutes } from '../server/bookletRoutes.ts';
import type { RouteRight } from '../server/declare.ts';
import { mapQuestionsRoutes } from '../server/mapQuestionsRoutes.ts';
import { mapRoutes } from '../server/mapRoutes.ts';
import { returnsRoutes } from '../server/returnsRoutes.ts';
import { rightsRoutes } from '../server/rightsRoutes.ts';
import { startServer } from '../server/server.ts';
import { signRoutes } from '../server/signRoutes.ts';
import { startRoutes } from '../server/startRoutes.ts';
import { AccessJournal } from './accessJournal.ts';
import { keyFileBeside, openDataKeys } from './dataKeys.ts';
import type { StartDrill } from './drill.ts';
import { DrillDesk } from './drillDesk.ts';
import type { Establishment } from './establishment.ts';
import { exerciseRoutes } from './exerciseRoutes.ts';
import { Exercises } from './exercises.ts';
import { Live } from './live.ts';
import { mapImportRoutes } from './mapImportRoutes.ts';
import { configurationOf, putExampleAway } from './ownHospital.ts';
import { startHospital } from './startHospital.ts';
import { openTransport } from './transport.ts';
import { forgettingLinks, openWaysIn, waysInFile } from './waysInDoor.ts';
import { whyOf } from './whyOf.ts';
import { Worlds } from './worlds.ts';

export interface HubOptions {
  /** Everything this hub keeps: journal, keys, people. */
  dataFolder: string;
  /** The establishment's map, plans, checks and backup sources, in YAML; an example gives way to the hospital's own. */
  configuration: string;
  /** Stories to play, and the example maps they play on. */
  scenariosFolder: string;
  examplesFolder: string;
  /** The built interface; null where it is not built. */
  webRoot: string | null;
  /** Where the key file is made at first start; by default beside the data folder, which it opens. */
  keyFile?: string;
  /** Called when only people can bring the master key: with a passphrase, or shares. */
  onLocked?: (keys: KeysDesk, unlocked: Promise<void>) => void;
  /** Called when a first start made this key file: nothing opens the data without it. */
  onKeyFile?: (file: string) => void;
  host: string;
  port: number;
  publicUrl?: string;
  /** The name passkeys are made under, where it stands above the public address's own: several machines then share them. */
  passkeyDomain?: string;
  /** Unix socket of the helper, the only privileged process. */
  helperSocket: string;
  /** Present only when started with `--lab` from a checkout. */
  startDrill?: StartDrill;
  log: Logger;
}

export interface Hub {
  url: string;
  /** The one-time link that makes the first administrator; null once there is one. */
  firstLink: string | null;
  /** The one at work now. */
  readonly establishment: Establishment;
  worlds: Worlds;
  drill: DrillDesk | null;
  /** What to install on workstations, where the certificate is of the hospital's own authority. */
  authority: { file: string; fingerprint: string } | null;
  /** Everything the hub answers to, and who may ask. */
  routes: readonly RouteRight[];
  close(): Promise<void>;
}

/** A hospital: its establishment at work, its people, and the interface served. Undoes what it did when it cannot start whole. */
export async function startHub(options: HubOptions): Promise<Result<Hub>> {
  const { dataFolder, log } = options;
  const configuration = configurationOf(options);
  await using stack = new AsyncDisposableStack();
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const onTrouble = (what: string, error: unknown) => log.warn({ what, why: whyOf(error) });

  const keys = await openDataKeys({
    dataFolder,
    keyFile: options.keyFile ?? keyFileBeside(dataFolder),
    now: Date.now,
    ...(options.onLocked === undefined ? {} : { onLocked: options.onLocked }),
    ...(options.onKeyFile === undefined ? {} : { onKeyFile: options.onKeyFile }),
    onTrouble,
  });
  if (!keys.ok) return keys;
  stack.defer(() => keys.value.close());

  await putExampleAway(dataFolder);
  const opened = await Live.open(
    {
      id: 'live',
      kind: 'live',
      folder: dataFolder,
      secrets: keys.value.secrets,
      sealer: keys.value.master,
      columns: keys.value.columns,
      cleanRoom: cleanRoom({ socket: options.helperSocket }),
      onTrouble,
    },
    configuration,
  );
  if (!opened.ok) return opened;
  const live = opened.value;
  stack.defer(() => live.close());

  const store = openAccessStore(join(dataFolder, 'access.sqlite'), keys.value.columns);
  if (!store.ok) return store;
  stack.defer(() => store.value.close());
  const waysInStore = openWaysInStore(waysInFile(dataFolder), keys.value.columns);
  if (!waysInStore.ok) return waysInStore;
  stack.defer(() => waysInStore.value.close());
  const people = forgettingLinks(
    untilTheirTime(store.value.stores.people, waysInStore.value.breakGlass, Date.now),
    waysInStore.value,
  );
  const accessJournal = new AccessJournal(live, people);
  keys.value.onAct(accessJournal.note);
  const hasher = createPasswordHasher();
  const access = createAccess({
    stores: { ...store.value.stores, people },
    hasher,
    tokens,
    ceremonies,
    codes,
    now: Date.now,
    demandsTwoFactors: servesOthers(options),
    onAccessEvent: accessJournal.note,
  });

  const telling = setInterval(() => access.tellLinksMadeHere(), 5_000).unref();
  stack.defer(() => clearInterval(telling));

  const waysIn = await openWaysIn({
    configuration,
    secrets: keys.value.secrets,
    access,
    people,
    devices: store.value.stores.devices,
    store: waysInStore.value,
    sealer: keys.value.columns,
    live,
    journal: accessJournal,
    onTrouble,
  });
  if (!waysIn.ok) return waysIn;

  const rights = createRights({ people, sessions: access.sessions, record: accessJournal.record });

  const worlds = new Worlds();
  worlds.add(live.world);
  const exercises = new Exercises({
    worlds,
    live,
    scenariosFolder: options.scenariosFolder,
    examplesFolder: options.examplesFolder,
    onTrouble,
  });
  stack.defer(() => exercises.close());

  const drill = options.startDrill === undefined ? null : new DrillDesk(worlds, options.startDrill);
  if (drill !== null) stack.defer(() => drill.stop());

  const transport = await openTransport({ ...options, configuration, sealer: keys.value.columns });
  if (!transport.ok) return transport;
  stack.use(transport.value.certificates ?? null);

  const server = await startServer({
    host: options.host,
    port: options.port,
    ...transport.value.listening,
    ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
    ...(options.passkeyDomain === undefined ? {} : { passkeyDomain: options.passkeyDomain }),
    webRoot: options.webRoot,
    worlds,
    commands: [...activateRoutes, ...detectRoutes, ...restoreRoutes, ...accessRoutes],
    views: [...mapViews, ...activateViews, ...detectViews, ...restoreViews, ...accessViews],
    access,
    waysIn: waysIn.value,
    extraRoutes: [
      ...exerciseRoutes(exercises),
      ...mapRoutes(worlds),
      ...mapQuestionsRoutes(worlds),
      ...mapImportRoutes(worlds),
      ...returnsRoutes(worlds),
      ...bookletRoutes(worlds, printBooklet),
      ...backupRoutes(worlds, (world) =>
        world === live.world.info().id ? (live.establishment.backups ?? undefined) : undefined,
      ),
      ...signRoutes(worlds, (world) =>
        world === live.world.info().id ? (live.establishment.signs ?? undefined) : undefined,
      ),
      ...startRoutes(startHospital({ folders: options, live, worlds, exercises, accessJournal })),
      ...rightsRoutes(store.value.stores.people, rights, worlds),
      ...(drill?.routes() ?? []),
    ],
    isLab: options.startDrill !== undefined,
    log,
  });
  if (!server.ok) return server;
  const { url } = server.value.address;
  const owned = stack.move();
  return accept({
    url,
    firstLink: access.isNew() ? `${url}/#first=${access.makeFirstLink().token}` : null,
    get establishment() {
      return live.establishment;
    },
    worlds,
    drill,
    authority: transport.value.authority,
    routes: server.value.routes,
    async close() {
      await server.value.close();
      await owned.disposeAsync();
    },
  });
}

/** The compiler of documents is loaded when something is first printed. */
const printBooklet: BookletPrinter = async (booklet, head) =>
  (await import('../adapters/pdf/booklet.ts')).bookletPdf(booklet, head);

/** Reached by others than whoever sits at this machine: one factor then opens nothing. */
const servesOthers = ({ host, publicUrl }: HubOptions): boolean =>
  ![host, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])].every((name) =>
    ['localhost', '127.0.0.1', '::1', '[::1]'].includes(name),
  );
