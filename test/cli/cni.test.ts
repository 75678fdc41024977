import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { Ecosystems } from "../support/lab/ecosystems.js";
import { addresses } from "../support/lab/lab.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** A runtime finds a plug-in by the name of its type. podman's clean-up calls it with no variables of this test's. */
async function install(): Promise<Ecosystems> {
  const { host } = lab();
  const ecosystems = await Ecosystems.install(host);
  const variables = `TSD_ROOT=${host.root} TSD_RUN=${host.runDirectory}`;
  await ecosystems.mustRun(["sh", "-ec", "mkdir -p /run/cni; cat >/run/cni/tsd; chmod +x /run/cni/tsd"], {
    input: `#!/bin/sh\n${variables} exec ${resolve("bin/tsd-cni")}\n`,
  });
  return ecosystems;
}

const serve = ["busybox", "nc", "-ll", "-p", "80", "-e", "echo", "hello"];

const clean = { code: 0, stdout: "", stderr: "" };

/** Calls until the server listens, which is some time after its start. */
function calling(address: string, port: number): readonly string[] {
  const call = `busybox nc -w 5 ${address} ${port} | grep hello`;
  return ["sh", "-c", `for i in $(seq 50); do ${call} && exit; sleep 0.1; done; exit 1`];
}

test("Debian's podman runs containers on tsd by its CNI backend, which reach each other and publish ports", async () => {
  const ecosystems = await install();
  await ecosystems.setUpPodman("cni", { cniDirs: ["/run/cni"] });
  const conflist = {
    cniVersion: "0.4.0",
    name: "pods",
    plugins: [{ type: "tsd", subnet: "10.83.0.0/24", capabilities: { portMappings: true, ips: true, mac: true } }],
  };
  const write = ["sh", "-ec", "mkdir -p /etc/cni/net.d; cat >/etc/cni/net.d/pods.conflist"];
  await ecosystems.mustRun(write, { input: JSON.stringify(conflist) });
  const podman = (...words: readonly string[]): Promise<string> => ecosystems.mustRun(["podman", ...words]);
  const onPods = ["--detach", "--network=pods"];
  await podman("run", ...onPods, "--name=web", "--publish=8080:80", "--ip=10.83.0.9", "busybox", ...serve);
  await podman("run", ...onPods, "--name=client", "busybox", "sleep", "600");
  expect(await podman("exec", "client", ...calling("10.83.0.9", 80))).toBe("hello\n");
  expect(await lab().internet.mustRun(calling(addresses.host, 8080))).toBe("hello\n");
  expect(await lab().host.mustRun(calling("127.0.0.1", 8080))).toBe("hello\n");
  expect(await podman("inspect", "web", "--format", "{{.NetworkSettings.Networks.pods.IPAddress}}")).toBe(
    "10.83.0.9\n",
  );
  expect(await ecosystems.run(["tsd", "check"])).toEqual(clean);
  const explained = await ecosystems.run(["tsd", "explain", "outside", "host:8080"]);
  expect(explained).toMatchObject({ code: 0, stdout: expect.stringContaining("10.83.0.9") });
  await podman("rm", "--force", "--time=0", "web", "client");
  // Its own clean-up, which conmon starts, may call DEL a moment later.
  const prune = "for i in $(seq 50); do tsd network prune --force | grep pods && exit; sleep 0.1; done; exit 1";
  await ecosystems.mustRun(["sh", "-c", prune]);
  expect(await ecosystems.run(["tsd", "check"])).toEqual(clean);
  await ecosystems.remove();
}, 120_000);

test.each(["0.4.0", "1.0.0", "1.1.0"])(
  "each verb of version %s works by itself, with Debian's host-local too",
  async (cniVersion) => {
    const ecosystems = await install();
    const program = "/run/cni/tsd";
    const netns = "/run/netns/pod";
    await ecosystems.mustRun(["ip", "netns", "add", "pod"]);
    // Debian's host-local knows no 1.1.0.
    const ipam = { type: "host-local", subnet: "10.84.0.0/24", dataDir: "/run/leases" };
    const addressing = cniVersion === "1.1.0" ? { subnet: "10.84.0.0/24" } : { ipam };
    const portMappings = [{ hostPort: 8084, containerPort: 80, protocol: "tcp" }];
    const config = { cniVersion, name: "direct", type: "tsd", ...addressing, runtimeConfig: { portMappings } };
    const call = async (command: string, changes: object = {}): Promise<unknown> => {
      const { code, stdout } = await ecosystems.callCni({
        ...{ program, command, containerId: "c1", netns, config: { ...config, ...changes } },
      });
      const said = stdout === "" ? undefined : JSON.parse(stdout);
      expect({ code, said }).toMatchObject({ code: 0 });
      return said;
    };
    expect(await call("VERSION")).toMatchObject({ supportedVersions: expect.arrayContaining([cniVersion]) });
    const prevResult = await call("ADD");
    expect(prevResult).toMatchObject({ cniVersion, ips: [{ address: "10.84.0.2/24", gateway: "10.84.0.1" }] });
    const server = ecosystems.start(["ip", "netns", "exec", "pod", ...serve]);
    expect(await lab().internet.mustRun(calling(addresses.host, 8084))).toBe("hello\n");
    await call("CHECK", { prevResult });
    const late = { program, command: "DEL", containerId: "c1", netns: "/run/netns/former", config };
    expect(await ecosystems.callCni(late)).toMatchObject({ code: 0, stdout: "" });
    expect(await lab().internet.mustRun(calling(addresses.host, 8084))).toBe("hello\n");
    await ecosystems.mustRun(["ip", "-n", "pod", "address", "flush", "dev", "eth0", "scope", "global"]);
    const { stdout } = await ecosystems.callCni({
      ...{ program, command: "CHECK", containerId: "c1", netns, config: { ...config, prevResult } },
    });
    expect(JSON.parse(stdout)).toMatchObject({ code: 105, msg: expect.stringContaining("10.84.0.2/24") });
    if (cniVersion === "1.1.0") {
      await call("STATUS");
      await call("GC", { "cni.dev/valid-attachments": [{ containerID: "c1", ifname: "eth0" }] });
      expect(JSON.parse(await ecosystems.mustRun(["tsd", "network", "inspect", "direct"]))[0].Containers).not.toEqual(
        {},
      );
      await call("GC", { "cni.dev/valid-attachments": [] });
    }
    server.kill("SIGKILL");
    await server.ended;
    await ecosystems.mustRun(["ip", "netns", "delete", "pod"]);
    await call("DEL", { prevResult });
    await call("DEL");
    expect(await ecosystems.mustRun(["sh", "-c", "ls /run/leases/direct 2>/dev/null | grep ^10 || true"])).toBe("");
    await ecosystems.mustRun(["tsd", "network", "rm", "direct"]);
    await ecosystems.remove();
  },
  60_000,
);
