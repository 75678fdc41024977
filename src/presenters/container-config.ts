import type { ContainerDetails, ImageConfig, Labels } from "../api/index.js";
import { portMap } from "./port-list.js";
import { shortId } from "./short-id.js";
import { goMap } from "./template/go-map.js";

/** Docker's `Config` of a container: what the user asked for, and where that says nothing, what the image says. */
export function containerConfig(details: ContainerDetails): Readonly<Record<string, unknown>> {
  const { container, image } = details;
  const { id, spec, stopSignal, sandbox } = container;
  return {
    Hostname: sandbox?.hostname ?? spec.hostname ?? shortId(id),
    Domainname: spec.domainname ?? "",
    ExposedPorts: goMap(exposedPorts(details)),
    User: spec.user ?? image?.user ?? "",
    Tty: spec.tty ?? false,
    AttachStdin: (spec.interactive ?? false) && container.attached,
    AttachStdout: container.attached,
    AttachStderr: container.attached,
    OpenStdin: spec.interactive ?? false,
    StdinOnce: (spec.interactive ?? false) && container.attached,
    Env: mergedEnv(spec.env, image?.env),
    Cmd: command(details),
    Image: spec.image ?? spec.rootfs ?? "",
    WorkingDir: spec.workdir ?? image?.workdir ?? "",
    Entrypoint: nullIfEmpty(spec.entrypoint ?? image?.entrypoint),
    OnBuild: null,
    Labels: goMap(containerLabels(details)),
    StopSignal: /^\d|^SIG/.test(stopSignal) ? stopSignal : `SIG${stopSignal}`,
    ...(spec.stopTimeout === undefined ? {} : { StopTimeout: spec.stopTimeout }),
    Volumes: image?.volumes === undefined ? null : goMap(Object.fromEntries(image.volumes.map((path) => [path, {}]))),
    Healthcheck: healthCheck(details),
  };
}

/** As docker has a list that nobody gave. */
function nullIfEmpty(words: readonly string[] = []): readonly string[] | null {
  return words.length === 0 ? null : words;
}

/** docker's `Healthcheck`, its times in nanoseconds; nothing where there is none. */
function healthCheck({ container: { spec }, image }: ContainerDetails): unknown {
  const check = { ...image?.health, ...spec.health };
  if (check.test === undefined) return undefined;
  const times = {
    Interval: check.interval,
    Timeout: check.timeout,
    StartPeriod: check.startPeriod,
    StartInterval: check.startInterval,
  };
  const given = Object.entries(times).flatMap(([name, time]) => (time === undefined ? [] : [[name, time * 1e6]]));
  return {
    Test: check.test,
    ...Object.fromEntries(given),
    ...(check.retries === undefined ? {} : { Retries: check.retries }),
  };
}

/** The image's labels, and over them the user's. */
export function containerLabels({ container, image }: Pick<ContainerDetails, "container" | "image">): Labels {
  return { ...image?.labels, ...container.spec.labels };
}

/** As docker lists them: the user's, then those of the image whose names the user did not give. */
function mergedEnv(own: readonly string[] = [], images: ImageConfig["env"] = []): readonly string[] {
  const nameOf = (entry: string) => entry.split("=", 1)[0] ?? entry;
  const given = new Set(own.map(nameOf));
  return [...own, ...images.filter((entry) => !given.has(nameOf(entry)))];
}

/** Docker's rule: an entrypoint of the user drops the image's command. */
function command({ container: { spec }, image }: ContainerDetails): readonly string[] {
  const own = spec.command ?? [];
  return own.length > 0 || spec.entrypoint !== undefined ? own : (image?.command ?? []);
}

/** Ports that image and user expose, ranges taken apart, and all that are published. */
export function exposedPorts({
  container: { spec },
  image,
  endpoints,
}: ContainerDetails): Readonly<Record<string, object>> {
  const exposed = [...(image?.exposedPorts ?? []), ...(spec.expose ?? [])].flatMap((text) => {
    const [range = "", protocol = "tcp"] = text.toLowerCase().split("/");
    const [first, last = first] = range.split("-").map(Number);
    if (first === undefined || last === undefined) return [];
    return Array.from({ length: last - first + 1 }, (_, offset) => `${first + offset}/${protocol}`);
  });
  const published = Object.keys(portMap(endpoints.map(({ endpoint }) => endpoint)));
  return Object.fromEntries([...exposed, ...published].map((port) => [port, {}]));
}
