import { readdirSync } from "node:fs";
import type { PortBinding } from "../../../src/api/index.js";
import type { Host } from "../lab/host.js";
import type { Model, OwnContainer } from "./model.js";
import { readStoreRows, type StoreRows } from "./store-rows.js";

/** What is not as it should be while no command runs: model, store and kernel, each against the next. A line each. */
export async function disagreements(host: Host, model: Model): Promise<readonly string[]> {
  const rows = readStoreRows(host.root);
  const check = await host.tsd(["check"], { timeout: 60_000 });
  return [
    ...different("networks", model.present("networks"), rows.networks),
    ...different("containers", model.present("containers"), rows.containers),
    ...model.own.flatMap((container) => differences(container, rows)),
    ...unfinished(rows),
    ...duplicates(rows),
    ...strangers(rows),
    ...(await differentLinks(host, rows)),
    ...differentProcesses(host, rows),
    ...(check.code === 0 && check.stderr === "" ? [] : [`tsd check: ${check.stdout}${check.stderr}`]),
  ];
}

/** The default network comes and goes by itself, with its first container. */
function different(
  what: string,
  expected: readonly string[],
  rows: readonly { readonly id: string; readonly network?: { readonly name: string } }[],
): readonly string[] {
  const ids = new Set(rows.filter(({ network }) => network?.name !== "bridge").map(({ id }) => id));
  return [
    ...expected.filter((id) => !ids.has(id)).map((id) => `${what}: ${id} is lost`),
    ...[...ids].filter((id) => !expected.includes(id)).map((id) => `${what}: ${id} is there, and nobody made it`),
  ];
}

function differences(own: OwnContainer, { containers, endpoints, networks }: StoreRows): readonly string[] {
  const row = containers.find(({ container }) => container.name === own.name);
  const mine = endpoints.filter(({ containerId }) => containerId !== undefined && containerId === row?.id);
  const nameOf = (id: string): string | undefined => networks.find((found) => found.id === id)?.network.name;
  const found = {
    id: row?.id,
    running: row?.container.status === "running",
    networks: mine.map(({ endpoint }) => nameOf(endpoint.networkId)).sort(),
    // Two networks may publish a port, one for each family.
    ports: [...new Set(mine.flatMap(({ endpoint }) => endpoint.ports).map(pairOf))].sort(),
  };
  const expected = {
    id: own.id,
    running: own.running,
    networks: own.running ? [...own.networks].sort() : [],
    ports: own.running ? [...own.ports].map((pair) => pair.join(":")).sort() : [],
  };
  const [has, wants] = [JSON.stringify(found), JSON.stringify(expected)];
  const history = own.history.join("\n");
  return has === wants ? [] : [`container ${own.name} is ${has} and should be ${wants} after\n${history}`];
}

function pairOf({ hostPort, containerPort }: PortBinding): string {
  return `${hostPort}:${containerPort}`;
}

function unfinished({ networks, containers, endpoints }: StoreRows): readonly string[] {
  const rows = [...networks, ...containers, ...endpoints].filter(({ state }) => state !== "ready");
  const between = containers.filter(
    ({ container }) => container.status === "starting" || container.status === "stopping",
  );
  return [...rows, ...between].map(({ id, state }) => `row ${id} is ${state} though no command runs`);
}

function duplicates({ endpoints, claims, leases }: StoreRows): readonly string[] {
  const addresses = endpoints.flatMap(({ endpoint }) =>
    endpoint.addresses.map((address) => `${endpoint.networkId} ${address}`),
  );
  const overlapping = claims.flatMap((one, at) =>
    claims
      .slice(at + 1)
      .filter(
        (other) =>
          one.protocol === other.protocol &&
          one.first <= other.last &&
          other.first <= one.last &&
          (one.host_address === other.host_address || one.host_address === "" || other.host_address === ""),
      )
      .map((other) => `port ${one.protocol} ${other.first} is claimed by ${one.endpoint_id} and ${other.endpoint_id}`),
  );
  return [
    ...repeated("address", addresses),
    ...repeated(
      "hardware address",
      endpoints.map(({ endpoint }) => endpoint.mac),
    ),
    ...repeated(
      "lease",
      leases.map(({ network, address }) => `${network} ${address}`),
    ),
    ...overlapping,
  ];
}

function repeated(what: string, values: readonly string[]): readonly string[] {
  return values.filter((value, at) => values.indexOf(value) !== at).map((value) => `${what} ${value} is there twice`);
}

/** Leases and claims of nobody, endpoints of no network or of a container that does not run. */
function strangers({ networks, containers, endpoints, claims, leases }: StoreRows): readonly string[] {
  const ids = new Set([...networks, ...containers, ...endpoints].map(({ id }) => id));
  const running = new Set(containers.filter(({ container }) => container.status === "running").map(({ id }) => id));
  return [
    ...leases.filter(({ holder }) => !ids.has(holder)).map(({ address }) => `address ${address} is held by nobody`),
    ...claims.filter((claim) => !ids.has(claim.endpoint_id)).map(({ first }) => `port ${first} is held by nobody`),
    ...endpoints
      .filter(({ endpoint }) => !ids.has(endpoint.networkId))
      .map(({ id }) => `endpoint ${id} is on no network`),
    ...endpoints
      .filter(({ containerId = "" }) => !running.has(containerId))
      .map(({ id }) => `endpoint ${id} belongs to nothing that runs`),
  ];
}

/** Links of the host that rows list and those that are there, both ways. */
async function differentLinks(host: Host, { networks, endpoints }: StoreRows): Promise<readonly string[]> {
  const expected = [...networks, ...endpoints].flatMap(({ resources }) =>
    resources.flatMap((resource) => (resource.kind === "link" && resource.netns === undefined ? [resource.name] : [])),
  );
  const shown: readonly { readonly ifname: string }[] = JSON.parse(await host.mustRun(["ip", "-json", "link", "show"]));
  const found = shown.map(({ ifname }) => ifname).filter((name) => name !== "lo" && name !== "uplink0");
  return [
    ...expected.filter((name) => !found.includes(name)).map((name) => `link ${name} is missing`),
    ...found.filter((name) => !expected.includes(name)).map((name) => `link ${name} is an orphan`),
  ];
}

/** A namespace and a directory of the runtime for each container that runs, and no other. */
function differentProcesses({ runDirectory }: Host, { containers }: StoreRows): readonly string[] {
  const running = containers.filter(({ container }) => container.status === "running");
  const names = readdirSync(`${runDirectory}/netns`);
  const expected = running.map(({ container }) => container.sandbox?.netns ?? "");
  const found = names.map((name) => `${runDirectory}/netns/${name}`);
  return [
    ...expected.filter((path) => !found.includes(path)).map((path) => `namespace ${path} is missing`),
    ...found.filter((path) => !expected.includes(path)).map((path) => `namespace ${path} is an orphan`),
    ...running
      .filter(({ container: { pid } }) => !readdirSync("/proc").includes(String(pid)))
      .map(({ container }) => `container ${container.name} has no process`),
  ];
}
