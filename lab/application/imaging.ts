/** What Orthanc says of a study. */
export interface ArchivedStudy {
  id: string;
  tags: { [tag: string]: string };
  patientTags: { [tag: string]: string };
}

export interface ArchivedSeries {
  instances: number;
  tags: { [tag: string]: string };
}

const MILLISECONDS_MAX = 8_000;

/** The picture archive, through Orthanc's own REST interface. Every failure is an Error that says what was asked. */
export class Imaging {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async #ask(path: string, body?: object): Promise<Response> {
    const response = await fetch(this.#url + path, {
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(MILLISECONDS_MAX),
    });
    if (response.ok || response.status === 404) return response;
    await response.body?.cancel();
    throw new Error(`the picture archive answered ${response.status}`);
  }

  /** Undefined where Orthanc knows no such thing. */
  async #json(path: string, body?: object): Promise<unknown> {
    const response = await this.#ask(path, body);
    if (response.status !== 404) return await response.json();
    await response.body?.cancel();
    return undefined;
  }

  async countStudies(query: { [tag: string]: string }): Promise<number> {
    return list(await this.#json('/tools/find', { Level: 'Study', Query: query })).length;
  }

  async studies(query: { [tag: string]: string }, limit: number, since: number): Promise<ArchivedStudy[]> {
    // Orthanc takes 0 for "no limit".
    if (limit === 0) return [];
    const body = { Level: 'Study', Query: query, Expand: true, Limit: limit, Since: since };
    return list(await this.#json('/tools/find', body)).map(readStudy);
  }

  async study(id: string): Promise<ArchivedStudy | undefined> {
    const found = await this.#json(`/studies/${encodeURIComponent(id)}`);
    return found === undefined ? undefined : readStudy(found);
  }

  async series(studyId: string): Promise<ArchivedSeries[]> {
    return list(await this.#json(`/studies/${studyId}/series`)).map((one) => ({
      instances: list(members(one).Instances).length,
      tags: texts(members(one).MainDicomTags),
    }));
  }

  /** Reads one stored image as a whole, another at each call; says how many there are. */
  async readSomeImage(turn: number): Promise<{ images: number }> {
    const images = Number(members(await this.#json('/statistics')).CountInstances ?? 0);
    if (images === 0) return { images };
    const [id] = list(await this.#json(`/instances?since=${turn % images}&limit=1`));
    const file = Buffer.from(await (await this.#ask(`/instances/${String(id)}/file`)).arrayBuffer());
    // PS3.10, section 7.1: 128 bytes, then the prefix.
    if (file.toString('latin1', 128, 132) !== 'DICM') throw new Error('a stored image is not readable as DICOM');
    return { images };
  }
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function members(value: unknown): { [name: string]: unknown } {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function texts(value: unknown): { [name: string]: string } {
  return Object.fromEntries(Object.entries(members(value)).map(([name, text]) => [name, String(text)]));
}

function readStudy(value: unknown): ArchivedStudy {
  const study = members(value);
  return { id: String(study.ID), tags: texts(study.MainDicomTags), patientTags: texts(study.PatientMainDicomTags) };
}
