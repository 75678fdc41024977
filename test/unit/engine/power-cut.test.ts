import { expect, jest, test } from "@jest/globals";
import type { ContainerSpec, NetworkDriver, Resource } from "../../../src/api/index.js";
import type { TsdProcess } from "../../support/engine/tsd-process.js";
import { World } from "../../support/engine/world.js";

const web: ContainerSpec = { image: "busybox", name: "web", networks: [{ network: "n" }], publish: ["80"] };
const brief: ContainerSpec = { ...web, autoRemove: true };

type Work = (tsd: TsdProcess) => Promise<unknown>;

const run: Work = ({ containers }) => containers.runDetached(web);
const end: Work = ({ containers }) => containers.stop("web", { timeout: 0 });
const remove: Work = ({ containers }) => containers.remove("web", { force: true });

/**
 * What the disk has of the container when the command reports: nothing that it was told is lost. A row that is not `ready`, or
 * of one that goes with its run, is removed by the next command, see the tests of kills.
 */
test.each<[name: string, before: readonly Work[], command: Work, onDisk: string, syncs: number]>([
  ["create", [], ({ containers }) => containers.create(web), "ready created", 2],
  ["run -d", [], run, "ready running", 2],
  ["run -d --rm", [], ({ containers }) => containers.runDetached(brief), "creating starting, goes with its run", 1],
  [
    "run --rm",
    [],
    ({ containers }) => containers.run({ ...brief, command: ["exit", "3"] }),
    "creating starting, goes with its run",
    1,
  ],
  ["run", [], ({ containers }) => containers.run({ ...web, command: ["exit", "3"] }), "ready exited 3", 3],
  ["start", [run, end], ({ containers }) => containers.start("web"), "ready running", 2],
  ["stop", [run], end, "ready exited 143", 1],
  ["rm -f", [run], remove, "deleting running", 1],
  ["rm", [run, end], ({ containers }) => containers.remove("web"), "deleting exited 143", 1],
])("a power cut after %s", async (...[, before, command, onDisk, syncs]) => {
  using world = new World();
  const process = await world.commandOnNetwork();
  for (const work of before) await work(process);
  const disk: string[] = [];
  process.steps.onSync = () => {
    const rows = world.store.containers.list().map(({ state, container: { status, exitCode, spec } }) => {
      const code = exitCode === undefined ? "" : ` ${exitCode}`;
      return `${state} ${status}${code}${spec.autoRemove ? ", goes with its run" : ""}`;
    });
    disk.push(rows.join("; "));
  };
  await command(process);
  expect([disk.at(-1), disk.length]).toEqual([onDisk, syncs]);
});

/** What the disk has of a network at each wait for it, where its driver lists `besides` too. */
async function syncsOfNetwork(besides: readonly Resource[]): Promise<readonly string[]> {
  using world = new World();
  const process = await world.command();
  const driver = process.parts.drivers.get("bridge") as NetworkDriver;
  const list = driver.network.bind(driver);
  jest.spyOn(driver, "network").mockImplementation((network) => [...list(network), ...besides]);
  const disk: string[] = [];
  process.steps.onSync = () =>
    disk.push(
      world.store.networks
        .list()
        .map(({ state }) => state)
        .join(),
    );
  await process.networks.create({ name: "n", subnets: ["10.1.0.0/24"] });
  jest.restoreAllMocks();
  return disk;
}

test("a network is on the disk once it is ready, and before anything of it is on a disk", async () => {
  expect(await syncsOfNetwork([])).toEqual(["ready"]);
  expect(await syncsOfNetwork([{ kind: "directory", path: "/state/networks/n" }])).toEqual(["creating", "ready"]);
});
