import { type TsdError, withoutPrefix } from "../../api/index.js";
import { pluginFailure } from "./cni-failure.js";
import type { CniResult } from "./read-result.js";
import type { CniAttachment } from "./resources.js";

/** What a result says of the interface that was asked for. */
interface Made {
  readonly mac?: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
}

/** Throws `plugin` for the result of another attachment, or with other addresses than tsd leased. */
export function requireAsked(attachment: CniAttachment, { interfaces, ips }: CniResult): Made {
  const { netns, name } = attachment;
  const at = interfaces.findIndex((one) => one.name === name && one.sandbox === netns);
  if (at < 0 && interfaces.length > 0) {
    const inside = interfaces.find(({ sandbox }) => sandbox !== undefined) ?? interfaces[0];
    const made = inside?.sandbox === undefined ? `${inside?.name} of the host` : `${inside.name} in ${inside.sandbox}`;
    throw failure(attachment, `it reports interface ${made}, and ${name} in ${netns} was asked for`);
  }
  const addresses = ips.filter((ip) => ip.interface === undefined || ip.interface === at).map(({ address }) => address);
  requireLeased(attachment, addresses);
  const mac = interfaces[at]?.mac;
  return { addresses, ...(mac === undefined ? {} : { mac }) };
}

function requireLeased(attachment: CniAttachment, addresses: readonly string[]): void {
  const { addresses: leased } = attachment;
  if (leased === undefined) return;
  const words = (list: readonly string[]): string =>
    list
      .map(withoutPrefix)
      .map((one) => one.toLowerCase())
      .sort()
      .join(", ");
  if (words(leased) === words(addresses)) return;
  const given = addresses.length === 0 ? "no address" : words(addresses);
  throw failure(attachment, `it gave ${given}, and ${words(leased)} was asked for`);
}

function failure({ list }: CniAttachment, what: string): TsdError {
  return pluginFailure(list.plugins.at(-1)?.type ?? "", "ADD", what);
}
