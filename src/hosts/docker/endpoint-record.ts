import type { LinkState } from "../../kernel/rtnetlink/messages/link.js";
import type { JoinedRoute } from "./read-join.js";

/** What is known of an endpoint that a plug-in was asked for. */
export interface EndpointRecord {
  /** `asked`: whether the plug-in has it is not known. */
  readonly state: "asked" | "joined";
  /** With prefix length: those of the request, and those that the plug-in chose. */
  readonly addresses?: readonly string[];
  readonly mac?: string;
  readonly link?: MovedLink;
  readonly gateways?: readonly string[];
  readonly routes?: readonly JoinedRoute[];
  /** The ports that the plug-in opened, as JSON; `asked` as above. */
  readonly connectivity?: string;
}

/**
 * The plug-in's link, which is in the endpoint's namespace, or about to go there. Its kind and the other end stay when it is
 * moved and renamed, and a container cannot give them to a link that it makes itself.
 */
export interface MovedLink extends Pick<LinkState, "kind" | "peer"> {
  /** Its name on the host, which it gets back. */
  readonly source: string;
  /** In the namespace. */
  readonly name: string;
  /** What it was on the host, and is there again once it is back. */
  readonly before: Pick<LinkState, "up" | "mac" | "mtu">;
}
