import type { TsdErrorInit } from "../errors/tsd-error.js";
import type { CaseResult } from "./chapter.js";
import type { VerifyOptions } from "./verify-options.js";

/** What the process that verifies is asked for. */
export interface VerifyRequest {
  readonly module: string;
  readonly options: VerifyOptions;
  /** Why there is no lab; absent where the process is in namespaces of its own. */
  readonly noLab?: string;
}

/** One line of the report. */
export type VerifyMessage =
  | { readonly begun: Pick<CaseResult, "subject" | "chapter" | "name"> }
  | { readonly result: CaseResult }
  | { readonly failure: TsdErrorInit }
  | { readonly done: true };
