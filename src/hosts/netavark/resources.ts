/** JSON as the plug-in API has it; see plugin-API.md and src/network/types.rs of netavark for the fields. */
type Json = Readonly<Record<string, unknown>>;

/** What a plug-in's `create` makes of a network: a file with its reply, which is a part of all later calls. */
export interface NetavarkNetwork {
  readonly kind: "netavark-network";
  /** The network's, for people. */
  readonly name: string;
  /** As in `--driver netavark:NAME`. */
  readonly plugin: string;
  /** Of the directory that has the file, and a record of each endpoint. */
  readonly directory: string;
  /** What `create` is called with. */
  readonly network: Json & { readonly name: string; readonly id: string; readonly driver: string };
}

export type ListedNetwork = Omit<NetavarkNetwork, "kind" | "name">;

/** What a plug-in's `setup` makes in a namespace. */
export interface NetavarkEndpoint {
  readonly kind: "netavark-endpoint";
  /** The interface and the plug-in, for people. */
  readonly name: string;
  readonly network: ListedNetwork;
  readonly netns: string;
  /** What `setup` and `teardown` are called with, beside the network. */
  readonly call: Json & {
    /** That of the endpoint. */
    readonly container_id: string;
    readonly network_options: Json & { readonly interface_name: string };
  };
}

declare module "../../api/index.js" {
  interface ResourceKinds {
    "netavark-network": NetavarkNetwork;
    "netavark-endpoint": NetavarkEndpoint;
  }
}
