/** What host.ts and worker.ts say to each other: the setup as an argument, the rest over the channel of a fork. */
export interface WorkerSetup {
  /** The built library. */
  readonly library: string;
  readonly root: string;
  readonly run: string;
  /** Ports that one endpoint publishes from the start. */
  readonly present: number;
  /** Half of them as a range. */
  readonly inRanges: boolean;
  /** Names of network namespaces: that of the endpoint with the ports, and those to attach on request. */
  readonly crowd: string;
  readonly guests: readonly string[];
}

/** Attach the guests, one by one or together; each then publishes the ports; detach them again in the same way. */
export interface WorkerRequest {
  /** With which they are attached. */
  readonly attached: readonly string[];
  /** Published after that, one endpoint after the other. */
  readonly publish?: readonly string[];
  readonly together?: boolean;
}

/** Milliseconds per endpoint. */
export interface Times {
  readonly attach: readonly number[];
  readonly publish: readonly number[];
  readonly detach: readonly number[];
}

export type WorkerAnswer = { readonly times: Times } | { readonly failure: string };

export const NETWORK = "bench";
/** The first of the ports that are present; they lead to port 80. */
export const FIRST_PORT = 2000;
