import { readFileSync } from "node:fs";
import type { TsdOptions } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import type { Settings } from "./tokens.js";

/** Options of the caller, else the environment, else what a machine is expected to want. */
export function readSettings(options: TsdOptions): Omit<Settings, "version"> {
  const { env } = process;
  const root = options.root ?? env.TSD_ROOT ?? "/var/lib/tsd";
  const run = options.run ?? env.TSD_RUN ?? "/run/tsd";
  const config = options.config ?? env.TSD_CONFIG ?? "/etc/tsd/config.json";
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
