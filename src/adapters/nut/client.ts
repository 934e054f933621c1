import type { Socket } from 'node:net';
import { accept, type Result, refuse } from '../../journal/result.ts';
import { connect, readUntil } from '../tcp/connection.ts';
import { networkFailure } from '../tcp/failure.ts';
import { listAnswer } from './protocol.ts';

/** A device lists a few hundred variables at most, a server a few hundred devices. */
const ANSWER_BYTES = 1024 * 1024;

export const NUT_PORT = 3493;

export interface NutServer {
  host: string;
  port: number;
}

/** One open conversation with upsd; read-only: nothing here can set a variable or send an instant command. */
export class NutClient implements Disposable {
  readonly #socket: Socket;
  readonly #where: string;

  private constructor(socket: Socket, where: string) {
    this.#socket = socket;
    this.#where = where;
  }

  /** Fails with the network's code (`tcp-refused`…). */
  static async open(server: NutServer, signal: AbortSignal): Promise<Result<NutClient>> {
    const where = `${server.host}:${server.port}`;
    try {
      return accept(new NutClient(await connect(server, signal), where));
    } catch (error) {
      return NutClient.#unreachable(error, where);
    }
  }

  /** Device names with their descriptions. */
  async devices(): Promise<Result<{ id: string; description: string }[]>> {
    const rows = await this.#list('UPS');
    return rows.ok ? accept(rows.value.map(([id = '', description = '']) => ({ id, description }))) : rows;
  }

  /** Fails with `nut-unknown-device`, `nut-stale` (the driver lost its device), `nut-driver-stopped`. */
  async variables(device: string): Promise<Result<Map<string, string>>> {
    if (!/^[\w.@:-]{1,200}$/.test(device))
      return refuse('nut-unknown-device', 'This is not the name of a device.', { where: device });
    const rows = await this.#list(`VAR ${device}`);
    return rows.ok ? accept(new Map(rows.value.map(([name = '', value = '']) => [name, value]))) : rows;
  }

  async #list(query: string): Promise<Result<string[][]>> {
    try {
      const answered = readUntil(this.#socket, (received) => listAnswer(received, query), ANSWER_BYTES);
      this.#socket.write(`LIST ${query}\n`);
      const answer = await answered;
      return 'rows' in answer ? accept(answer.rows) : refused(answer.error, `${this.#where} ${query}`);
    } catch (error) {
      return NutClient.#unreachable(error, this.#where);
    }
  }

  static #unreachable(error: unknown, where: string) {
    const { code, detail } = networkFailure(error);
    return refuse(code, `The NUT server does not answer (${detail}).`, {
      where,
      expected: 'upsd, which listens on port 3493 unless told otherwise',
      retryable: true,
    });
  }

  [Symbol.dispose](): void {
    this.#socket.end('LOGOUT\n');
    this.#socket.destroySoon();
  }
}

/** Error words of RFC 9271, section 4.3, that say something of the device. */
function refused(error: string, where: string) {
  if (error === 'UNKNOWN-UPS')
    return refuse('nut-unknown-device', 'The NUT server has no such device.', { where, cure: 'List them: LIST UPS.' });
  if (error === 'DATA-STALE')
    return refuse('nut-stale', 'The driver no longer hears its device.', {
      where,
      cure: 'Check the cable or the network card of the device.',
      retryable: true,
    });
  if (error === 'DRIVER-NOT-CONNECTED')
    return refuse('nut-driver-stopped', 'The driver of this device is not running.', {
      where,
      cure: 'Start it: upsdrvctl start.',
      retryable: true,
    });
  return refuse('nut-refused', `The NUT server refuses: ${error.slice(0, 60)}.`, { where });
}
