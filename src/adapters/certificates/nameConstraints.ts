import { isIP } from 'node:net';

/**
 * X.509 name constraints (RFC 5280, 4.2.1.10) as DER: the only names and addresses an authority may certify. A ward PC that
 * trusts the hospital's authority does not thereby trust whoever steals its key to speak for a bank.
 */
export const nameConstraintsOid = '2.5.29.30';

/** Private, link-local and loopback addresses: where hubs stand (RFC 1918, 3927, 4193, 4291). */
export const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '127.0.0.0/8',
  'fc00::/7',
  'fe80::/10',
  '::1/128',
] as const;

/** `names` permit themselves and what stands under them; `networks` are in CIDR form. */
export function nameConstraints(names: readonly string[], networks: readonly string[]): Uint8Array {
  const bases = [
    ...names.map((name) => element(0x82, Buffer.from(name, 'ascii'))),
    ...networks.map((network) => element(0x87, addressAndMask(network))),
  ];
  return element(0x30, element(0xa0, Buffer.concat(bases.map((base) => element(0x30, base)))));
}

/** Whether an authority so constrained may certify this name or address. */
export function permits(names: readonly string[], networks: readonly string[], wanted: string): boolean {
  const family = isIP(wanted);
  if (family === 0) {
    const name = wanted.toLowerCase();
    return names.some((permitted) => name === permitted || name.endsWith(`.${permitted}`));
  }
  const address = addressBytes(wanted);
  return networks.some((network) => {
    const [base, mask] = halves(addressAndMask(network));
    return base.length === address.length && base.every((byte, at) => byte === ((address[at] ?? 0) & (mask[at] ?? 0)));
  });
}

function halves(bytes: Buffer): [Buffer, Buffer] {
  return [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)];
}

function addressAndMask(network: string): Buffer {
  const [address = '', prefix = ''] = network.split('/');
  const base = addressBytes(address);
  const mask = Buffer.alloc(base.length);
  for (let bit = 0; bit < Number(prefix); bit += 1) mask[bit >> 3] = (mask[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return Buffer.concat([base.map((byte, at) => byte & (mask[at] ?? 0)), mask]);
}

/** 4 or 16 bytes of an address that `isIP` knows. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes every form of an IPv6 address in one way, IPv4 tails included.
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const words = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((word) => Number.parseInt(word, 16));
  const before = words(head);
  const after = tail === undefined ? [] : words(tail);
  const all = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

function element(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
