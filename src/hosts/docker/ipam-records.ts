import { Records } from "./records.js";

/** What a plug-in gave for a network. */
export interface PoolsRecord {
  readonly requiresMac: boolean;
  readonly pools: readonly {
    /** `PoolID` */
    readonly id: string;
    readonly cidr: string;
    /** The gateway and others that no container gets; without prefix length. */
    readonly addresses: readonly string[];
  }[];
}

/** What it gave for an endpoint. */
export interface LeasesRecord {
  readonly leases: readonly { readonly pool: string; readonly address: string }[];
  /** The address by which the plug-in knows the endpoint. */
  readonly mac?: string;
}

export const poolsIn = (directory: string): Records<PoolsRecord> => new Records(directory, "pools");
export const leasesIn = (directory: string): Records<LeasesRecord> => new Records(directory, "leases");
