import type { Elsewhere, NameViews } from "../contracts/index.js";
import { HostResolvers } from "../engine/names/host-resolvers.js";
import { KeptNames } from "../engine/names/names-elsewhere.js";
import { StoreNameViews } from "../engine/names/store-name-views.js";
import { resolver } from "../kernel/host/resolver.js";
import type { ServiceState } from "../service/service-process.js";
import { StoreReader } from "../store/open-reader.js";
import { VERSION } from "../version.js";

/** What names mean, from a state that is open while it is asked. */
interface OpenViews extends Omit<ServiceState, "subjects"> {
  readonly views: NameViews;
}

/** Opens the state below `root`, which others write, to be read. Throws `store` for what is absent, damaged, or of another version. */
export function openNameViews(root: string, elsewhere: Elsewhere): OpenViews {
  const reader = new StoreReader(`${root}/state.db`, { tsdVersion: VERSION });
  return {
    views: new StoreNameViews(reader, new HostResolvers(resolver), new KeptNames(elsewhere)),
    isUsed: () => reader.isUsed(),
    isThere: () => reader.isThere(),
    close: () => reader.close(),
  };
}
