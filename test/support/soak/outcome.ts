import type { Output } from "../lab/program.js";

/** How a command ended: as asked, refused for a reason that a user understands, or in a way that is never right. */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly code: string }
  | { readonly kind: "failed"; readonly text: string };

/** What others may always be faster with. Everything else, whatever its kind, is a defect. */
const refusals: ReadonlySet<string> = new Set([
  "TSD_ADDRESS_NONE_FREE",
  "TSD_ADDRESS_TAKEN",
  "TSD_CONTAINER_ACTIVE",
  "TSD_CONTAINER_BUSY",
  "TSD_CONTAINER_EXISTS",
  "TSD_CONTAINER_NOT_FOUND",
  "TSD_CONTAINER_NOT_RUNNING",
  "TSD_ENDPOINT_BUSY",
  "TSD_ENDPOINT_EXISTS",
  "TSD_ENDPOINT_NOT_FOUND",
  "TSD_ENDPOINT_NOT_READY",
  "TSD_NETWORK_BUSY",
  "TSD_NETWORK_EXISTS",
  "TSD_NETWORK_IN_USE",
  "TSD_NETWORK_NOT_FOUND",
  "TSD_PORT_TAKEN",
  "TSD_PORT_NO_NETWORK",
  "TSD_PORT_NOT_PUBLISHED",
]);

/** The same in words, for commands that have no `--json`. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^container "[^"]+" does not exist$/, "TSD_CONTAINER_NOT_FOUND"],
  [/^network "[^"]+" does not exist$/, "TSD_NETWORK_NOT_FOUND"],
  [/^"[^"]+" is not on network "[^"]+"$/, "TSD_ENDPOINT_NOT_FOUND"],
  [/^container "[^"]+" is (starting|stopping|exited|created)$/, "TSD_CONTAINER_BUSY"],
  [/^the attachment to network "[^"]+" is being \w+ by process \d+$/, "TSD_ENDPOINT_BUSY"],
  [/^network "[^"]+" is being \w+ by process \d+$/, "TSD_NETWORK_BUSY"],
  [/^network "n0": all \d+ addresses of \S+ are in use$/, "TSD_ADDRESS_NONE_FREE"],
];

/** A container that left its networks keeps its requests for ports. */
const expectedWarning =
  /^tsd: warning: container "s\d" is on no network that publishes ports, so that none is published\n/;

/** What `rm --force` says of a container that another was faster with. */
const expectedNotice = /^(tsd: container "s\d" does not exist\n)*$/;

/** Judges what a command said and its exit code. */
export function judge({ code, stdout, stderr: said }: Output, words: readonly string[]): Outcome {
  const stderr = said.replace(expectedWarning, "");
  if (code === 0 && expectedNotice.test(stderr)) return { kind: "done" };
  const refusal = stderr.startsWith("{")
    ? codeOf(stderr)
    : sentences.find(([said]) => said.test(sentenceOf(stderr)))?.[1];
  if (code !== 0 && refusal !== undefined && refusals.has(refusal)) return { kind: "refused", code: refusal };
  return {
    kind: "failed",
    text: `tsd ${words.join(" ")} exited with ${code}: ${stderr}${code === 0 ? "" : stdout}`.trim(),
  };
}

function sentenceOf(stderr: string): string {
  return stderr.replace(/^tsd: /, "").split("\n")[0] ?? "";
}

function codeOf(stderr: string): string | undefined {
  try {
    return (JSON.parse(stderr) as { readonly error: { readonly code: string } }).error.code;
  } catch {
    return undefined;
  }
}
