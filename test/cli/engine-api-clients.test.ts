import { resolve } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { LabRegistry } from "../support/lab/registry.js";
import { useEngineLab } from "./engine-lab.js";

const { lab, service } = useEngineLab();
let registry: LabRegistry;

/** As the reaper of testcontainers, which cannot be had here: it is ready once it has docker's socket, and confirms what it gets. */
const reaper = `test -S /var/run/docker.sock && echo Started &&
  exec nc -ll -p 8080 -e sh -c 'while read -r line; do echo "$line" >> /told; echo ACK; done'`;
const reaperImage = "testcontainers/ryuk:0.0.0";

beforeAll(async () => {
  const { host } = lab();
  registry = await LabRegistry.start(host);
  const saved = `${registry.directory}/saved.tar`;
  await host.mustTsd(["save", "--output", saved, "busybox"]);
  await registry.push(saved, "busybox:latest", "team/bb:1");
  const command = `CMD ${JSON.stringify(["sh", "-c", reaper])}`;
  await service().mustDocker(["import", "--change", command, `${host.root}/busybox.tar`, reaperImage]);
}, 120_000);

/** Runs a program of test/support/engine-api on the lab's host; returns what it saw. */
async function session(name: string, ...args: readonly string[]): Promise<unknown> {
  const program = [process.execPath, resolve("test/support/engine-api", `${name}-session.ts`), ...args];
  const env = { ...service().env, RYUK_CONTAINER_IMAGE: reaperImage, TMPDIR: registry.directory };
  return JSON.parse(await lab().host.mustRun(program, { env, timeout: 110_000 }));
}

test("dockerode pulls, runs, attaches, executes, reads, waits and gets events", async () => {
  const image = `${registry.address}/team/bb:1`;
  expect(await session("dockerode", image)).toEqual({
    pulled: `Status: Downloaded newer image for ${image}`,
    exec: ["hello\n", "", 0],
    plainExec: ["out\n", "", 4],
    published: true,
    listed: [1, "front"],
    waited: { StatusCode: 137 },
    attached: ["typed\n", "error\n"],
    logs: ["typed\n", "error\n"],
    run: { StatusCode: 5 },
    events: ["start", "die", "start", "die"],
    missing: 404,
  });
  await service().mustDocker(["rmi", image]);
});

test("testcontainers starts containers, waits by port, log and health, and gives them to its reaper", async () => {
  expect(await session("testcontainers")).toEqual({
    byHost: "hi",
    byLoopback: "hi",
    byGateway: "hi",
    byAlias: "hi",
    exec: { output: "bar\n/tmp\n", stdout: "bar\n/tmp\n", stderr: "", exitCode: 3 },
    copied: "copied",
    copiedBack: true,
    restarted: "hi",
    left: ["busybox:latest", reaperImage],
  });
  const ours = ["--filter", "label=org.testcontainers=true", "--format", "{{.Names}}"];
  const names = (await service().mustDocker(["ps", ...ours])).split("\n");
  const [keeper = "", ...others] = names.sort((one) => (one.startsWith("testcontainers-ryuk-") ? -1 : 1));
  expect(await service().mustDocker(["exec", keeper, "cat", "/told"])).toMatch(
    /^label=org\.testcontainers\.session-id=\w+/,
  );
  await service().mustDocker(["rm", "-f", "-v", keeper, ...others]);
  await service().mustDocker(["network", "prune", "-f"]);
});

test("all that was made is gone", async () => {
  await registry.remove();
  await service().mustDocker(["rmi", reaperImage]);
  await service().stop();
});
