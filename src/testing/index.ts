/// <reference types="node" preserve="true" />
/** The conformance kit: what tsd's own drivers and packet filters pass, for those of others. */
export type { CaseResult } from "./chapter.js";
export { verifyExtension } from "./verify-extension.js";
export type { NetworkVariant, Reach, VerifyOptions } from "./verify-options.js";
