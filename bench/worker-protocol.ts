/** What host.ts and worker.ts say to each other: the setup as an argument, the rest over the channel of a fork. */
export interface WorkerSetup {
  /** The built library. */
  readonly library: string;
  readonly root: string;
  readonly run: string;
  /** Ports that one endpoint publishes from the start. */
  readonly present: number;
  /** Names of network namespaces: that of the endpoint with the ports, and those to attach on request. */
  readonly crowd: string;
  readonly guests: readonly string[];
}

/** Attach each guest, with the ports, and detach it again. */
export interface WorkerRequest {
  readonly publish: readonly string[];
}

/** Milliseconds per attachment, or why there are none. */
export type WorkerAnswer = { readonly times: readonly number[] } | { readonly failure: string };

export const NETWORK = "bench";
/** The first of the ports that are present; they lead to port 80. */
export const FIRST_PORT = 2000;
