import { expect, test } from "@jest/globals";
import { World } from "../../../support/engine/world.js";

test("a container that does not run shows the networks it will be on, by their names, and one that runs those it is on", async () => {
  using world = new World();
  const { containers, networks } = await world.commandOnNetwork();
  const { id } = await networks.create({ name: "second", subnets: ["10.77.0.0/24"] });
  const requested = [
    { network: "n", aliases: ["a"] },
    { network: id.slice(0, 12), address: "10.77.0.9" },
  ];
  await containers.create({ name: "x", image: "busybox", networks: requested });
  const shown = () => {
    const { configured = [], endpoints } = containers.inspect("x");
    return {
      configured: configured.map(({ network, attachment }) => [network, attachment.address, attachment.aliases]),
      attached: endpoints.map(({ network }) => network),
    };
  };
  const waiting = {
    configured: [
      ["n", undefined, ["a"]],
      ["second", "10.77.0.9", undefined],
    ],
    attached: [],
  };
  expect(shown()).toEqual(waiting);
  await containers.start("x");
  expect(shown()).toEqual({ configured: [], attached: ["n", "second"] });
  await containers.stop("x");
  expect(shown()).toEqual(waiting);
});

test("a mode is no network to be on", async () => {
  using world = new World();
  const { containers } = await world.commandOnNetwork();
  for (const network of ["none", "host"]) {
    await containers.create({ name: network, image: "busybox", networks: [{ network }] });
    expect(containers.inspect(network).configured).toEqual([]);
  }
});
