import { expect, test } from "@jest/globals";
import type { Bundle } from "../../../src/runtime/bundle.js";
import { deleteState } from "../../../src/runtime/delete-state.js";

/** Deletes with a runtime that fails, and another at the same, which has the state gone after so many looks. */
async function deleteBesideAnother(looks: number): Promise<string> {
  let left = looks;
  const bundle: Partial<Bundle> = { id: "c", hasState: () => left-- > 0 };
  const run = (): Promise<void> => Promise.reject(new Error("cannot open directory"));
  return deleteState(() => ({ run, keepsOnlyFiles: false }), bundle as Bundle).then(
    () => "deleted",
    (error: Error) => error.message,
  );
}

test.each([
  ["before it begins", 0, "deleted"],
  ["meanwhile", 1, "deleted"],
  ["soon", 5, "deleted"],
  ["never", Number.POSITIVE_INFINITY, "cannot open directory"],
])("what another runtime deletes %s", async (_, looks, outcome) => {
  expect(await deleteBesideAnother(looks)).toBe(outcome);
});
