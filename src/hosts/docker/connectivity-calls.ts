import type { Drift } from "../../api/index.js";
import { TsdError } from "../../errors/tsd-error.js";
import type { DockerConnectivity } from "./docker-resources.js";
import { spoiltEndpoint } from "./endpoint-calls.js";
import type { EndpointRecord } from "./endpoint-record.js";
import type { PluginClient } from "./plugin-client.js";
import { refused } from "./plugin-failure.js";
import type { Records } from "./records.js";
import { ofEndpoint, portOptions } from "./requests.js";

const PROGRAM = "NetworkDriver.ProgramExternalConnectivity";
const REVOKE = "NetworkDriver.RevokeExternalConnectivity";
const NOT_IMPLEMENTED = 404;
const asked = "asked";

/** Opens an endpoint's ports, and closes them again. Its record says which are open. */
export class ConnectivityCalls {
  constructor(
    private readonly client: PluginClient,
    private readonly records: Records<EndpointRecord>,
  ) {}

  async ensure(resource: DockerConnectivity): Promise<void> {
    const { ports } = resource;
    const known = this.read(resource);
    const wanted = JSON.stringify(ports);
    if (known.connectivity === wanted) return;
    if (known.connectivity !== undefined) await this.client.call(REVOKE, ofEndpoint(resource));
    this.write(resource, asked);
    try {
      await this.program(resource);
    } catch (error) {
      await this.client.call(REVOKE, ofEndpoint(resource)).catch(() => undefined);
      this.write(resource, undefined);
      throw error;
    }
    this.write(resource, wanted);
  }

  /** A refusal says that nothing is open, or nothing ever was. */
  async remove(resource: DockerConnectivity): Promise<void> {
    if (this.read(resource).connectivity === undefined) return;
    await this.client.call(REVOKE, ofEndpoint(resource));
    this.write(resource, undefined);
  }

  inspect(resource: DockerConnectivity): readonly Drift[] {
    const isOpen = this.read(resource).connectivity === JSON.stringify(resource.ports);
    return isOpen ? [] : [{ resource, problem: "missing" }];
  }

  /** A plug-in without ports need not have the verb. */
  private async program(resource: DockerConnectivity): Promise<void> {
    const { ports } = resource;
    const answer = await this.client.call(PROGRAM, { ...ofEndpoint(resource), Options: portOptions(ports) });
    if (answer.isDone) return;
    if (answer.status !== NOT_IMPLEMENTED) throw refused(this.client.called(PROGRAM), answer.said);
    if (ports.length > 0) throw noPorts(resource);
  }

  private read({ id }: DockerConnectivity): EndpointRecord {
    return this.records.read(id, spoiltEndpoint) ?? spoiltEndpoint;
  }

  private write(resource: DockerConnectivity, connectivity: string | undefined): void {
    const { connectivity: _before, ...rest } = this.read(resource);
    this.records.write(resource.id, connectivity === undefined ? rest : { ...rest, connectivity });
  }
}

function noPorts({ plugin, ports }: DockerConnectivity): TsdError {
  return new TsdError({
    kind: "unsupported",
    code: "TSD_DOCKER_NO_PORTS",
    message: `docker plug-in "${plugin}" publishes no ports: it does not implement ${PROGRAM}`,
    hint: "Leave the published ports out, or use another network.",
    details: { plugin, ports },
  });
}
