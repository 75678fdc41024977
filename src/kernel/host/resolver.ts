import { hostname } from "node:os";
import type { Resolver } from "../../contracts/index.js";
import { boundaryOperation, type Step } from "../boundary-operation.js";
import { readIfPresent } from "../files/read-if-present.js";
import { readResolverFiles } from "./resolver-file.js";

export const resolver: Resolver = {
  resolverFiles: readResolverFiles,

  // Through a function, since node:os loads at its first use.
  hostname: () => hostname(),

  async lookup(name) {
    const { lookup } = await import("node:dns/promises");
    const step: Step = { into: "netns", what: () => `look up ${name}`, reads: true };
    const found = await boundaryOperation(step, () => lookup(name, { all: true })).catch(() => []);
    return found.map(({ address }) => address);
  },

  hostsFile: () => readIfPresent("/etc/hosts") ?? "",
};
