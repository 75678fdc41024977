/** One sentence about an extension that can be proved. `run` throws where it is not so. */
export interface Case {
  readonly name: string;
  readonly run: () => Promise<void> | void;
}

/** Cases about one matter, in their order; later ones may stand on what earlier ones made. */
export interface Chapter {
  readonly title: string;
  readonly cases: readonly Case[];
  /** Makes what all cases need. Where it throws, that is reported as {@link preparation}, and every case fails. */
  readonly open?: () => Promise<void>;
  /** Removes all that the chapter made, and throws where something is left. */
  readonly close?: () => Promise<void>;
}

/** What became of one case. */
export interface CaseResult {
  /** What is verified: `driver bridge with icc=false`. */
  readonly subject: string;
  readonly chapter: string;
  readonly name: string;
  readonly outcome: "passed" | "failed" | "not run";
  /** What was expected and what was found, or why it could not run here; absent for `passed`. */
  readonly why?: string;
  /** Milliseconds. */
  readonly took: number;
}

/** Thrown by a case that this machine does not allow to run; the message says why. */
export class CannotRun extends Error {
  override readonly name = "CannotRun";
}

/** Among the cases of a chapter, the one that its beginning is; reported where it failed, or nothing follows it. */
export const preparation = "what its cases stand on is made";
/** Among the cases of a chapter, the one that its end is. */
export const nothingLeft = "leaves nothing behind";
