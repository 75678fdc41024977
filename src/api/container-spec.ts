import type { ContainerLife } from "./container-life.js";
import type { ContainerLimits } from "./container-limits.js";
import type { ContainerPrivileges } from "./container-privileges.js";
import type { ContainerStorage } from "./container-storage.js";
import type { Labels, RawOptions } from "./network.js";
import type { NetworkAttachment } from "./network-attachment.js";

/** What a user asks for. Everything but one of `image` and `rootfs` may be left out. */
export interface ContainerSpec extends ContainerLimits, ContainerPrivileges, ContainerStorage, ContainerLife {
  readonly name?: string;
  /** Name or id prefix of an image. */
  readonly image?: string;
  /** A directory to use as root file system, in place of an image. It is written to. */
  readonly rootfs?: string;
  /** Command and arguments; default the image's. */
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** `KEY=value`. */
  readonly env?: readonly string[];
  readonly workdir?: string;
  readonly hostname?: string;
  readonly domainname?: string;
  /** `USER[:GROUP]`, by name or number. */
  readonly user?: string;
  readonly tty?: boolean;
  /** Keep standard input open. */
  readonly interactive?: boolean;
  readonly labels?: Labels;
  /** Default: the default network. `connect` and `disconnect` change what is here. */
  readonly networks?: readonly NetworkAttachment[];
  /** `CONTAINER[:ALIAS]`: names it in /etc/hosts, and opens its exposed ports where neighbours may not talk. */
  readonly links?: readonly string[];
  /** `PORT[-END][/PROTOCOL]`. */
  readonly expose?: readonly string[];
  /** Publish every exposed port on a free one of the host. */
  readonly publishAll?: boolean;
  readonly dns?: readonly string[];
  readonly dnsSearch?: readonly string[];
  readonly dnsOptions?: readonly string[];
  /** `HOST:IP` for /etc/hosts; the word `host-gateway` stands for the host's own address. */
  readonly addHosts?: readonly string[];
  /** Of the container's namespaces: `net.…`, and with an ipc namespace of its own `kernel.shm…`, `kernel.msg…`, `kernel.sem` and `fs.mqueue.…`. */
  readonly sysctls?: RawOptions;
  /** `[[ip:][hostPort[-end]]:]containerPort[-end][/protocol]`, as docker's `-p`. */
  readonly publish?: readonly string[];
}
