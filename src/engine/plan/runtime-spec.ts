import type { ContainerSpec, Image, Sandbox } from "../../api/index.js";
import type { Bind, ContainerRow, RuntimeSpec } from "../../contracts/index.js";
import type { Parts } from "../contracts/parts.js";
import { missingPlace } from "../host-facts/volumes.js";
import { isIpcParameter } from "../requests/namespace-words.js";
import { confinementOf, limitsOf } from "./confinement.js";
import { rootfsPath } from "./container-files.js";
import { bindsOf, tmpfsOf } from "./host-mounts.js";

/** The container as `runtime` sees it, defaults of image and house applied. */
export function runtimeSpec({ paths, store, processes }: SpecParts, row: ContainerRow, runtime: string): RuntimeSpec {
  const { container } = row;
  const { id, spec } = container;
  const sandbox = container.sandbox as Sandbox;
  const image: Image | undefined =
    container.imageId === undefined ? undefined : store.images.resolve(container.imageId);
  const binds = bindsOf(paths, store, row);
  const tmpfs = tmpfsOf(row);
  const files = nameFiles(sandbox, binds, spec.readOnly ?? false);
  const places = [...binds.map(({ target }) => target), ...tmpfs.map(({ target }) => target)];
  return {
    id,
    name: container.name,
    rootfs: rootfsPath(paths, container),
    ...(sandbox.netns === undefined ? {} : { netns: sandbox.netns }),
    command: container.command,
    env: mergeEnv(spec.tty === true, sandbox.hostname, image?.config.env ?? [], spec.env ?? []),
    workdir: spec.workdir ?? image?.config.workdir ?? "/",
    hostname: sandbox.hostname,
    ...(sandbox.domainname === undefined ? {} : { domainname: sandbox.domainname }),
    user: spec.user ?? image?.config.user ?? "",
    tty: spec.tty ?? false,
    interactive: spec.interactive ?? false,
    // As docker: the input of a container in the foreground ends with that of its caller, but for a terminal, which lasts.
    keepsInput: spec.tty === true || !container.attached,
    limits: limitsOf(spec),
    confinement: confinementOf({ paths, store, processes }, row),
    ...ipcParameters(spec),
    runtime,
    ...(spec.annotations === undefined ? {} : { annotations: spec.annotations }),
    ...(spec.log === undefined ? {} : { log: spec.log }),
    binds: [...files.filter(({ target }) => !places.includes(target)), ...binds],
    tmpfs,
  };
}

type SpecParts = Pick<Parts, "paths" | "store" | "processes">;

/** Kernel parameters of the ipc namespace; those of the network's are resources. */
function ipcParameters({ sysctls = {} }: ContainerSpec): Pick<RuntimeSpec, "sysctls"> {
  const own = Object.entries(sysctls).filter(([key]) => isIpcParameter(key));
  const named = own.map(([key, value]) => [key.replaceAll("/", "."), value]);
  return own.length === 0 ? {} : { sysctls: Object.fromEntries(named) };
}

/** The files that name hosts, but for those that a read-only /etc of the user's has no place for. */
function nameFiles({ directory }: Sandbox, volumes: readonly Bind[], readOnly: boolean): readonly Bind[] {
  const own = ["hosts", "hostname", "resolv.conf"].map((name) => ({
    source: `${directory}/${name}`,
    target: `/etc/${name}`,
    readOnly,
  }));
  return own.filter(({ target }) => missingPlace(volumes, target) === undefined);
}

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Later lists win, key by key. */
function mergeEnv(tty: boolean, host: string, ...lists: readonly (readonly string[])[]): readonly string[] {
  const defaults = [defaultPath, `HOSTNAME=${host}`, ...(tty ? ["TERM=xterm"] : [])];
  const merged = new Map([defaults, ...lists].flat().map((entry) => [entry.split("=", 1)[0] ?? entry, entry]));
  return [...merged.values()];
}
