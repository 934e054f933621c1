import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { z } from 'zod';
import { attack } from './attacker.ts';
import { describeLab, readDescription } from './description.ts';
import { MllpClient } from './feed/client.ts';
import { type LabHospital, startHospital } from './hospital.ts';
import { isInstalled, missingPackages } from './run/packages.ts';
import { processesMarked } from './run/processes.ts';
import { RUN_MARK, readRecord } from './run/record.ts';

const execute = promisify(execFile);
const missing = missingPackages();
const NOW = new Date();
const bundle = z.object({
  resourceType: z.literal('Bundle'),
  type: z.literal('searchset'),
  total: z.number(),
  link: z.array(z.object({ relation: z.string(), url: z.string() })),
  entry: z
    .array(z.object({ fullUrl: z.string(), resource: z.looseObject({ resourceType: z.string(), id: z.string() }) }))
    .optional(),
});

let lab: LabHospital;
const endpoints = () => lab.description.endpoints;
const needed = (context: TestContext, program: string) => {
  if (!isInstalled(program)) context.skip(`not run: ${program} is not installed`);
};

async function fhir(path: string): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${endpoints().application.fhirUrl}/${path}`);
  return { status: answer.status, body: await answer.json() };
}
const search = async (path: string) => bundle.parse((await fhir(path)).body);
const count = async (type: string) => (await search(`${type}?_summary=count`)).total;
const health = async () => {
  const answer = await fetch(endpoints().application.healthUrl);
  const found: unknown = await answer.json();
  return { status: answer.status, found };
};

async function sql(text: string): Promise<{ [column: string]: unknown }[]> {
  const { host, port, database, reader } = endpoints().postgresql;
  const password = readFileSync(lab.description.secrets[reader.secret], 'utf8');
  const client = new Client({ host, port, database, user: reader.user, password });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

describe.skipIf(missing.length > 0)(
  `the hospital in miniature${missing.length ? ` (not run: ${missing} missing)` : ''}`,
  () => {
    beforeAll(async () => {
      const folder = join(mkdtempSync(join(tmpdir(), 'reflexe-lab-')), 'h');
      // Reachable by the services' account, as mkdtemp's folders are not.
      await execute('chmod', ['711', join(folder, '..')]);
      lab = await startHospital({ folder, seed: 'test', patients: 300, studies: 12, now: NOW });
    });
    afterAll(async () => {
      await lab.stop();
      rmSync(join(lab.description.folder, '..'), { recursive: true, force: true });
    });

    it('describes itself to another process, without any secret', () => {
      expect(readDescription(lab.description.folder)).toEqual(describeLab(lab));
      const text = JSON.stringify(lab.description);
      for (const file of Object.values(lab.description.secrets)) {
        expect(text).not.toContain(readFileSync(file, 'utf8'));
      }
    });

    it('answers FHIR with what was loaded', async () => {
      const { loaded } = lab.description;
      const kinds = {
        Patient: loaded.patients,
        Encounter: loaded.stays,
        AllergyIntolerance: loaded.allergies,
        MedicationRequest: loaded.prescriptions,
        MedicationAdministration: loaded.administrations,
        Observation: loaded.labResults,
        Appointment: loaded.operations,
        DocumentReference: loaded.documents,
        ImagingStudy: loaded.studies,
      };
      const found = await Promise.all(Object.keys(kinds).map(async (kind) => [kind, await count(kind)]));
      expect(Object.fromEntries(found)).toEqual(kinds);
      expect(loaded.patients).toBe(300);
      expect((await health()).status).toBe(200);
    });

    it('pages through every patient once', async () => {
      const seen = new Set<string>();
      let pages = 0;
      for (let path: string | undefined = 'Patient?_count=70'; path; ) {
        const page: z.infer<typeof bundle> = await search(path);
        for (const { resource } of page.entry ?? []) seen.add(resource.id);
        path = page.link.find(({ relation }) => relation === 'next')?.url.split('/fhir/')[1];
        pages += 1;
      }
      expect(seen.size).toBe(300);
      expect(pages).toBe(5);
    });

    it('finds by identifier, patient and date, and refuses what it does not offer', async () => {
      const [one] = await sql(
        "select ipp, ins_oid, ins_matricule from patient where ins_status = 'QUAL' order by ipp limit 1",
      );
      for (const identifier of [one?.ipp, one?.ins_matricule, `urn:oid:${one?.ins_oid}|${one?.ins_matricule}`]) {
        const found = await search(`Patient?identifier=${encodeURIComponent(String(identifier))}`);
        expect(found.entry?.map(({ resource }) => resource.id)).toEqual([one?.ipp]);
      }
      expect((await search('Patient?identifier=urn:oid:9.9%7C80000001')).total).toBe(0);
      const [rows] = await sql("select count(*)::int as n from lab_result where patient_ipp = '80000001'");
      expect((await search('Observation?patient=Patient/80000001&_summary=count')).total).toBe(rows?.n);
      const today = `${NOW.toISOString().slice(0, 10)}T00:00:00Z`;
      const [booked] = await sql(`select count(*)::int as n from operation where starts_at >= '${today}'`);
      expect(booked?.n).toBeGreaterThan(0);
      expect((await search(`Appointment?date=ge${today}&_summary=count`)).total).toBe(booked?.n);
      for (const [path, status] of [
        ['Patient?colour=red', 400],
        ['Patient?_count=many', 400],
        ['Appointment?date=soon', 400],
        ['ImagingStudy?patient=*', 400],
        ['Spaceship', 404],
        ['Patient/nobody', 404],
      ] as const) {
        expect(await fhir(path)).toMatchObject({ status, body: { resourceType: 'OperationOutcome' } });
      }
    });

    it('serves the reports it keeps as files', async () => {
      const [entry] = (await search('DocumentReference?_count=1')).entry ?? [];
      const answer = await fetch(`${endpoints().application.fhirUrl}/Binary/${entry?.resource.id}`);
      expect(answer.headers.get('content-type')).toBe('application/pdf');
      expect(Buffer.from(await answer.arrayBuffer()).toString('latin1', 0, 8)).toBe('%PDF-1.4');
    });

    it('keeps images an independent reader accepts, and counts them by DICOMweb', async (context) => {
      const answer = await fetch(`${endpoints().orthanc.dicomWebUrl}/instances`);
      const instances = z.array(z.unknown()).parse(await answer.json());
      expect(instances.length).toBe(lab.description.loaded.images);
      needed(context, 'dcmftest');
      needed(context, 'dcm2pnm');
      const [id] = z.array(z.string()).parse(await (await fetch(`${endpoints().orthanc.url}/instances`)).json());
      const file = join(lab.description.folder, 'run', 'image.dcm');
      const bytes = Buffer.from(await (await fetch(`${endpoints().orthanc.url}/instances/${id}/file`)).arrayBuffer());
      writeFileSync(file, bytes);
      expect((await execute('dcmftest', [file])).stdout).toMatch(/^yes/);
      await execute('dcm2pnm', [file, `${file}.pgm`]);
      expect(readFileSync(`${file}.pgm`, 'latin1')).toContain('64 64');
    });

    it('answers C-ECHO to its own name only, and C-FIND to those it knows', async (context) => {
      needed(context, 'echoscu');
      const { host, port, calledAeTitle, callingAeTitle } = endpoints().dicom;
      const echo = (called: string) => execute('echoscu', ['-aet', callingAeTitle, '-aec', called, host, String(port)]);
      await echo(calledAeTitle);
      await expect(echo('SOMEONE')).rejects.toThrow();
    });

    it('says its UPS is on battery, then on mains', async (context) => {
      needed(context, 'upsc');
      const { host, port, upsName } = endpoints().nut;
      const status = async (name: string) =>
        (await execute('upsc', [`${upsName}@${host}:${port}`, name])).stdout.trim();
      expect(await status('ups.status')).toBe('OL');
      await lab.power.goOnBattery(900);
      expect([await status('ups.status'), await status('battery.runtime'), await status('input.voltage')]).toEqual([
        'OB',
        '900',
        '0.0',
      ]);
      await lab.power.goOnMains();
      expect(await status('ups.status')).toBe('OL');
    });

    it('takes an admission over HL7, once, and shows it in FHIR', async () => {
      const message = (type: string, control: string, zbe = 'INSERT') =>
        [
          `MSH|^~\\&|GAM|CHVS|DPI|CHVS|20260301120000||ADT^${type}|${control}|P|2.5^FRA^2.11|||||FRA|UNICODE UTF-8`,
          'PID|1||95000001^^^CHVS&990000001&N^PI||ÉTIENNE-ŒUVRARD^ZOÉ^^^^^L||19800115|F||||||||||95900001^^^CHVS^AN||||||||||||||PROV',
          'PV1|1|I|CARD^301^P',
          // The national example's own trap: field 3 filled, the rest shifted by one.
          `ZBE|95900001-${control}^CHVS|20260301120000|20260301120000|${zbe === 'shifted' ? '|INSERT' : zbe}|N`,
        ].join('\r');
      const client = await MllpClient.connect(endpoints().hl7.host, endpoints().hl7.port);
      try {
        const before = await count('Patient');
        expect(await client.send(message('A02', 'T0'))).toMatchObject({
          code: 'AE',
          reason: expect.stringContaining('204'),
        });
        expect(await client.send(message('A01', 'T1', 'shifted'))).toMatchObject({ code: 'AA', controlId: 'T1' });
        expect(await client.send(message('A01', 'T1', 'shifted'))).toMatchObject({ code: 'AA', controlId: 'T1' });
        expect(await count('Patient')).toBe(before + 1);
        expect((await fhir('Patient/95000001')).body).toMatchObject({
          name: [{ family: 'ÉTIENNE-ŒUVRARD' }],
          gender: 'female',
        });
        expect((await fhir('Encounter/95900001')).body).toMatchObject({
          status: 'in-progress',
          subject: { reference: 'Patient/95000001' },
        });
        expect(await client.send(message('A02', 'T2', 'CANCEL'))).toMatchObject({ code: 'AE' });
        expect(await client.send(message('A60', 'T3'))).toMatchObject({ code: 'AR' });
        expect(await client.send('PID|1')).toMatchObject({ code: 'AR' });
      } finally {
        client.close();
      }
    });

    it('takes the feed, every message of it, and two nights of real change', async () => {
      const first = await lab.backups.takeNight(new Date('2026-02-01T02:00:00Z'));
      const before = await count('Observation');
      const sent = await lab.feed.send(120, { from: new Date(NOW.getTime() - 3_600_000), to: NOW });
      expect(sent).toMatchObject({ acknowledged: 120, refused: 0, unanswered: 0 });
      expect(Object.keys(sent.byType).sort()).toEqual(['A01', 'A02', 'A03', 'A08', 'R01']);
      expect(await count('Observation')).toBeGreaterThan(before);
      const images = await lab.addStudies(2, NOW);
      expect(images).toBeGreaterThanOrEqual(2);
      expect(await count('ImagingStudy')).toBe(14);
      const second = await lab.backups.takeNight(new Date('2026-02-02T02:00:00Z'));
      for (const night of [first, second]) expect(night.parts.map(({ ok }) => ok)).toEqual([true, true, true]);
      expect((await health()).status).toBe(200);
    });

    it('has a restic snapshot of each part for each night, complete at its root', async (context) => {
      const snapshots = z.array(z.object({ time: z.string(), hostname: z.string(), id: z.string() }));
      for (const { part, repository, secret, host } of lab.description.repositories) {
        const restic = (...args: string[]) =>
          execute('restic', ['--repo', repository, '--no-cache', '--no-lock', ...args], {
            env: { PATH: process.env.PATH, RESTIC_PASSWORD_FILE: lab.description.secrets[secret] },
          });
        const found = snapshots.parse(JSON.parse((await restic('snapshots', '--json')).stdout));
        expect(found.map(({ time, hostname }) => [new Date(time).toISOString(), hostname])).toEqual([
          ['2026-02-01T02:00:00.000Z', host],
          ['2026-02-02T02:00:00.000Z', host],
        ]);
        if (part !== 'database') continue;
        const into = join(lab.description.folder, 'run', 'restored');
        await restic('restore', 'latest', '--target', into);
        expect(existsSync(join(into, 'PG_VERSION'))).toBe(true);
        needed(context, '/usr/lib/postgresql/15/bin/pg_verifybackup');
        const verified = await execute('/usr/lib/postgresql/15/bin/pg_verifybackup', [into]);
        expect(verified.stdout).toContain('backup successfully verified');
      }
    });

    it('is really broken by the attack: no service serves, the feed is refused, the backups stay', async () => {
      lab.feed.start(20);
      const report = await attack({
        runFolder: lab.description.folder,
        targets: Object.values(lab.description.folders),
      });
      expect(report.files).toBeGreaterThan(500);
      const answer = await health();
      expect(answer.status).toBe(503);
      expect(answer.found).toMatchObject({
        checks: [
          { name: 'database', ok: false },
          { name: 'imaging', ok: false },
          { name: 'documents', ok: false },
        ],
      });
      await expect(sql('select 1')).rejects.toThrow();
      const web = await fetch(`${endpoints().orthanc.dicomWebUrl}/instances`);
      expect(web.status).toBe(500);
      for (const { path } of lab.description.canaries) expect(existsSync(path)).toBe(false);
      await lab.feed.pause();
      const { unanswered } = lab.feed.counts();
      await expect(lab.feed.send(1, { from: NOW, to: NOW })).rejects.toThrow();
      expect(lab.feed.counts().unanswered).toBe(unanswered + 1);
      const night = await lab.backups.takeNight(new Date('2026-02-03T02:00:00Z'));
      expect(night.parts[0]).toMatchObject({ part: 'database', ok: false });
      for (const { repository } of lab.description.repositories)
        expect(existsSync(join(repository, 'config'))).toBe(true);
    });

    it('stops whole even then, and leaves nothing', async () => {
      const token = readRecord(lab.description.folder)?.run.token ?? '';
      expect(processesMarked(RUN_MARK, token).length).toBeGreaterThan(3);
      const ended = await lab.stop();
      expect(ended.folderRemoved).toBe(true);
      expect(existsSync(lab.description.folder)).toBe(false);
      expect(processesMarked(RUN_MARK, token)).toEqual([]);
    });
  },
);
