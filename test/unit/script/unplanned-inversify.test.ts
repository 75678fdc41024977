import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "@jest/globals";
import { withoutVainLooks } from "../../../script/esbuild/unplanned-inversify.js";

const core = createRequire(createRequire(import.meta.url).resolve("inversify")).resolve("@inversifyjs/core");
const source = readFileSync(core.replace(/lib\/.*/, "lib/planning/services/PlanResultCacheService.js"), "utf8");

test("plans are looked through once there is one, and all that holds some are", () => {
  const rewritten = withoutVainLooks(source);
  const removed = rewritten
    .replace("    #hasPlans = false;\n", "")
    .replaceAll(" this.#hasPlans = true;", "")
    .replaceAll("if (this.#hasPlans) ", "");
  expect(removed).toBe(source);
  expect(rewritten.match(/if \(this\.#hasPlans\) this\.#invalidate\w+\(invalidation\);/g)).toHaveLength(5);
  // What adds to a map of plans is in a function that says so.
  const adding = rewritten.split(/^ {4}(?=[#\w]+\()/m).filter((part) => /\.set\(/.test(part));
  expect(adding.filter((part) => !part.includes("this.#hasPlans = true;")).map((part) => part.split("(")[0])).toEqual([
    "#getOrBuildMapValueFromMapMap",
  ]);
});

test("another file than the one that is known is refused", () => {
  expect(() => withoutVainLooks(source.replace("#invalidateTaggedServiceMap(invalidation);", ""))).toThrow("review");
  expect(() => withoutVainLooks(source.replace("set(options, planResult) {", "put(options, planResult) {"))).toThrow(
    "review",
  );
});
