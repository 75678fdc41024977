import type { NatBackend, NatIntent } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import { failureOf } from "../expectations.js";
import { hostPrograms, runProgram } from "../lab/host-programs.js";
import type { BackendSubject } from "./backend-subject.js";
import { guard, isolate, segment } from "./intents.js";

/** A backend on the host that is the process's own namespace. */
export async function backendOnOwnHost(name: string, make: () => Promise<NatBackend>): Promise<BackendSubject> {
  const table = "inet foreign";
  return {
    name,
    make,
    listing,
    plant: () =>
      runProgram(["nft", `add table ${table}; add chain ${table} tsd { type filter hook input priority 0; }`]),
    uproot: () => runProgram(["nft", `delete table ${table}`]),
    guards: await supports(await make(), [isolate, guard()]),
    spans: await supports(await make(), [segment]),
  };
}

/** Whether it lists them, and this kernel has what they need. */
async function supports(backend: NatBackend, intents: readonly NatIntent[]): Promise<boolean> {
  if (!intents.every(({ kind }) => backend.kinds.includes(kind))) return false;
  const error = await failureOf(() => backend.ensure(intents));
  await backend.purge();
  return !TsdError.is(error, "unsupported");
}

/** Tables of iptables-nft, which never takes them away again; their rules are listed by iptables-save. */
const iptablesTables = /^(ip|ip6) (filter|nat|mangle|raw|security)$/;

/** All packet filters of the namespace: tables of nft, and rules and own chains of both variants of iptables. */
async function listing(): Promise<string> {
  const { stdout: tables } = await hostPrograms.run(["nft", "list", "tables"]);
  const names = tables.split("\n").map((line) => line.replace(/^table /, ""));
  const own = names.filter((name) => name !== "" && !iptablesTables.test(name));
  const texts = own.map((name) => runProgram(["nft", "list", "table", ...name.split(" ")]));
  const saves = ["ip", "ip6"].flatMap((family) => {
    const legacy = `! grep -qs . /proc/net/${family}_tables_names || ${family}tables-legacy-save`;
    const nft = names.some((name) => name.startsWith(`${family} `)) ? `${family}tables-nft-save` : "true";
    return [nft, legacy].map((command) => savedRules(family, command));
  });
  return (await Promise.all([...texts, ...saves])).filter((text) => text !== "").join("\n");
}

/** Without the built-in chains. */
async function savedRules(family: string, command: string): Promise<string> {
  const { stdout } = await hostPrograms.run(["sh", "-c", command]);
  const lines = stdout.split("\n").map((line) => `${family}tables ${line}`.replace(/ \[\d+:\d+\]$/, ""));
  return lines.filter((line) => /tables (-A|:\S+ -$)/.test(line)).join("\n");
}
