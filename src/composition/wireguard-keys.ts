import type { WireguardKeys } from "../engine/contracts/parts.js";
import type { Settings } from "./tokens.js";

/** Directory of this host's private keys. */
export const keysBelow = (root: string): string => `${root}/wireguard`;

/** In a dry run a key that is not there yet is drawn, and kept nowhere. */
export function wireguardKeys({ root, dryRun }: Pick<Settings, "root" | "dryRun">): WireguardKeys {
  return {
    async publicKey(name) {
      const { drawKey, PrivateKeys, publicKeyOf } = await import("../kernel/wireguard/private-keys.js");
      const keys = new PrivateKeys(keysBelow(root));
      if (dryRun === undefined) return publicKeyOf(keys.require(name));
      return keys.findPublic(name) ?? publicKeyOf(drawKey());
    },
    async forget(name) {
      const { PrivateKeys } = await import("../kernel/wireguard/private-keys.js");
      if (dryRun === undefined) new PrivateKeys(keysBelow(root)).remove(name);
    },
  };
}
