import type { Container, Image, RuntimeSpec, Sandbox, Store } from "../api/index.js";
import { rootfsPath } from "./container-files.js";
import type { Paths } from "./parts.js";
import { parseVolume } from "./volume-spec.js";

/** The container as its runtime sees it, defaults of image and house applied. */
export function runtimeSpec(paths: Paths, store: Store, container: Container): RuntimeSpec {
  const { id, spec } = container;
  const sandbox = container.sandbox as Sandbox;
  const image: Image | undefined =
    container.imageId === undefined ? undefined : store.images.resolve(container.imageId);
  const names = ["hosts", "hostname", "resolv.conf"].map((name) => ({
    source: `${sandbox.directory}/${name}`,
    target: `/etc/${name}`,
    readOnly: false,
  }));
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
    ...(spec.memory === undefined ? {} : { memory: spec.memory }),
    ...(spec.cpus === undefined ? {} : { cpus: spec.cpus }),
    ...(spec.cpuset === undefined ? {} : { cpuset: spec.cpuset }),
    binds: [...names, ...(spec.volumes ?? []).map(parseVolume)],
  };
}

const defaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Later lists win, key by key. */
function mergeEnv(tty: boolean, host: string, ...lists: readonly (readonly string[])[]): readonly string[] {
  const defaults = [defaultPath, `HOSTNAME=${host}`, ...(tty ? ["TERM=xterm"] : [])];
  const merged = new Map([defaults, ...lists].flat().map((entry) => [entry.split("=", 1)[0] ?? entry, entry]));
  return [...merged.values()];
}
