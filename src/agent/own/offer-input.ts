import type { Keys } from "../../cluster/records/keys.js";
import type { Membership } from "../../contracts/index.js";
import type { LocalNetwork } from "../records/local-network.js";
import type { SharedRecords } from "../records/shared-records.js";

export interface OfferInput {
  readonly keys: Keys;
  readonly records: SharedRecords;
  readonly membership: Membership;
  readonly local: LocalNetwork;
  /** Ids of endpoints that records say are on this host. */
  readonly stated: readonly string[];
  /** Of tsd. */
  readonly version: string;
  /** Texts of records that were there before the cluster's state was put back to an earlier one. */
  readonly lost?: LostRecords | undefined;
}

export interface LostRecords {
  readonly network: string | undefined;
  readonly host: string | undefined;
}
