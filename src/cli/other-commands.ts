const images = "tsd builds no images: build with docker, podman or buildah, then `docker save IMAGE | tsd image load`.";
const push = "tsd sends nothing to registries: use `skopeo copy`, or docker.";
const login = "tsd reads the credentials of ~/.docker/config.json: write them there with docker, podman or skopeo.";
const swarm = "tsd has no swarm: hosts share networks by `tsd cluster join`, and `tsd cluster ls` lists them.";
const services = "tsd works on this machine alone: it has no services; `tsd run --restart` keeps a container up.";
const kubernetes = "tsd reads no Kubernetes files: write `tsd run` commands.";
const units = "tsd writes no units: `tsd run --restart` and share/systemd bring containers back after a boot.";
const daemon = "tsd has no daemon.";

/** Objects of other programs that tsd has not, each with what stands in for it. */
const objects = (): Readonly<Record<string, string>> => ({
  compose: "tsd reads no compose files: write the services as `tsd run` commands in a script.",
  buildx: images,
  builder: images,
  context: "tsd works on this machine alone, in the network namespace of its caller: use ssh(1) for another.",
  machine: "tsd works on this machine alone, and makes no virtual ones.",
  manifest: "tsd writes no manifest lists: use `skopeo inspect` to read one, and buildah to write one.",
  pod: "tsd has no pods: containers share a network with `tsd run --net container:NAME`.",
  kube: kubernetes,
  play: kubernetes,
  generate: units,
  quadlet: units,
  swarm,
  node: swarm,
  cluster: swarm,
  stack: services,
  service: services,
  secret: "tsd keeps no secrets: mount a file with `tsd run --volume`, or set a variable with --env-file.",
  config: "tsd keeps no configurations for containers; those of the host are set by `tsd system init`.",
  trust: "tsd checks digests and no signatures: use cosign, or skopeo with a policy.",
  checkpoint: "tsd saves no running containers: use criu(8).",
  healthcheck: "tsd runs health checks by itself: `tsd inspect NAME` shows State.Health.",
  artifact: "tsd keeps images alone.",
  farm: "tsd works on this machine alone.",
  remote: "tsd works on this machine alone.",
  storage: "tsd has no storage pools: it keeps all below TSD_ROOT, see `tsd system info`.",
  profile: "tsd has no profiles: write the flags of `tsd run`.",
  project: "tsd has no projects; TSD_ROOT and TSD_RUN name another installation.",
  snapshot: "tsd makes no snapshots.",
  model: "tsd runs containers alone.",
  scout: "tsd looks into no images: use a scanner such as trivy or grype.",
});

const verbs = (): Readonly<Record<string, string>> => ({
  push,
  login,
  logout: login,
  search: "tsd asks registries for no lists: look at the registry's page, or use `skopeo list-tags`.",
  build: images,
  bake: images,
  debug: "Use `tsd run --rm -it --net container:NAME --pid container:NAME IMAGE sh`.",
  commit: "tsd makes no images of containers: `tsd exec NAME tar -c / | tsd image import - IMAGE` keeps its files.",
  export: "Use `tsd exec NAME tar -c /`, which writes its files as a tar.",
  untag: "Use `tsd image rm NAME`, which takes one name away.",
  file: "Use `tsd exec NAME cat FILE`, or share a directory with --volume.",
  console: "Use `tsd exec -it NAME sh`.",
  shell: "Use `tsd exec -it NAME sh`.",
  resume: "Use `tsd start NAME`.",
  rebuild: "Use `tsd rm NAME`, then `tsd run`.",
  init: "Use `tsd run`; for the settings of the host use `tsd system init`.",
  launch: "Use `tsd run -d --name NAME IMAGE`.",
  list: "Use `tsd ps`.",
  ls: "Use `tsd ps`, `tsd network ls` or `tsd image ls`.",
  delete: "Use `tsd rm`.",
  remove: "Use `tsd rm`.",
  show: "Use `tsd inspect`.",
  exists: "Use `tsd container exists`, or `tsd inspect`, which ends with code 1 for what does not exist.",
  mount: "tsd shows no file system of a container: `tsd inspect NAME` has its path as GraphDriver.Data.MergedDir.",
  umount: "tsd mounts the file system of a container while it runs.",
  unmount: "tsd mounts the file system of a container while it runs.",
  unshare: "tsd runs as root; unshare(1) makes namespaces.",
  "auto-update": "tsd replaces no containers by itself: use `tsd rm` and `tsd run`.",
  clone: "tsd copies no containers: write the flags of `tsd run` again.",
  cleanup: "Use `tsd gc`.",
  restore: "tsd saves no running containers: use criu(8).",
  publish: "Use `tsd port add NAME HOST:CONTAINER`.",
  monitor: "Use `tsd events`.",
  query: "Use `tsd inspect`, or --json.",
  admin: "Use `tsd system init` and `tsd system info`.",
  warning: "Use `tsd doctor`.",
  operation: "Use `tsd events`.",
  alias: "tsd has no aliases of commands.",
  webui: "tsd has no web interface.",
  renew: "Use `tsd rm NAME`, then `tsd run`.",
  dial: daemon,
});

/** Where what follows an object is another thing than the same word alone. */
const pairs = (): Readonly<Record<string, string>> => ({
  "network delete": "Use `tsd network rm`.",
  "network show": "Use `tsd network inspect`.",
  "network info": "Use `tsd network inspect`.",
  "network edit": "Use `tsd network update`.",
  "network set": "Use `tsd network update --opt KEY=VALUE`.",
  "network unset": "Use `tsd network update --opt KEY=`.",
  "network rename": "tsd renames no networks: make another with `tsd network create`.",
  "network attach": "Use `tsd network connect`.",
  "network detach": "Use `tsd network disconnect`.",
  "network add": "Use `tsd network create`, or `tsd network connect`.",
  "image show": "Use `tsd inspect`.",
  "image info": "Use `tsd inspect`.",
  "image delete": "Use `tsd image rm`.",
  "image mount": "tsd shows no file system of an image: run it with `tsd run --rm -it IMAGE sh`.",
  "container checkpoint": "tsd saves no running containers: use criu(8).",
  "system reset": "Use `tsd rm -f`, `tsd network prune` and `tsd image rm`.",
  "system migrate": "tsd changes its state by itself when a newer version opens it.",
  "system renumber": "tsd needs no locks of containers.",
  "system connection": "tsd works on this machine alone.",
  "system service": daemon,
  "system check": "Use `tsd check`.",
  "system dial-stdio": daemon,
  "plugin create": "Use `tsd plugin new`.",
  "plugin push": push,
  "plugin list": "Use `tsd plugin ls`.",
  "plugin remove": "Use `tsd plugin rm`.",
  "plugin enable": "Use `tsd plugin add`, after which a plug-in is in use.",
  "plugin disable": "Use `tsd plugin rm`.",
  "plugin set": "tsd passes options to a driver as a network is made: `tsd network create --opt KEY=VALUE`.",
  "plugin upgrade": "Use `tsd plugin add`.",
  "port list": "Use `tsd port NAME`.",
  "port ls": "Use `tsd port NAME`.",
});

/**
 * What tsd has in place of a command that docker, podman or incus know, or that it has none; undefined for a word that no
 * program has.
 */
export function otherCommand([first = "", second = ""]: readonly string[]): string | undefined {
  return (
    find(pairs(), `${first} ${second}`) ??
    find(objects(), first) ??
    find(verbs(), /^(container|image|network|system|volume)$/.test(first) ? second : first)
  );
}

function find(table: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
