import type { Tsd, TsdOptions } from "../../api/index.js";
import { printable } from "../../errors/printable.js";
import { describeSystemError } from "../../errors/system-error.js";
import { TsdError } from "../../errors/tsd-error.js";
import { type CommandLine, parseCommandLine } from "./command-line.js";
import { createNetwork } from "./create-network.js";
import { NameServer } from "./name-server.js";
import { planAttachments } from "./plan-attachments.js";
import { PodmanNetworks } from "./podman-networks.js";
import { readNetworkOptions } from "./read-network-options.js";
import { setup } from "./setup.js";
import { teardown } from "./teardown.js";

/** All that netavark touches beside its arguments. */
export interface Surroundings {
  open(options: Pick<TsdOptions, "onWarning">): Promise<Tsd>;
  /** Runs a program that leaves a daemon behind, to its own end. Returns its exit code. */
  startDaemon(file: string, args: readonly string[]): Promise<number>;
  /** The text of a file, or of standard input. */
  read(file: string | undefined): string;
  exists(path: string): boolean;
  writeOut(text: string): void;
  writeError(text: string): void;
  /** Names of the host's interfaces. */
  links(): readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/**
 * Does what podman asks of netavark. On standard output is what podman reads and nothing else: a result, or why there is
 * none as `{"error":"…"}`. Returns the exit code.
 */
export async function runNetavark(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const result = await perform(parseCommandLine(argv), surroundings);
    if (result !== undefined)
      surroundings.writeOut(`${typeof result === "string" ? result : JSON.stringify(result)}\n`);
    return 0;
  } catch (error) {
    surroundings.writeOut(`${JSON.stringify({ error: wordsOf(error) })}\n`);
    return 1;
  }
}

async function perform(call: CommandLine, surroundings: Surroundings): Promise<unknown> {
  const { version } = surroundings;
  const read = (): string => surroundings.read(call.file);
  const networksOf = (tsd: Tsd): PodmanNetworks => new PodmanNetworks(tsd, surroundings.exists);
  switch (call.command) {
    case "version":
      return { version, commit: "", build_time: "", target: `${process.arch}-linux`, default_fw_driver: "tsd" };
    case "--version":
      return `netavark by tsd ${version}`;
    case "create":
      return createNetwork(read(), surroundings.links());
    case "update":
      nameServer(call, surroundings).update(call.subject, call.dnsServers);
      return undefined;
    case "firewall-reload":
      await withTsd(surroundings, (tsd) => tsd.system.reload());
      return undefined;
    case "setup": {
      refuseRootless(call);
      const names = nameServer(call, surroundings);
      const container = readNetworkOptions(read());
      const planned = planAttachments(container, call.subject);
      return withTsd(surroundings, (tsd) => setup(networksOf(tsd), names, { container, planned }));
    }
    case "teardown": {
      refuseRootless(call);
      const names = nameServer(call, surroundings);
      const container = readNetworkOptions(read());
      return withTsd(surroundings, (tsd) => teardown(networksOf(tsd), names, container));
    }
  }
}

async function withTsd<T>(surroundings: Surroundings, work: (tsd: Tsd) => Promise<T>): Promise<T> {
  const onWarning = (warning: string): void => surroundings.writeError(`tsd: warning: ${printable(warning)}\n`);
  using tsd = await surroundings.open({ onWarning });
  return await work(tsd);
}

function nameServer({ config, aardvark, command }: CommandLine, { env, startDaemon }: Surroundings): NameServer {
  if (config === undefined) {
    throw new TsdError({
      kind: "invalid-input",
      code: "TSD_NETAVARK_USAGE",
      message: `netavark ${command} needs --config`,
      details: { command },
    });
  }
  const { NETAVARK_DNS_PORT: port = "53" } = env;
  if (port === "53") return new NameServer(config, aardvark, startDaemon);
  throw new TsdError({
    kind: "unsupported",
    code: "TSD_NETAVARK_DNS_PORT",
    message: `tsd leads containers to nameservers on port 53 alone, and not on ${port}`,
    hint: "Leave dns_bind_port out of containers.conf.",
    details: { port },
  });
}

function refuseRootless({ rootless }: CommandLine): void {
  if (!rootless) return;
  throw new TsdError({
    kind: "permission",
    code: "TSD_NETAVARK_ROOTLESS",
    message: "tsd serves podman of root alone",
    hint: "Leave helper_binaries_dir out of the user's own containers.conf.",
    details: {},
  });
}

/** A sentence and what to do next, as podman shows it behind `netavark: `. */
function wordsOf(thrown: unknown): string {
  const error = describeSystemError(thrown);
  if (!TsdError.is(error))
    return printable(`internal error of tsd: ${String((error as Error | null)?.message ?? error)}`);
  return printable(error.hint === undefined ? error.message : `${error.message} (${error.hint})`);
}
