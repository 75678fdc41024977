import { describe, expect, test } from "@jest/globals";
import type { NetworkSpec, PortBinding } from "../../../../src/api/index.js";
import { expectAgreement } from "../../../support/engine/agreement.js";
import type { TsdProcess } from "../../../support/engine/tsd-process.js";
import { World } from "../../../support/engine/world.js";

/** Of IPv4 and of IPv6, by names that rank from four to both; `routed` comes before and after them. */
const networks: readonly NetworkSpec[] = [
  { name: "four", subnets: ["10.4.0.0/24"] },
  { name: "six", subnets: ["fd00:6::/64"], ipv4: false },
  { name: "both", subnets: ["10.5.0.0/24", "fd00:5::/64"] },
  { name: "routed", subnets: ["10.7.0.0/24", "fd00:7::/64"], options: { gateway_mode: "routed" } },
  { name: "bound", subnets: ["10.8.0.0/24"], options: { host_binding: "127.0.0.1" } },
];

async function start(
  world: World,
  on: readonly string[],
  publish: readonly string[] = ["8080:80"],
): Promise<TsdProcess> {
  const process = await world.command();
  for (const network of networks) await process.networks.create(network);
  const attachments = on.map((network, index) => ({ network, gatewayPriority: on.length - index }));
  await process.containers.runDetached({ image: "busybox", name: "web", networks: attachments, publish });
  return process;
}

const words = ({ hostAddress = "*", hostPort, containerPort }: PortBinding): string =>
  `${hostAddress}:${hostPort}:${containerPort}`;

/** By network: what is published, and in brackets what is opened. */
const sharesOf = ({ containers }: TsdProcess): Readonly<Record<string, string>> =>
  Object.fromEntries(
    containers.inspect("web").endpoints.map(({ network, endpoint: { ports, opened } }) => {
      const texts = [...ports.map(words), ...(opened ?? []).map((port) => `(${words(port)})`)];
      return [network, texts.join(" ")];
    }),
  );

describe("the ports of a container are published", () => {
  test.each([
    [["both", "four"], { both: "*:8080:80", four: "" }],
    [["four", "both"], { four: "0.0.0.0:8080:80", both: ":::8080:80" }],
    [["six", "both"], { six: ":::8080:80", both: "0.0.0.0:8080:80" }],
    [["four", "six"], { four: "0.0.0.0:8080:80", six: ":::8080:80" }],
    [["bound", "six"], { bound: "127.0.0.1:8080:80", six: ":::8080:80" }],
    [["bound"], { bound: "127.0.0.1:8080:80" }],
    [["four", "routed"], { four: "0.0.0.0:8080:80", routed: ":::8080:80 (0.0.0.0:8080:80)" }],
    [["both", "routed"], { both: "*:8080:80", routed: "(0.0.0.0:8080:80) (:::8080:80)" }],
    [["routed", "both"], { routed: "*:8080:80", both: "" }],
  ])(
    "by %j, each family where its default route leads, and are open where others call directly",
    async (on, shares) => {
      using world = new World();
      const process = await start(world, on);
      expect(sharesOf(process)).toEqual(shares);
      expectAgreement(world);
      const lines = world.kernel.lines();
      // Whichever came last finds the others as they would be from the start.
      for (const [index, network] of on.entries()) {
        await process.networks.disconnect("web", network);
        expectAgreement(world);
        await process.networks.connect("web", { network, gatewayPriority: on.length - index });
        expectAgreement(world);
        if (!on.includes("bound")) expect(sharesOf(process)).toEqual(shares);
      }
      await process.containers.stop("web");
      await process.containers.start("web");
      if (!on.includes("bound")) expect(sharesOf(process)).toEqual(shares);
      expect(world.kernel.lines()).toHaveLength(lines.length);
    },
  );

  test("at any free port that is the same for both families", async () => {
    using world = new World();
    const process = await start(world, ["four", "six"], ["80", "9000-9001:81", "9000-9001:82"]);
    const [four, six] = process.containers.inspect("web").endpoints.map(({ endpoint }) => endpoint.ports);
    expect(four?.map(({ hostPort }) => hostPort)).toEqual(six?.map(({ hostPort }) => hostPort));
    expect(six?.slice(1).map(({ hostPort }) => hostPort)).toEqual([9000, 9001]);
    expectAgreement(world);
  });

  test("on the address that was asked for, which comes back with a network of its family", async () => {
    using world = new World();
    const process = await start(world, ["four", "six"], ["127.0.0.1:8080:80", "[::]:8081:81"]);
    expect(sharesOf(process)).toEqual({ four: "127.0.0.1:8080:80", six: ":::8081:81" });
    await process.networks.disconnect("web", "six");
    expect(sharesOf(process)).toEqual({ four: "127.0.0.1:8080:80" });
    await process.networks.connect("web", { network: "both" });
    expect(sharesOf(process)).toEqual({ four: "127.0.0.1:8080:80", both: ":::8081:81" });
    expectAgreement(world);
  });

  test("and taken back, now and for the next start", async () => {
    using world = new World();
    const process = await start(world, ["four", "routed"], ["80"]);
    await process.containers.publish("web", ["8443:443", "[::]:8444:444"]);
    expect(sharesOf(process)).toEqual({
      four: expect.stringMatching(/^0\.0\.0\.0:\d+:80 0\.0\.0\.0:8443:443$/),
      routed: expect.stringMatching(
        /^:::\d+:80 :::8443:443 :::8444:444 \(0\.0\.0\.0:\d+:80\) \(0\.0\.0\.0:8443:443\)$/,
      ),
    });
    expectAgreement(world);
    await process.containers.unpublish("web", ["8443:443", "444"]);
    expectAgreement(world);
    await process.containers.stop("web");
    await process.containers.start("web");
    expect(sharesOf(process)).toEqual({
      four: expect.stringMatching(/^0\.0\.0\.0:\d+:80$/),
      routed: expect.stringMatching(/^:::\d+:80 \(0\.0\.0\.0:\d+:80\)$/),
    });
    await process.containers.unpublish("web", ["80"]);
    expect(sharesOf(process)).toEqual({ four: "", routed: "" });
    expectAgreement(world);
  });

  test("as before where a network cannot be joined since another has the port by now", async () => {
    using world = new World();
    const process = await start(world, ["four"], ["[::]:8080:80"].slice(1));
    await process.containers.publish("web", ["0.0.0.0:8080:80"]);
    await process.containers.runDetached({
      ...{ image: "busybox", name: "other", networks: [{ network: "six" }] },
      publish: ["[::]:8080:80"],
    });
    const before = world.snapshot();
    world.busyPorts.add(8081);
    await expect(process.containers.publish("web", ["8081:81"])).rejects.toMatchObject({ code: "TSD_PORT_BUSY" });
    expect(world.snapshot()).toEqual(before);
    await process.networks.connect("web", { network: "six" });
    expect(sharesOf(process)).toEqual({ four: "0.0.0.0:8080:80", six: "" });
    expectAgreement(world);
  });
});
