/** Where a member stands in its room's network. The network exists nowhere else: it has no link to the host. */
export const subnet = '10.77.0.0/24';
export const addressOf = (index: number) => `10.77.0.${index}`;

export interface Pair {
  address: string;
  port: number;
}

const elements = (pairs: readonly Pair[]) => pairs.map(({ address, port }) => `${address} . ${port}`).join(', ');
const addAll = (set: string, pairs: readonly Pair[]) =>
  pairs.length === 0 ? [] : [`add element inet room ${set} { ${elements(pairs)} }`];

/**
 * The packet filter of one member's namespace, whole. Everything is dropped but loopback, the connections this member
 * may open (`reaches`), those others may open to it (`reachedBy`), and their answers. No ICMP, no IPv6, no UDP.
 * `allowed_*` count what the rules let through; `left` and `came` count, in chains of their own, every packet that
 * really left or came: the two must agree.
 */
export function memberRules(reaches: readonly Pair[], reachedBy: readonly Pair[]): string {
  return [
    'table inet room {',
    '  set reaches { type ipv4_addr . inet_service; }',
    '  set reached_by { type ipv4_addr . inet_service; }',
    ...['allowed_out', 'allowed_in', 'dropped_out', 'dropped_in', 'left', 'came'].map(
      (name) => `  counter ${name} { }`,
    ),
    '  chain output {',
    '    type filter hook output priority 0; policy drop;',
    '    oif lo accept',
    '    meta l4proto tcp ct state established counter name allowed_out accept',
    '    ip daddr . tcp dport @reaches ct state new counter name allowed_out accept',
    '    counter name dropped_out',
    '  }',
    '  chain input {',
    '    type filter hook input priority 0; policy drop;',
    '    iif lo accept',
    '    meta l4proto tcp ct state established counter name allowed_in accept',
    '    ip saddr . tcp dport @reached_by ct state new counter name allowed_in accept',
    '    counter name dropped_in',
    '  }',
    '  chain forward { type filter hook forward priority 0; policy drop; }',
    '  chain leaving { type filter hook postrouting priority 300; policy accept; oif != lo counter name left; }',
    '  chain coming { type filter hook input priority 300; policy accept; iif != lo counter name came; }',
    '}',
    ...addAll('reaches', reaches),
    ...addAll('reached_by', reachedBy),
    '',
  ].join('\n');
}

/** Replaces who may open connections to and from a running member, in one transaction; counters go on. */
export function memberRulesChange(reaches: readonly Pair[], reachedBy: readonly Pair[]): string {
  return [
    'flush set inet room reaches',
    'flush set inet room reached_by',
    ...addAll('reaches', reaches),
    ...addAll('reached_by', reachedBy),
    '',
  ].join('\n');
}

/**
 * The namespace that holds the bridge has no address and no process; this says it a second time. What crosses the bridge
 * is judged at both ends: a `forward` chain here would see it only on hosts with br_netfilter, and then drop it.
 */
export const bridgeRules = [
  'table inet room {',
  ...['input', 'output'].map((hook) => `  chain ${hook} { type filter hook ${hook} priority 0; policy drop; }`),
  '}',
  '',
].join('\n');

/** Test only, see `Weakness`: the same counters with every door open. */
export const openRules = (rules: string) => rules.replaceAll('policy drop', 'policy accept');
