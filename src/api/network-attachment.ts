import type { RawOptions } from "./network.js";

/** One network that a container is to be on, with its options there. */
export interface NetworkAttachment {
  /** Name or id prefix of a network; or, alone, a mode: `host`, `none`, `container:REF`, `ns:PATH`. */
  readonly network: string;
  /** A particular IPv4 address; it stays the container's for as long as the container exists. */
  readonly address?: string;
  readonly address6?: string;
  readonly mac?: string;
  /** Other names for the container on that network. */
  readonly aliases?: readonly string[];
  /** Other containers and names that this one has for them, `CONTAINER[:ALIAS]`, for as long as both are on that network. */
  readonly links?: readonly string[];
  /** The default route goes to the network where this is highest; default 0, and the first by name among equals. */
  readonly gatewayPriority?: number;
  /** `--driver-opt`: the driver's options for one endpoint. */
  readonly options?: RawOptions;
}
