import type { Server, ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import type { ServerLimits } from './limits.ts';

interface Reading {
  bytes: number;
  slowRounds: number;
}

/**
 * Cuts who takes an answer drop by drop to hold it in our memory. Judged by rounds: of an answer that waits, so many bytes must
 * leave in each. Feeds are long by nature and have a judge of their own (follower.ts).
 */
export function cutSlowReaders(server: Server, limits: ServerLimits, log: Logger): void {
  const answers = new Map<ServerResponse, Reading>();
  server.on('request', (_request, response) => {
    answers.set(response, { bytes: 0, slowRounds: 0 });
    response.once('close', () => answers.delete(response));
  });

  const round = (): void => {
    for (const [response, reading] of answers) {
      const { socket } = response;
      if (!socket || String(response.getHeader('content-type')).startsWith('text/event-stream')) continue;
      const left = socket.bytesWritten - socket.writableLength;
      // What waits for a question, a disk or the journal is not the reader's fault.
      const isSlow = socket.writableLength > 0 && left - reading.bytes < limits.answerBytesPerRound;
      reading.slowRounds = isSlow ? reading.slowRounds + 1 : 0;
      reading.bytes = left;
      if (reading.slowRounds < 2) continue;
      log.info({ waitingBytes: socket.writableLength }, 'slow reader cut');
      response.destroy();
    }
  };
  const timer = setInterval(round, limits.answerRoundMilliseconds).unref();
  server.on('close', () => clearInterval(timer));
}
