import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import type { Endpoint, Network } from "../../src/api/index.js";
import { Agent } from "../support/faults/agent.js";
import type { Host } from "../support/lab/host.js";
import { Namespace } from "../support/lab/namespace.js";
import type { Program } from "../support/lab/program.js";
import { useTsdLab } from "./tsd-lab.js";

const lab = useTsdLab();

/** The allocator, and a tsd of the library whose networks take their addresses from it. */
class Company implements AsyncDisposable {
  #orders = 0;

  private constructor(
    private readonly server: Program,
    readonly url: string,
    readonly tsd: Agent,
  ) {}

  static async open(host: Host): Promise<Company> {
    const server = host.start([process.execPath, resolve("test/support/ipam/http-ipam-server.mjs")], {
      timeout: 600_000,
    });
    const url = `http://127.0.0.1:${(await server.saying("\n")).trim()}`;
    return new Company(server, url, new Agent(host, "test/support/ipam/http-ipam.mjs"));
  }

  create(spec: object = {}): Promise<unknown> {
    const ipam = { driver: "acme", options: { url: this.url } };
    return this.tsd.call(["networks", "create", { name: "lan", ipam, ...spec }]);
  }

  attach(spec: object = {}): Promise<unknown> {
    return this.tsd.call(["endpoints", "attach", { network: "lan", netns: "/run/netns/mine", ...spec }]);
  }

  /** All that the allocator holds, after it has done that. */
  async ledger(order: object = {}): Promise<readonly string[]> {
    this.server.write(`${JSON.stringify(order)}\n`);
    this.#orders += 1;
    const lines = (await this.server.saying(new RegExp(`^(.*\\n){${this.#orders + 1}}`))).split("\n");
    return JSON.parse(lines[this.#orders] ?? "") as readonly string[];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tsd[Symbol.asyncDispose]();
    this.server.kill("SIGTERM");
    await this.server.ended;
  }
}

test("a container on a network of an IPAM driver and on one of tsd's own talks on both, and gives all back", async () => {
  const { host } = lab();
  await using company = await Company.open(host);
  const { tsd, url } = company;
  const network = (await company.create({ ipv6: true })) as Network;
  expect(network.subnets.map(({ cidr }) => cidr)).toEqual(["10.60.0.0/24", "fd00:60::/64"]);
  expect(JSON.parse(await host.mustTsd(["network", "inspect", "lan"]))).toMatchObject([
    { IPAM: { Driver: "acme", Options: { url }, Config: [{ Subnet: "10.60.0.0/24" }, { Subnet: "fd00:60::/64" }] } },
  ]);
  await tsd.call(["networks", "create", { name: "own", subnets: ["10.62.0.0/24"] }]);
  const networks = [{ network: "lan", address: "10.60.0.9" }, { network: "own" }];
  const spec = { image: "busybox", name: "web", command: ["sleep", "600"], networks };
  await tsd.call(["containers", "runDetached", spec]);
  expect(await company.ledger()).toEqual(["10.60.0.0/24", "10.60.0.9", "fd00:60::/64", "fd00:60::200"]);
  for (const target of ["10.60.0.1", "fd00:60::1", "10.62.0.1"]) {
    await host.mustTsd(["exec", "web", "ping", "-c", "1", "-W", "5", target]);
  }
  await tsd.call(["containers", "stop", "web", { timeout: 0 }]);
  await tsd.call(["containers", "list"]);
  expect(await company.ledger()).toEqual(["10.60.0.0/24", "fd00:60::/64"]);
  await tsd.call(["containers", "start", "web"]);
  expect(await company.ledger()).toContain("10.60.0.9");
  await tsd.call(["containers", "remove", "web", { force: true }]);
  await tsd.call(["networks", "remove", "lan"]);
  await tsd.call(["networks", "remove", "own"]);
  expect(await company.ledger()).toEqual([]);
}, 120_000);

test("whatever the IPAM driver says or fails at, it is named, and nothing is left", async () => {
  const { host } = lab();
  await Namespace.create("mine");
  await using company = await Company.open(host);
  const { tsd } = company;
  await company.ledger({ next: { code: 500 } });
  await expect(company.create()).rejects.toThrow(/the ledger replied 500/);
  await company.ledger({ next: { reply: { cidr: "10.60.0.0/33", gateway: "10.60.0.1" } } });
  await expect(company.create()).rejects.toThrow(/proposePool/);
  await expect(company.create({ subnets: ["198.51.100.0/24"] })).rejects.toThrow(/overlaps route 198\.51\.100\.0\/24/);
  expect(await company.ledger()).toEqual([]);
  await company.create();
  for (const reply of ["10.61.0.1", "10.60.0.9/24", "no address", "fd00::1"]) {
    await company.ledger({ next: { reply } });
    await expect(company.attach()).rejects.toThrow(/proposeAddress/);
  }
  await company.ledger({ next: { code: 500 } });
  await expect(company.attach()).rejects.toThrow(/500/);
  await company.ledger({ next: { reply: "10.60.0.1" } });
  await expect(company.attach()).rejects.toThrow(/address 10\.60\.0\.1 is the gateway/);
  expect(await company.ledger()).toEqual(["10.60.0.0/24"]);

  await company.ledger({ hold: ["host", "10.60.0.7"] });
  await expect(company.attach({ address: "10.60.0.7" })).rejects.toThrow(/address 10\.60\.0\.7 is taken in the ledger/);
  for (const last of ["200", "201", "202"]) await company.ledger({ hold: [last, `10.60.0.${last}`] });
  await expect(company.attach()).rejects.toThrow(/the ledger is full/);
  for (const holder of ["host", "200", "201", "202"]) await company.ledger({ drop: holder });

  const { id } = (await company.attach()) as Endpoint;
  await company.ledger({ next: { code: 500 } });
  await tsd.call(["endpoints", "detach", id]);
  expect(await host.tsd(["check"])).toMatchObject({
    stdout: expect.stringMatching(/IPAM lease of endpoint [0-9a-f]{12} on network "lan" from driver "acme"/),
  });
  await tsd.call(["system", "gc"]);
  expect(await company.ledger()).toEqual(["10.60.0.0/24"]);
  // The command line has no such plug-in; the next process that has it makes good.
  expect(await host.tsd(["network", "rm", "lan"])).toMatchObject({
    ...{ code: 0, stdout: "lan\n" },
    stderr: expect.stringMatching(/IPAM lease of network "lan" from driver "acme" is not released: no plug-in brings/),
  });
  expect((await host.tsd(["network", "ls"])).stderr).toBe("");
  await tsd.call(["networks", "list"]);
  expect(await company.ledger()).toEqual([]);
  await host.mustRun(["ip", "netns", "delete", "mine"]);
}, 120_000);
