import type { Resource } from "./resource.js";

/**
 * One step of a plan: what a command would do if it were not a dry run. `sends` holds what would be sent to change
 * something, as words for a shell with the same effect: iproute2, nft, iptables-restore, sysctl, mount, the runtime's
 * command line. None where nothing changes, since what is to be made is there, and what is to be removed is gone or goes
 * with something else.
 */
export type Step = ResourceStep | CallStep;

/** Resources that are made or removed at once. */
export interface ResourceStep {
  readonly verb: "make" | "remove";
  readonly resources: readonly Resource[];
  readonly sends: readonly string[];
}

/** Something done that is no resource: a call of the runtime, an image that is kept. */
export interface CallStep {
  readonly verb: "run";
  /** In words, `start container www`. */
  readonly what: string;
  readonly sends: readonly string[];
}

/** Receives the steps of a plan, in their order. */
export type OnStep = (step: Step) => void;
