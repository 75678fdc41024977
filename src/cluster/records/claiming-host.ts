import type { HostRecord } from "../../contracts/index.js";
import type { Entry } from "./decode.js";
import type { Scope } from "./scope.js";
import { readHostRecord } from "./values.js";

/** A host that claims something, or gives it back. One of the same name and another epoch is another host. */
export interface ClaimingHost {
  readonly name: string;
  readonly epoch: string;
}

/** The record of exactly that host; undefined where it was removed, or is another by now. */
export async function findHost(scope: Scope, { name, epoch }: ClaimingHost): Promise<Entry<HostRecord> | undefined> {
  const found = await scope.find(scope.keys.host(name), readHostRecord);
  return found?.value.epoch === epoch ? found : undefined;
}
