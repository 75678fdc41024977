/** Of one service, by protocol. */
export interface Ports {
  readonly udp: number;
  readonly tcp: number;
}

/** What a service is asked under, and where it listens: an IPv4 address of the loopback device. */
export interface Redirected {
  readonly address: Uint8Array;
  /** That its clients know. */
  readonly from: number;
  readonly to: Ports;
}

/**
 * Leads one port of a loopback address to another within the namespace that the calling thread is in, so that the port itself
 * stays free for programs that bind it to every address. Synchronous, as what happens in a namespace must be.
 */
export interface Redirect {
  /** Replaces what an earlier call made, with no moment in which packets meet neither. */
  install(redirected: Redirected): void;
  /** Whether the rules are there. */
  isInstalled(): boolean;
}
