import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Ecosystems } from "../../support/lab/ecosystems.js";
import { addresses, type Lab, openLab } from "../../support/lab/lab.js";

/** Not `useLab`, which would find what others leave on a host: bridges, rules, forwarding. */
let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(async () => lab.close());

const serve = ["busybox", "nc", "-ll", "-p", "80", "-e", "echo", "hello"];

/** The container listens some time after its start. */
async function expectPublished(): Promise<void> {
  const call = `for i in $(seq 100); do busybox nc -w 10 ${addresses.host} 8080 && exit; sleep 0.1; done; exit 1`;
  expect(await lab.internet.mustRun(["sh", "-c", call], { timeout: 40_000 })).toBe("hello\n");
}

test.each(["netavark", "cni"] as const)(
  "Debian's podman publishes a container's port by %s",
  async (backend) => {
    const ecosystems = await Ecosystems.install(lab.host);
    await ecosystems.setUpPodman(backend);
    await ecosystems.mustRun(["podman", "network", "create", "net"]);
    const run = ["podman", "run", "--detach", "--network=net", "--publish=8080:80", "--name=web", "busybox", ...serve];
    await ecosystems.mustRun(run);
    await expectPublished();
    await ecosystems.mustRun(["podman", "rm", "--force", "--time=0", "web"]);
    await ecosystems.mustRun(["podman", "network", "rm", "net"]);
    await ecosystems.remove();
  },
  60_000,
);

test("Debian's dockerd publishes a container's port", async () => {
  const ecosystems = await Ecosystems.install(lab.host);
  const stop = await ecosystems.startDockerd();
  await ecosystems.docker("run", "--detach", "--publish=8080:80", "--name=web", "busybox", ...serve);
  await expectPublished();
  await ecosystems.docker("rm", "--force", "web");
  await stop();
  await ecosystems.remove();
}, 60_000);

test("CNI's bridge and host-local attach a namespace, and detach it", async () => {
  const ecosystems = await Ecosystems.install(lab.host);
  await ecosystems.mustRun(["ip", "netns", "add", "c1"]);
  const ipam = { type: "host-local", subnet: "10.99.0.0/24" };
  const config = { cniVersion: "1.0.0", name: "n", type: "bridge", bridge: "cni9", isGateway: true, ipam };
  const attachment = { program: "/usr/lib/cni/bridge", containerId: "c1", netns: "/run/netns/c1", config };
  const added = await ecosystems.callCni({ ...attachment, command: "ADD" });
  expect(JSON.parse(added.stdout)).toMatchObject({ ips: [{ address: "10.99.0.2/24", gateway: "10.99.0.1" }] });
  expect(await ecosystems.callCni({ ...attachment, command: "DEL" })).toEqual({ code: 0, stdout: "", stderr: "" });
  await ecosystems.mustRun(["ip", "netns", "delete", "c1"]);
  await ecosystems.remove();
});
