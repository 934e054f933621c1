/**
 * The record application of the lab's hospital: FHIR R4 over HTTP, HL7 v2 over MLLP, and its own files. Everything it
 * answers is read from PostgreSQL and Orthanc at that moment. Imports `node:*` and `pg` only, so that it also runs where
 * nothing else of this project is mounted.
 */
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { openPool } from './database.ts';
import { fhirServer } from './fhir/server.ts';
import { HealthCheck } from './health.ts';
import { hl7Listener } from './hl7/listener.ts';
import { Imaging } from './imaging.ts';
import { readSettings, type Settings } from './settings.ts';

function httpServer(settings: Settings, fhir: ReturnType<typeof fhirServer>, health: HealthCheck): HttpServer {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = URL.parse(request.url ?? '/', `http://${request.headers.host ?? settings.host}`);
    if (url?.pathname === '/health') {
      const found = await health.ask();
      response.writeHead(found.status === 'up' ? 200 : 503, { 'content-type': 'application/json' });
      response.end(JSON.stringify(found));
    } else if (url && /^\/fhir(\/|$)/.test(url.pathname)) await fhir(request, response, url);
    else response.writeHead(404, { 'content-type': 'text/plain' }).end('expected /fhir or /health\n');
  };
  return createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
}

const listening = (server: Server | HttpServer, port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(address !== null && typeof address === 'object' ? address.port : port);
    });
  });

const settings = readSettings(process.argv.slice(2));
const pool = openPool(settings);
const imaging = new Imaging(settings.orthancUrl);
const http = httpServer(settings, fhirServer(pool, imaging, settings.dataFolder), new HealthCheck(settings, imaging));
const hl7 = hl7Listener(pool, settings.dataFolder);
const httpPort = await listening(http, settings.httpPort, settings.host);
const mllpPort = await listening(hl7, settings.mllpPort, settings.host);
process.stdout.write(`${JSON.stringify({ ready: true, httpPort, mllpPort })}\n`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    http.close();
    http.closeAllConnections();
    hl7.close();
    void pool.end().finally(() => process.exit(0));
  });
}
