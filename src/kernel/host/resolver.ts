import { hostname } from "node:os";
import type { Resolver } from "../../contracts/index.js";
import { readIfPresent } from "../files/read-if-present.js";
import { readResolverFiles } from "./resolver-file.js";

export const resolver: Resolver = {
  resolverFiles: readResolverFiles,

  // Through a function, since node:os loads at its first use.
  hostname: () => hostname(),

  hostsFile: () => readIfPresent("/etc/hosts") ?? "",
};
