import { statSync } from "node:fs";
import type { EndpointDetails, HostDrift, Tsd } from "../../api/index.js";
import { joinFailures } from "../../errors/join-failures.js";
import { TsdError } from "../../errors/tsd-error.js";
import { driftLines } from "../../presenters/drift-lines.js";
import { attachmentSpec } from "./attachment-spec.js";
import type { Call } from "./call.js";
import type { Config } from "./config.js";
import type { Delegate } from "./delegate.js";
import { endpointId } from "./endpoint-id.js";
import { invalidConfig } from "./errors.js";
import { addressesOf, networkFor } from "./network.js";
import { patiently } from "./patience.js";
import { joinResults, printResult, readResult, resultOf } from "./result.js";

export interface Request {
  readonly call: Call;
  readonly config: Config;
  readonly delegate: Delegate | undefined;
}

/** Attaches the namespace, and returns the result to print. What fails is undone. */
export async function add(tsd: Tsd, { call, config, delegate }: Request): Promise<string> {
  refuseOwnNetns(call);
  const previous = config.fields.object("prevResult");
  const before = previous === undefined ? undefined : readResult(previous);
  await replaceFormer(tsd, config, call);
  // What is wrong with the request is said before anything is leased.
  attachmentSpec(config, call, []);
  try {
    const leased = await delegate?.add();
    const spec = attachmentSpec(config, call, leased && addressesOf(leased));
    const { id } = await patiently(async () => {
      await networkFor(tsd, config, leased);
      return tsd.endpoints.attach(spec);
    });
    const dns = { ...leased?.dns, ...config.fields.object("dns")?.values };
    const own = resultOf(tsd.endpoints.inspect(id), dns, config.version);
    return printResult(joinResults(before, own), config.version);
  } catch (error) {
    // What it has leased, or leased half-way, it gives back.
    await delegate?.forget();
    throw error;
  }
}

/**
 * Detaches it. What is gone already counts as detached, and so does what never was. The attachment of another namespace that
 * lives stays: the container has started again, and this call for its former one is late.
 */
export async function del(tsd: Tsd, { call, config, delegate }: Request): Promise<string> {
  if (isOfAnother(find(tsd, idOf(config, call)), call)) return "";
  const failures: unknown[] = [];
  const note = (error: unknown): void => {
    failures.push(error);
  };
  await detach(tsd, idOf(config, call)).catch(note);
  await delegate?.forward("DEL").catch(note);
  if (failures.length > 0) throw joinFailures(failures);
  return "";
}

/** Compares the kernel with what the attachment's endpoint and its network list. */
export async function check(tsd: Tsd, { call, config, delegate }: Request): Promise<string> {
  if (config.fields.object("prevResult") === undefined)
    throw invalidConfig("prevResult is missing", "A runtime passes the result of ADD to CHECK.");
  const details = find(tsd, idOf(config, call));
  if (details === undefined || details.endpoint.netns !== call.netns) throw notAttached(config, call);
  const { endpoint, network } = details;
  const drift = (await tsd.system.check()).filter((one) => {
    // An orphan belongs to no attachment.
    if ("of" in one) return [endpoint.id, network.id].includes(one.of.id) && !isOfCluster(one);
    return one.problem === "damaged";
  });
  if (drift.length > 0) throw differs(driftLines(drift).trimEnd().replaceAll("\n", "; "));
  await delegate?.forward("CHECK");
  return "";
}

/** Detaches whatever this configuration attached that the runtime does not list as valid any more. */
export async function collect(tsd: Tsd, { config, delegate }: Request): Promise<string> {
  const valid = new Set(
    (config.fields.objects("cni.dev/valid-attachments") ?? []).map((fields) =>
      endpointId({
        network: config.name,
        containerId: fields.string("containerID") ?? "",
        ifname: fields.string("ifname") ?? "",
      }),
    ),
  );
  const stale = tsd.endpoints
    .list()
    .filter(({ id, labels }) => labels?.["cni.network"] === config.name && !valid.has(id));
  const failures: unknown[] = [];
  const note = (error: unknown): void => {
    failures.push(error);
  };
  for (const { id } of stale) await detach(tsd, id).catch(note);
  await delegate?.forward("GC").catch(note);
  if (failures.length > 0) throw joinFailures(failures);
  return "";
}

