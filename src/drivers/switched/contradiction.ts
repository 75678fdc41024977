import { type Network, TsdError } from "../../api/index.js";

/** Options that cannot all be met, by each other or by what the network is. */
export interface Contradiction {
  readonly holds: boolean;
  readonly says: string;
  readonly hint: string;
}

/** Throws `invalid-input` for the first that holds. */
export function refuseContradictions(network: Network, contradictions: readonly Contradiction[]): void {
  const found = contradictions.find(({ holds }) => holds);
  if (found === undefined) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_OPTION_CONFLICT",
    message: `network "${network.name}": ${found.says}`,
    hint: found.hint,
    details: { network: network.name, options: network.options },
  });
}
