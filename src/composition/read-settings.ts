import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { TsdOptions } from "../api/index.js";
import { TsdError } from "../errors/tsd-error.js";
import { ownProgram } from "../installation.js";
import { programPath } from "../kernel/programs/program-path.js";
import { stateDirectories } from "./state-directories.js";
import type { Settings } from "./tokens.js";

/**
 * Options of the caller, else the environment, else what a machine is expected to want; empty words count as none. Throws
 * `invalid-input` naming the variable whose value means nothing.
 */
export function readSettings(options: TsdOptions): Omit<Settings, "version"> {
  const { env } = process;
  const { root, run } = stateDirectories(
    options.root || env.TSD_ROOT || "/var/lib/tsd",
    options.run || env.TSD_RUN || "/run/tsd",
  );
  const config = resolve(options.config || env.TSD_CONFIG || "/etc/tsd/config.json");
  const runtime = options.runtime ?? programOf(env, "TSD_RUNTIME");
  const nft = options.nft ?? wordOf(env, "TSD_NFT", ["netlink", "exec"]) ?? "netlink";
  const iptables = options.iptables ?? wordOf(env, "TSD_IPTABLES", ["nft", "legacy"]);
  wordOf(env, "TSD_DEBUG", ["0", "1"]);
  const variables = {
    ...{ TSD_ROOT: root, TSD_RUN: run, TSD_CONFIG: config, TSD_NFT: nft },
    ...(runtime === undefined ? {} : { TSD_RUNTIME: runtime }),
    ...(iptables === undefined ? {} : { TSD_IPTABLES: iptables }),
  };
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return {
    root,
    run,
    config: { path: config, read: () => readJson(config) },
    nft,
    credentials: credentialSource(env),
    forget: options.forget ?? false,
    warn: options.onWarning ?? (() => undefined),
    environment: { PATH: env.PATH ?? "", ...variables },
    exitCommand: ["/usr/bin/env", ...words, ...ownProgram("tsd"), "container", "release"],
    ...(runtime === undefined ? {} : { runtime }),
    ...(env.CNI_PATH ? { cniPath: env.CNI_PATH } : {}),
    ...(iptables === undefined ? {} : { iptables }),
    ...(options.dryRun === undefined ? {} : { dryRun: options.dryRun }),
  };
}

/** As docker finds its own. */
function credentialSource({ HOME, DOCKER_CONFIG }: Environment): Settings["credentials"] {
  const directory = DOCKER_CONFIG || (HOME ? `${HOME}/.docker` : undefined);
  return {
    ...(directory === undefined ? {} : { path: resolve(directory, "config.json") }),
    environment: { ...(HOME ? { HOME } : {}), ...(DOCKER_CONFIG ? { DOCKER_CONFIG } : {}) },
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a variable that has a few; undefined where it is not set. */
function wordOf<T extends string>(env: Environment, variable: string, words: readonly T[]): T | undefined {
  const value = env[variable];
  const word = words.find((one) => one === value);
  if (!value || word !== undefined) return word;
  throw invalidVariable(variable, value, `is neither "${words.join('" nor "')}"`);
}

function programOf(env: Environment, variable: string): string | undefined {
  const value = env[variable];
  if (!value) return undefined;
  try {
    programPath(value);
    return value;
  } catch (cause) {
    throw invalidVariable(variable, value, "is no program on this machine", cause);
  }
}

function invalidVariable(variable: string, value: string, why: string, cause?: unknown): TsdError {
  return new TsdError({
    kind: "invalid-input",
    code: "TSD_ENVIRONMENT_INVALID",
    message: `the environment variable ${variable}=${value} ${why}`,
    hint: `Correct it, or do without: unset ${variable}`,
    details: { variable, value },
    cause,
  });
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
