/**
 * The gateway of one member: a process in its network namespace and in a sandbox of its own, that listens on one Unix
 * socket per open port, in the one host folder it sees, and passes bytes to the member's loopback. It reads nothing of
 * them. Arguments: the folder, then the ports. Says `ready` once, and nothing more: its reader may be gone.
 */
import { createConnection, createServer, type Server } from 'node:net';

/** Enough for a hospital's clients through one door; beyond, new connections are closed at once. */
const connectionsMax = 512;

function relay(folder: string, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const member = createConnection({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
    // `pipe` waits for the slower side and passes on each side's end; an error on one side cuts both.
    client.pipe(member);
    member.pipe(client);
    client.on('error', () => member.destroy());
    member.on('error', () => client.destroy());
    client.on('close', () => member.destroy());
    member.on('close', () => client.destroySoon());
  });
  server.maxConnections = connectionsMax;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(`${folder}/${port}`, () => resolve(server));
  });
}

const [folder = '', ...ports] = process.argv.slice(2);
process.umask(0o177);
await Promise.all(ports.map((port) => relay(folder, Number(port))));
process.stdout.on('error', () => {});
process.stdout.write('ready\n');
