import { familyOf } from "../../api/address-family.js";
import type { HostSettings, PoolBase } from "../../api/index.js";
import type { Store } from "../../contracts/index.js";
import { randomBytes } from "../rows/identifiers.js";

const ULA = "ula";

/**
 * Where free subnets of a family come from, in the caller's transaction; undefined leaves it to IPAM. For IPv6 without a
 * setting that is a prefix of this installation's own, whose 40 random bits make it unlike any other (RFC 4193 §3.2.2).
 */
export function poolBases(
  store: Pick<Store, "settings">,
  settings: HostSettings,
  family: 4 | 6,
): readonly PoolBase[] | undefined {
  const configured = settings["default-address-pools"];
  if (configured?.some(({ base }) => familyOf(base) === family)) return configured;
  if (family === 4) return undefined;
  const known = store.settings.get<string>(ULA);
  const base = known ?? newPrefix();
  if (known === undefined) store.settings.set(ULA, base);
  return [{ base, size: 64 }];
}

function newPrefix(): string {
  const digits = `fd${randomBytes(5).toString("hex")}`;
  return `${digits.slice(0, 4)}:${digits.slice(4, 8)}:${digits.slice(8, 12)}::/48`;
}