/** Whether an attachment would work: a packet filter does. */
export async function status(tsd: Tsd, { delegate }: Pick<Request, "delegate">): Promise<string> {
  const { nat } = await tsd.system.info();
  if (nat.problem !== undefined)
    throw new TsdError({
      kind: "unsupported",
      code: "TSD_CNI_UNAVAILABLE",
      message: `nothing can be attached: ${nat.problem}`,
      hint: "See tsd doctor.",
    });
  await delegate?.forward("STATUS");
  return "";
}

/** What other hosts did wrong, or that the cluster cannot be asked, does an attachment no harm; that its agent is gone does. */
function isOfCluster(one: HostDrift): boolean {
  return "resource" in one && one.resource.kind === "membership" && one.problem === "different";
}

function idOf({ name }: Config, { containerId, ifname }: Call): string {
  return endpointId({ network: name, containerId, ifname });
}

function find({ endpoints }: Pick<Tsd, "endpoints">, id: string): EndpointDetails | undefined {
  try {
    return endpoints.inspect(id);
  } catch (error) {
    if (TsdError.is(error, "not-found")) return undefined;
    throw error;
  }
}

async function detach({ endpoints }: Pick<Tsd, "endpoints">, id: string): Promise<void> {
  try {
    await endpoints.detach(id);
  } catch (error) {
    if (!TsdError.is(error, "not-found")) throw error;
  }
}

/**
 * A container that starts again has a new namespace, and its runtime may call ADD for that while the DEL for the former one
 * is late. Throws `conflict` for an attachment of the same namespace.
 */
async function replaceFormer(tsd: Tsd, config: Config, call: Call): Promise<void> {
  const existing = find(tsd, idOf(config, call));
  if (existing === undefined) return;
  if (existing.endpoint.netns !== call.netns) return detach(tsd, existing.endpoint.id);
  throw new TsdError({
    kind: "conflict",
    code: "TSD_CNI_ATTACHED",
    message: `container ${call.containerId} is on network "${config.name}" as ${call.ifname} already, in ${existing.endpoint.netns}`,
    hint: "Call DEL for it first.",
  });
}

function isOfAnother(existing: EndpointDetails | undefined, { netns }: Call): boolean {
  if (existing === undefined || netns === "" || netns === existing.endpoint.netns) return false;
  const present = identityOf(existing.endpoint.netns);
  return present !== undefined && present !== identityOf(netns);
}

function refuseOwnNetns({ netns, mayBeOwnNetns }: Call): void {
  if (mayBeOwnNetns || identityOf(netns) !== identityOf("/proc/self/ns/net")) return;
  throw new TsdError({
    kind: "invalid-input",
    code: "TSD_CNI_NETNS",
    message: `CNI_NETNS ${netns} is the namespace that the plug-in itself runs in`,
    hint: "Pass the container's namespace, or set CNI_NETNS_OVERRIDE=1.",
  });
}

/** A path that leads nowhere is refused where the namespace is entered. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function notAttached({ name }: Config, { containerId, ifname, netns }: Call): TsdError {
  return new TsdError({
    kind: "not-found",
    code: "TSD_CNI_CONTAINER",
    message: `container ${containerId} is not on network "${name}" as ${ifname} in ${netns}`,
    hint: "Call ADD for it.",
  });
}

function differs(what: string): TsdError {
  return new TsdError({
    kind: "kernel",
    code: "TSD_CNI_DRIFT",
    message: `the host differs from what the attachment needs: ${what}`,
    hint: "Repair it: tsd reload",
  });
}
