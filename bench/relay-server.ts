/** The far end of the relay's benchmark: echoes what follows `e`, or sends the megabytes asked after `d`. Argument: the port. */
import { createServer } from 'node:net';

const block = Buffer.alloc(65_536, 'x');

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => {});
  socket.once('data', (first) => {
    if (first[0] === 101) {
      socket.write(first.subarray(1));
      socket.pipe(socket);
      return;
    }
    let left = Number(first.subarray(1).toString()) * 16;
    const send = () => {
      while (left > 0) {
        left -= 1;
        if (!socket.write(block)) return;
      }
      socket.end();
    };
    socket.on('drain', send);
    send();
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${address !== null && typeof address === 'object' ? address.port : ''}\n`);
});
