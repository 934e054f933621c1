import { extname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { heldAssets } from './assets.ts';
import { declare } from './declare.ts';

const yearSeconds = 31_536_000;

/**
 * The interface's files. Those under `assets/` carry their content's hash in their name and never change;
 * everything else is asked for again. A path without extension is a place inside the interface: it gets the page.
 */
export async function webRoutes(app: FastifyInstance, webRoot: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webRoot,
    serve: false,
    preCompressed: true,
    dotfiles: 'deny',
    cacheControl: false,
    suppressWarning: true,
  });
  const held = heldAssets(webRoot);
  declare(app, {
    method: ['GET', 'HEAD'],
    url: '/*',
    act: 'page.open',
    isRateLimited: false,
    async handler(request: FastifyRequest, reply: FastifyReply) {
      const { '*': path = '' } = request.params as { '*'?: string };
      if (path.startsWith('api/') || path === 'api') return reply.callNotFound();
      const isPlace = path === '' || (extname(path) === '' && (request.headers.accept ?? '').includes('text/html'));
      const isForever = path.startsWith('assets/');
      reply.header('cache-control', isForever ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
      return (isForever && (await held(request, reply, path))) || reply.sendFile(isPlace ? 'index.html' : path);
    },
  });
}
