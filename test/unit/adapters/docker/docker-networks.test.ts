import { expect, test } from "@jest/globals";
import { DockerNetworks } from "../../../../src/adapters/docker/docker-networks.js";
import { expectAgreement } from "../../../support/engine/agreement.js";
import { foreignNamespaces, World } from "../../../support/engine/world.js";

const [netns] = foreignNamespaces;
const idOf = (digit: string): string => digit.repeat(64);
const [network, other, endpoint] = [idOf("a"), idOf("b"), idOf("c")];
const mapping = { protocol: 6, port: 80, hostAddress: "", hostPort: 8080, hostPortEnd: 8080 };

async function twoNetworks(world: World) {
  const { networks, endpoints } = await world.commandOnNetwork();
  /** Endpoints whose link is in no namespace. */
  let missing: readonly string[] = [];
  const system = {
    fix: async () => [],
    check: async () =>
      missing.map((id) => ({
        of: { kind: "endpoint", id, name: id },
        problem: "missing",
        resource: endpoints.inspect(id).resources[0],
      })),
  };
  const docker = new DockerNetworks({ networks, endpoints, system } as unknown as ConstructorParameters<
    typeof DockerNetworks
  >[0]);
  for (const [index, id] of [network, other].entries()) {
    const pools = [{ subnet: `10.8${index}.0.0/24`, gateway: `10.8${index}.0.1`, auxiliary: {} }];
    await docker.create({ id, pools, internal: false, options: {} }, "bridge");
  }
  const request = { networkId: network, endpointId: endpoint, options: {} };
  await docker.createEndpoint(request);
  const lose = (...ids: readonly string[]): void => {
    missing = ids;
  };
  return { docker, endpoints, request, lose };
}

test("an endpoint is docker's by its id together with its network", async () => {
  using world = new World();
  const { docker, endpoints, request } = await twoNetworks(world);
  const own = await endpoints.attach({ id: idOf("d"), network: "n", netns, publish: ["9090:90"] });
  const before = endpoints.list();
  for (const ref of [
    { networkId: other, endpointId: endpoint },
    { networkId: network, endpointId: own.id },
    { networkId: idOf("e"), endpointId: own.id },
  ]) {
    await docker.removeEndpoint(ref);
    await docker.unpublish(ref);
    await expect(docker.publish(ref, [mapping])).rejects.toMatchObject({ code: "TSD_DOCKER_ENDPOINT" });
    await expect(docker.join(ref, netns)).rejects.toMatchObject({ kind: "not-found" });
    await expect(docker.createEndpoint({ ...ref, options: {} })).rejects.toMatchObject({ kind: expect.any(String) });
  }
  expect(endpoints.list()).toEqual(before);
  await docker.createEndpoint(request);
  expect(endpoints.list()).toEqual(before);
  await docker.removeEndpoint(request);
  await docker.removeEndpoint(request);
  expect(endpoints.list()).toEqual([own]);
  expectAgreement(world);
});

test("a container joins before its namespace exists, and never something else than one", async () => {
  using world = new World();
  const { docker, endpoints, request } = await twoNetworks(world);
  const file = "/etc/passwd";
  world.otherFiles.add(file);
  await expect(docker.join(request, file)).rejects.toMatchObject({ kind: "invalid-input" });
  for (const sandbox of ["/run/docker/netns/yet-to-come", netns]) {
    const joined = await docker.join(request, sandbox);
    expect(joined).toMatchObject({ Gateway: "10.80.0.1", InterfaceName: { DstPrefix: "eth" } });
    expect(endpoints.inspect(endpoint).endpoint).toMatchObject({ netns: sandbox });
  }
});

test("a port is freed of an endpoint of docker's that is lost and has it, and of no other", async () => {
  using world = new World();
  const { docker, endpoints, request, lose } = await twoNetworks(world);
  const later = { ...request, endpointId: idOf("d") };
  await docker.createEndpoint(later);
  const own = await endpoints.attach({ network: "n", netns, publish: ["8080:80"] });
  // docker has not taken its link yet.
  lose(endpoint);
  await expect(docker.publish(later, [mapping])).rejects.toMatchObject({ code: "TSD_PORT_TAKEN" });
  expect(endpoints.list()).toHaveLength(3);
  await endpoints.detach(own.id);
  await docker.publish(request, [mapping]);
  await docker.publish(later, [mapping]);
  expect(endpoints.list().map(({ id }) => id)).toEqual([later.endpointId]);
});
