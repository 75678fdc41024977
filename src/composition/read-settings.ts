import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TsdOptions } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { canonicalPath } from "../kernel/canonical-path.js";
import type { Settings } from "./tokens.js";

/** Options of the caller, else the environment, else what a machine is expected to want; empty words count as none. */
export function readSettings(options: TsdOptions): Omit<Settings, "version"> {
  const { env } = process;
  const root = canonicalPath(options.root || env.TSD_ROOT || "/var/lib/tsd");
  const run = runDirectory(canonicalPath(options.run || env.TSD_RUN || "/run/tsd"));
  const config = resolve(options.config || env.TSD_CONFIG || "/etc/tsd/config.json");
  const runtime = options.runtime ?? env.TSD_RUNTIME;
  const nft = options.nft ?? (env.TSD_NFT === "exec" ? "exec" : "netlink");
  const iptables = options.iptables ?? iptablesVariant(env.TSD_IPTABLES);
  const environment = [`TSD_ROOT=${root}`, `TSD_RUN=${run}`, `TSD_CONFIG=${config}`, `TSD_NFT=${nft}`];
  if (runtime !== undefined) environment.push(`TSD_RUNTIME=${runtime}`);
  if (iptables !== undefined) environment.push(`TSD_IPTABLES=${iptables}`);
  const program = `${import.meta.dirname}/../bin/tsd`;
  return {
    root,
    run,
    config: { path: config, read: () => readJson(config) },
    nft,
    warn: options.onWarning ?? (() => undefined),
    exitCommand: ["/usr/bin/env", ...environment, program, "container", "release"],
    ...(runtime === undefined ? {} : { runtime }),
    ...(iptables === undefined ? {} : { iptables }),
    ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
  };
}

/** crun takes what stands before a colon in the path of a log for the kind of the log. */
function runDirectory(path: string): string {
  if (!/[:\p{Cc}]/u.test(path)) return path;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_RUN_INVALID",
    message: `the directory for running containers, ${path}, has a colon or a control character in its name`,
    hint: "Name another with TSD_RUN.",
    details: { path },
  });
}

function iptablesVariant(word: string | undefined): "nft" | "legacy" | undefined {
  return word === "nft" || word === "legacy" ? word : undefined;
}

/** Undefined for a file that is not there. */
function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return undefined;
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_CONFIG_UNREADABLE",
      message: `the configuration file ${path} cannot be read: ${code ?? message}`,
      hint: "Make it valid JSON that root can read, or name another with TSD_CONFIG.",
      details: { path },
      cause: error,
    });
  }
}
