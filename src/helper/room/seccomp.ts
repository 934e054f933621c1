/**
 * The system calls no member needs, refused by the kernel itself: a classic BPF program handed to bubblewrap.
 * Sockets are of the families UNIX and INET, stream or datagram, TCP or UDP: no IPv6, netlink, packet, raw, ping or vsock.
 * io_uring is refused whole because it opens sockets without the socket call; clone3 hides its flags behind a pointer,
 * so it answers "no such call" and C libraries fall back to clone.
 */
interface Architecture {
  audit: number;
  /** x86-64 numbers from here on are the x32 entry, a second door to the same calls. */
  foreignFrom?: number;
  socket: number;
  clone: number;
  clone3: number;
  refused: number[];
}

// mount, ptrace, kernel modules, keys, BPF, io_uring, namespaces…; numbers as in the kernel's unistd.h of each architecture.
const common = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442];
export const architectures: { [name: string]: Architecture } = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    socket: 41,
    clone: 56,
    clone3: 435,
    refused: [
      101,
      103,
      155,
      161,
      163,
      165,
      166,
      167,
      168,
      169,
      172,
      173,
      175,
      176,
      179,
      246,
      248,
      249,
      250,
      272,
      298,
      304,
      308,
      310,
      311,
      313,
      320,
      321,
      323,
      ...common,
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    socket: 198,
    clone: 220,
    clone3: 435,
    refused: [
      39,
      40,
      41,
      51,
      60,
      89,
      97,
      104,
      105,
      106,
      116,
      117,
      142,
      217,
      218,
      219,
      224,
      225,
      241,
      265,
      268,
      270,
      271,
      273,
      280,
      282,
      294,
      ...common,
    ],
  },
};

const LOAD = 0x20;
const AND = 0x54;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const JUMP_SET = 0x45;
const RETURN = 0x06;

/** Offsets in `struct seccomp_data`, low halves of the arguments (little-endian). */
const NUMBER = 0;
const ARCH = 4;
const argument = (index: number) => 16 + 8 * index;

const outcomes = {
  allow: 0x7fff0000,
  kill: 0x80000000,
  notPermitted: 0x00050000 | 1,
  noSuchCall: 0x00050000 | 38,
  familyNotSupported: 0x00050000 | 97,
  protocolNotSupported: 0x00050000 | 93,
};
type Target = keyof typeof outcomes | string;
type Instruction = { code: number; k: number; yes?: Target; no?: Target } | { label: string };

const CLONE_NEW_NAMESPACES = 0x7e020080;

function assembly(of: Architecture): Instruction[] {
  const load = (k: number): Instruction => ({ code: LOAD, k });
  const equal = (k: number, yes: Target, no?: Target): Instruction => ({
    code: JUMP_EQUAL,
    k,
    yes,
    ...(no === undefined ? {} : { no }),
  });
  return [
    load(ARCH),
    equal(of.audit, 'native', 'kill'),
    { label: 'native' },
    load(NUMBER),
    ...(of.foreignFrom === undefined ? [] : [{ code: JUMP_AT_LEAST, k: of.foreignFrom, yes: 'kill' }]),
    equal(of.socket, 'socket'),
    equal(of.clone, 'clone'),
    equal(of.clone3, 'noSuchCall'),
    ...of.refused.map((number) => equal(number, 'notPermitted')),
    { code: RETURN, k: outcomes.allow },
    { label: 'clone' },
    load(argument(0)),
    { code: JUMP_SET, k: CLONE_NEW_NAMESPACES, yes: 'notPermitted', no: 'allow' },
    { label: 'socket' },
    load(argument(0)),
    equal(1, 'allow'),
    equal(2, 'internet', 'familyNotSupported'),
    { label: 'internet' },
    load(argument(1)),
    { code: AND, k: 0xf },
    equal(1, 'stream'),
    equal(2, 'datagram', 'notPermitted'),
    { label: 'stream' },
    load(argument(2)),
    equal(0, 'allow'),
    equal(6, 'allow', 'protocolNotSupported'),
    { label: 'datagram' },
    load(argument(2)),
    equal(0, 'allow'),
    equal(17, 'allow', 'protocolNotSupported'),
    ...Object.entries(outcomes).flatMap(([label, k]): Instruction[] => [{ label }, { code: RETURN, k }]),
  ];
}

/** Refuses the calls listed, for good; lets every other through. */
export function deny(of: { audit: number; foreignFrom?: number; refused: readonly number[] }): Instruction[] {
  return [
    { code: LOAD, k: ARCH },
    { code: JUMP_EQUAL, k: of.audit, yes: 'native', no: 'kill' },
    { label: 'native' },
    { code: LOAD, k: NUMBER },
    ...(of.foreignFrom === undefined ? [] : [{ code: JUMP_AT_LEAST, k: of.foreignFrom, yes: 'kill' }]),
    ...of.refused.map((k) => ({ code: JUMP_EQUAL, k, yes: 'notPermitted' })),
    ...(['allow', 'notPermitted', 'kill'] as const).flatMap((label): Instruction[] => [
      { label },
      { code: RETURN, k: outcomes[label] },
    ]),
  ];
}

/** The filter's bytes (`struct sock_filter[]`); throws on a processor whose call numbers are not written down here. */
export function seccompFilter(architecture: string): Buffer {
  const known = architectures[architecture];
  if (known === undefined) {
    throw new Error(
      `no seccomp filter for processor "${architecture}": expected ${Object.keys(architectures).join(' or ')}`,
    );
  }
  return filterBytes(assembly(known));
}

export function filterBytes(steps: readonly Instruction[]): Buffer {
  const places = new Map<string, number>();
  const code: Exclude<Instruction, { label: string }>[] = [];
  for (const step of steps) {
    if ('label' in step) places.set(step.label, code.length);
    else code.push(step);
  }
  const bytes = Buffer.alloc(code.length * 8);
  code.forEach((step, index) => {
    const distance = (target?: Target) => (target === undefined ? 0 : (places.get(target) ?? Number.NaN) - index - 1);
    bytes.writeUInt16LE(step.code, index * 8);
    // writeUInt8 refuses NaN-free values only between 0 and 255: a jump too long or to nowhere throws here.
    for (const [offset, jump] of [
      [2, distance(step.yes)],
      [3, distance(step.no)],
    ] as const) {
      if (!Number.isInteger(jump)) throw new Error('seccomp: jump to an unknown place');
      bytes.writeUInt8(jump, index * 8 + offset);
    }
    bytes.writeUInt32LE(step.k, index * 8 + 4);
  });
  return bytes;
}
