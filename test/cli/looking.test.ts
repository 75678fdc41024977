import { readFileSync, rmSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { HostMap, ReachMatrix } from "../../src/api/index.js";
import type { PublishedPort } from "../../src/presenters/map/published-ports.js";
import { type EchoServer, serveEcho } from "../support/lab/echo.js";
import { addresses } from "../support/lab/lab.js";
import { namespaceOf, useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

async function makeScene(): Promise<EchoServer> {
  const { host } = lab();
  await host.mustTsd(["network", "create", "--subnet", "10.97.1.0/24", "front"]);
  await host.mustTsd(["network", "create", "--subnet", "10.97.2.0/24", "--internal", "back"]);
  const run = (name: string, ...flags: readonly string[]) =>
    host.mustTsd(["run", "-d", "--name", name, ...flags, "busybox", "sleep", "600"]);
  await run("web", "--net", "front", "-p", "8080:80");
  await run("db", "--net", "back");
  await run("both", "--net", "front", "--net", "back");
  await run("hosty", "--net", "host");
  await host.mustTsd(["create", "--name", "later", "--net", "front", "busybox", "true"]);
  return serveEcho(await namespaceOf(lab(), "web"), { protocol: "tcp", address: "0.0.0.0", port: 80 });
}

async function clear(server: EchoServer): Promise<void> {
  const { host } = lab();
  await server.close();
  await host.mustTsd(["rm", "-f", "web", "db", "both", "hosty", "later"]);
  await host.mustTsd(["network", "rm", "front", "back"]);
}

async function read<T>(words: readonly string[]): Promise<T> {
  return JSON.parse((await lab().host.tsd([...words, "--json"])).stdout);
}

/** In one scene, whose making is dear. */
test("what is there is drawn, listed, tried and seen", async () => {
  const server = await makeScene();
  await drawn();
  await listed();
  await crossed();
  await tried();
  await applied();
  await captured();
  await clear(server);
});

async function drawn(): Promise<void> {
  const { host } = lab();
  const tree = await host.mustTsd(["map"]);
  expect(tree).toMatch(/front {2}10\.97\.1\.0\/24 {2}bridge br-[0-9a-f]+/);
  expect(tree).toMatch(/back .* internal/);
  expect(tree).toMatch(/both {2}10\.97\.1\.3/);
  expect(tree).toMatch(/web {2}10\.97\.1\.2 {2}8080→80/);
  expect(tree).toMatch(/later {2}created/);
  expect(tree).toMatch(/hosty {2}the host's network/);
  const map = await read<HostMap>(["map"]);
  expect(map.stacks.map(({ containers }) => containers[0]?.name)).toEqual(["both", "db", "hosty", "later", "web"]);
  const file = `${host.root}/map.svg`;
  expect(await host.mustTsd(["map", "-o", file])).toBe("");
  expect(readFileSync(file, "utf8")).toMatch(/^<svg xmlns/);
  rmSync(file);
  expect(await host.tsd(["map", "--svg", "--dot"])).toMatchObject({ code: 2 });
}

async function listed(): Promise<void> {
  const { host } = lab();
  expect(await host.mustTsd(["ports", "--format", "{{.Host}} {{.Target}} {{.Owner}} {{.Status}}"])).toBe(
    "0.0.0.0:8080 10.97.1.2:80 web ok",
  );
  await host.mustRun(["nft", "delete element inet tsd publish4 { tcp . 8080 }"]);
  const [port] = await read<readonly PublishedPort[]>(["ports", "--filter", "status=drift"]);
  expect(port).toMatchObject({ hostPort: 8080, drift: ["missing"], owner: { kind: "container", name: "web" } });
  expect(await host.mustTsd(["map"])).toMatch(/drift: endpoint web: published port 8080\/tcp is missing/);
  await host.mustTsd(["reload"]);
  expect(await read(["ports", "--filter", "status=drift"])).toEqual([]);
}

async function crossed(): Promise<void> {
  const { names, verdicts } = await read<ReachMatrix>(["explain", "--matrix", "--port", "80"]);
  expect(names).toEqual(["both", "db", "hosty", "web"]);
  expect(verdicts.map((row) => row.map(({ reaches }) => (reaches ? "+" : "-")).join(""))).toEqual([
    "++-+",
    "++--",
    "++-+",
    "+--+",
  ]);
}

async function tried(): Promise<void> {
  const { host } = lab();
  const fact = async (...words: readonly string[]) => {
    const { code, stdout } = await host.tsd(["explain", "--probe", ...words]);
    return [code, /^fact: (.*?)(:| from|$)/m.exec(stdout)?.[1], /^compared: (.*)$/m.exec(stdout)?.[1]];
  };
  const agreed = "the fact is as predicted";
  expect(await fact("both", "web:80")).toEqual([0, "open", agreed]);
  expect(await fact("both", "web:81")).toEqual([1, "refused", agreed]);
  expect(await fact("both", "web:81/udp")).toEqual([1, "refused", agreed]);
  expect(await fact("both", "web")).toEqual([0, "reply", agreed]);
  expect(await fact("web", "db:80")).toEqual([1, "no reply", agreed]);
  expect(await fact("host", "web:80")).toEqual([0, "open", agreed]);
  expect(await fact("hosty", "web:80")).toEqual([0, "open", agreed]);
  expect(await host.tsd(["explain", "--probe", "outside", "web:80"])).toMatchObject({ code: 1 });
  // A rule of another's that explain knows nothing of: it is in the namespace.
  const inside = await namespaceOf(lab(), "web");
  await inside.mustRun(["nft", "add table ip t; add chain ip t c { type filter hook input priority 0; policy drop; }"]);
  expect((await fact("both", "web:80")).slice(0, 2)).toEqual([1, "no reply"]);
  expect((await fact("both", "web:80"))[2]).toMatch(/^the fact differs from the prediction: see what tsd check/);
  await inside.mustRun(["nft", "delete table ip t"]);
}

async function applied(): Promise<void> {
  const { host } = lab();
  const words = ["explain", "--apply", "web", "db:80"];
  expect(await host.tsd(words)).toMatchObject({ code: 2, stderr: expect.stringContaining("must be confirmed") });
  const dry = await host.tsd([...words, "--dry-run"]);
  expect(dry).toMatchObject({
    stdout: expect.stringContaining("make link veth"),
    stderr: "tsd network connect back web\n",
  });
  expect(await host.tsd(["explain", "web", "db:80"])).toMatchObject({ code: 1 });
  const done = await host.tsd([...words, "--yes"]);
  expect(done.stdout).toMatch(/verdict: does not arrive[\s\S]*verdict: reaches container db/);
  expect(done.code).toBe(0);
  const ours = await host.tsd(["explain", "--apply", "--yes", "outside", `${addresses.host}:9999`]);
  expect(ours.stderr).toMatch(/tsd itself cannot open the way: .*\nhint: Publish it/);
}

async function captured(): Promise<void> {
  const { host } = lab();
  expect(await host.mustTsd(["capture", "--dry-run", "--network", "front", "both", "-n", "icmp"])).toMatch(
    /nsenter --net=\S+ \S*tcpdump -i eth\d -U -n icmp$/m,
  );
  expect(await host.tsd(["capture", "--network", "back", "later"])).toMatchObject({
    stderr: expect.stringContaining("does not run"),
  });
  const capture = host.startTsd(["capture", "both", "-w", "-", "icmp"]);
  // The head of the file, once it listens.
  await capture.saying(/./s);
  await host.mustTsd(["exec", "both", "ping", "-c", "1", "10.97.1.2"]);
  // A packet, which the kernel hands over in its own time.
  await capture.saying(/.{100}/s);
  await host.mustTsd(["rm", "-f", "both"]);
  expect((await capture.ended).code).toBe(0);
  await host.mustTsd(["run", "-d", "--name", "both", "--net", "front", "busybox", "sleep", "600"]);
}

describe("on a terminal", () => {
  test.each([
    [{}, true],
    [{ NO_COLOR: "1" }, false],
    [{ TERM: "dumb" }, false],
  ])("with %j verdicts have a mark, and are in colours: %s", async (env, colours) => {
    const { host } = lab();
    const { stdout } = await host.tsd(["check"], { tty: true, env: { TERM: "xterm", ...env } });
    expect(stdout).toContain("✔");
    expect(stdout.includes("\u001b[32m")).toBe(colours);
    const failed = await host.tsd(["explain", "nobody", "nothing"], { tty: true, env: { TERM: "xterm", ...env } });
    expect(failed.stdout.includes("\u001b[31mtsd:")).toBe(colours);
  });
});
