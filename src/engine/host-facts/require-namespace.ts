import type { Container } from "../../api/index.js";
import type { Links } from "../../contracts/index.js";
import { TsdError } from "../../errors/tsd-error.js";

/** Throws where the path of the namespace that a container lives in leads to it no more. */
export function requireNamespace(host: Links, { id, name, sandbox }: Container): void {
  const netns = sandbox?.netns;
  if (netns === undefined) return;
  try {
    host.namespace(netns);
  } catch (error) {
    if (!TsdError.is(error)) throw error;
    throw new TsdError({
      kind: "conflict",
      code: "TSD_NAMESPACE_LOST",
      message: `the network namespace of container "${name}" has lost its name: ${netns} does not lead to it`,
      hint: "Have it named again: tsd reload",
      details: { container: id, path: netns },
      cause: error,
    });
  }
}
