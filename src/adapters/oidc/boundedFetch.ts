import type { CustomFetch } from 'openid-client';

/** A description, keys or an answer is some kilobytes; a provider that was taken over must not fill the memory. */
const answerBytesMax = 512 * 1024;

/** `fetch` with a bound on what is read; its time limit comes with the signal. */
export const boundedFetch: CustomFetch = async (url, { body, ...options }) => {
  const init: RequestInit = { ...options, signal: options.signal ?? null };
  if (body !== null && body !== undefined) init.body = body instanceof Uint8Array ? new Uint8Array(body) : body;
  const response = await fetch(url, init);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > answerBytesMax) throw new Error(`more than ${answerBytesMax} bytes`);
    chunks.push(chunk);
  }
  const isEmpty = [204, 205, 304].includes(response.status);
  const { status, headers } = response;
  const copy = new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers });
  Object.defineProperty(copy, 'url', { value: response.url });
  return copy;
};
