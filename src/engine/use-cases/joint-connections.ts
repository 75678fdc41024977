import type { Endpoint, NetworkAttachment } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { foreignNamespace } from "../requests/foreign-namespace.js";
import { undoOnFailure } from "../resources/undo-on-failure.js";
import type { Connections } from "./connections.js";
import type { EndpointUseCases } from "./endpoints.js";

interface Ways {
  readonly connections: Pick<Connections, "connect" | "disconnect">;
  readonly endpoints: Pick<EndpointUseCases, "attachMany">;
}

/**
 * Several targets join a network: all of them, or none where one cannot. Namespaces that tsd did not make are one transaction.
 * Containers join one after the other, each as by itself, and leave again where a later one fails.
 */
export async function connectTogether(
  { connections, endpoints }: Ways,
  targets: readonly string[],
  attachment: NetworkAttachment,
): Promise<readonly (Endpoint | undefined)[]> {
  const [first = "", ...others] = targets;
  if (others.length === 0) return [await connections.connect(first, attachment)];
  refuseUnshareable(targets, attachment);
  const namespaces = targets.flatMap((target) => foreignNamespace(target) ?? []);
  if (namespaces.length === targets.length)
    return endpoints.attachMany(namespaces.map((netns) => ({ ...attachment, netns })));
  const joined: string[] = [];
  const results: (Endpoint | undefined)[] = [];
  const join = async (): Promise<readonly (Endpoint | undefined)[]> => {
    for (const target of targets) {
      results.push(await connections.connect(target, attachment));
      joined.push(target);
    }
    return results;
  };
  return undoOnFailure(join, async () => {
    for (const target of joined.toReversed()) await connections.disconnect(target, attachment.network, {});
  });
}

function refuseUnshareable(targets: readonly string[], { address, address6, mac }: NetworkAttachment): void {
  const repeated = targets.find((target, at) => targets.indexOf(target) !== at);
  if (repeated !== undefined)
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_TARGET_REPEATED",
      message: `"${repeated}" is named twice`,
      hint: "Name each once.",
      details: { target: repeated },
    });
  const own = address ?? address6 ?? mac;
  if (own !== undefined)
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_ADDRESS_SHARED",
      message: `${own} can be the address of one only, and ${targets.length} are to be connected`,
      hint: "Connect that one by a command of its own.",
      details: { address: own },
    });
}
