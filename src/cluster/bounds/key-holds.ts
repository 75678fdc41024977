import type { ClusterRecord, Requirement } from "../../contracts/index.js";

/** A requirement of one key. */
export type KeyRequirement = Extract<Requirement, { readonly key: string }>;

/** Whether it holds for the record that the key has; undefined for none. */
export function keyHolds(requirement: KeyRequirement, record: Pick<ClusterRecord, "modified"> | undefined): boolean {
  if ("modified" in requirement) return (record?.modified ?? 0) === requirement.modified;
  return (requirement.is === "present") === (record !== undefined);
}
