import type { NameViews } from "../contracts/index.js";
import { HostResolvers } from "../engine/names/host-resolvers.js";
import { StoreNameViews } from "../engine/names/store-name-views.js";
import { resolver } from "../kernel/host/resolver.js";
import { StoreReader } from "../store/open-reader.js";
import { VERSION } from "../version.js";

/** What names mean, for a process that is asked for long. */
export interface OpenNameViews {
  readonly views: NameViews;
  /** False once commands use another state, or one that this tsd does not know: what the views say is of no use then. */
  isUsed(): boolean;
  /** False once the state is gone, or another: costs one look at the file. */
  isThere(): boolean;
  /** Closes the state until the next question. */
  close(): void;
}

/** Opens the state below `root`, which others write, to be read. Throws `store` for what is absent, damaged, or of another version. */
export function openNameViews(root: string): OpenNameViews {
  const reader = new StoreReader(`${root}/state.db`, { tsdVersion: VERSION });
  return {
    views: new StoreNameViews(reader, new HostResolvers(resolver)),
    isUsed: () => reader.isUsed(),
    isThere: () => reader.isThere(),
    close: () => reader.close(),
  };
}
