import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** Bytes as written on one connection, and every answer that came back before it ended. */
export function raw(port: number, ...chunks: (string | Buffer)[]): Promise<RawAnswer[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    // A server that stops reading resets; what it said before counts.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('close', () => resolve(answersIn(Buffer.concat(received))));
    for (const chunk of chunks) socket.write(chunk);
  });
}

/** By content-length and chunks, as HTTP says; an answer without either ends with the connection. */
export function answersIn(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = bytes.toString('latin1');
  while (rest.startsWith('HTTP/1.')) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) break;
    const head = rest.slice(0, end);
    let body = rest.slice(end + 4);
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    if (/^transfer-encoding: chunked/im.test(head)) {
      const last = body.indexOf('0\r\n\r\n');
      rest = last === -1 ? '' : body.slice(last + 5);
      body = body.slice(0, last);
    } else {
      const size = length === undefined ? body.length : Number(length);
      rest = body.slice(size);
      body = body.slice(0, size);
    }
    answers.push({ status: Number(head.slice(9, 12)), head, body: Buffer.from(body, 'latin1').toString('utf8') });
  }
  return answers;
}
