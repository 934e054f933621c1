/**
 * Ways to open one wall of a room on purpose. Only tests pass them, in their own process: no request, argument or file
 * leads here. Each forbidden path that a proof tries has one, so that a proof which sees nothing is known to be blind.
 */
export type Weakness =
  /** Packet filters accept everything; members still have no link to the host. */
  | 'open-rules'
  /** A cable between each member's namespace and the host, with an IPv4 and an IPv6 address at both ends. */
  | 'host-link'
  /** Probes run in the host's own network. */
  | 'host-network'
  /** No system-call filter. */
  | 'no-seccomp'
  /** Keeps CAP_NET_RAW. */
  | 'keep-capabilities'
  /** Probes stay root. */
  | 'as-root'
  /** The ipc, uts and cgroup namespaces are the host's. */
  | 'host-namespaces'
  /** The folder of canaries is mounted in the sandbox, writable, at its own path. */
  | 'host-files'
  /** The host's processes and its /proc are visible. */
  | 'host-processes'
  /** Probes inherit one more descriptor of the helper. */
  | 'keep-descriptor'
  /** The rules of members do not load. */
  | 'broken-rules';
