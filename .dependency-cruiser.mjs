import { doors } from "./script/walls/doors.mjs";
import { rooms } from "./script/walls/rooms.mjs";

/** The import walls of ARCHITECTURE.md. Each rule is proved to bite in test/unit/house/import-walls.test.ts. */

/** What each folder of src may import of src, beside itself, and why no more. */
const folders = {
  api: {
    may: ["errors/tsd-error\\.js"],
    comment: "Contracts are what everyone shares; they know the error, and nothing else.",
  },
  contracts: {
    may: ["api", "errors"],
    comment: "What only tsd's own rooms share is said in the words of what everyone gets.",
  },
  errors: { may: [], comment: "Errors are thrown everywhere, so they depend on nothing." },
  kernel: { may: ["api", "contracts", "errors"], comment: "The door to Linux knows no network, driver or store." },
  store: { may: ["api", "contracts", "errors", "kernel"], comment: "The store keeps rows; it acts on nothing." },
  ipam: {
    may: ["api", "contracts", "errors", "kernel"],
    comment: "Addresses are handed out without knowledge of who asks.",
  },
  nat: {
    may: ["api", "errors", "kernel", "contracts/fnv1a\\.js"],
    comment: "A backend carries intents out; whose they are is not its matter.",
  },
  drivers: { may: ["api/index\\.js"], comment: "Built-in drivers prove that the public contract is enough." },
  extensions: { may: ["api/index\\.js"], comment: "Shipped extensions prove that anybody could have written them." },
  plugins: {
    may: ["api", "errors", "kernel", "contracts/(ecosystem|haste)\\.js", "installation\\.js"],
    comment: "Hosts of third-party drivers see what third parties see.",
  },
  hosts: {
    may: ["api", "contracts/(ecosystem|haste|json-field|cni-version)\\.js", "errors", "kernel"],
    comment:
      "Plug-ins of other engines are programs and sockets; what tsd makes of them is a driver like any other. JSON of others is read in one way.",
  },
  names: {
    may: ["api", "contracts", "errors", "kernel"],
    comment: "The resolver asks a view for what names mean; which containers there are is not its matter.",
  },
  service: {
    may: ["contracts", "errors", "kernel"],
    comment: "A process that stays for containers is started, asked and ended in one way, whatever it does for them.",
  },
  timers: {
    may: ["api", "contracts", "errors", "kernel", "service"],
    comment:
      "When something is done for a container, and what follows from it; how commands and logs work is the runtime's.",
  },
  resolver: {
    may: ["api", "contracts", "errors", "kernel", "service", "names/name-server\\.js"],
    comment: "The process that listens in namespaces hands sockets over; what comes by them is not its matter.",
  },
  agent: {
    may: [
      "api",
      "contracts",
      "errors",
      "kernel",
      "service",
      "ipam/(address|cidr)\\.js",
      "cluster/records/(keys|values)\\.js",
    ],
    comment:
      "What follows on this host from the cluster's records, and what it writes of itself; how they are kept, and how peers are made, is not its matter.",
  },
  registry: {
    may: ["api", "contracts", "errors", "kernel"],
    comment: "A registry is asked for files; what images are made of is not known here.",
  },
  cluster: {
    may: [
      "api",
      "contracts",
      "errors",
      "kernel",
      "ipam/(address|cidr)\\.js",
      "store/(connection|errors|open-database)\\.js",
    ],
    comment:
      "What hosts know in common is claimed and read; what follows from it on this host is not known here. The state of one host alone is a database as tsd's own is.",
  },
  runtime: {
    may: ["api", "contracts", "errors", "kernel", "registry"],
    comment: "Containers are processes; their network is the engine's.",
  },
  engine: {
    may: ["api", "contracts", "errors"],
    comment: "Use cases act through contracts, so that every part can be replaced.",
  },
  composition: {
    may: [
      "api",
      "contracts",
      "errors",
      "kernel",
      "store",
      "ipam",
      "nat",
      "drivers",
      "extensions",
      "hosts",
      "names",
      "plugins",
      "cluster",
      "agent",
      "registry",
      "resolver",
      "service",
      "timers",
      "runtime",
      "engine",
      "installation\\.js",
      "version\\.js",
    ],
    comment: "The rooms of the composition root put parts together; how a user talks to them is not their matter.",
  },
  testing: {
    may: [
      "api",
      "errors",
      "composition/own-extension\\.js",
      "plugins/installed/(extension-of|load-module|module-at)\\.js",
      "installation\\.js",
      "index\\.js",
    ],
    comment:
      "The conformance kit sees tsd as an author of a plug-in does, by its library, loads plug-ins as tsd does, and sees what is on the kernel.",
  },
  presenters: { may: ["api", "errors"], comment: "Text is made from data; a presenter asks nobody for more." },
  commands: {
    may: [
      "api",
      "errors",
      "presenters",
      "adapters/docker/serve\\.js",
      "agent-process\\.js",
      "testing/index\\.js",
      "index\\.js",
      "installation\\.js",
      "version\\.js",
      "cli/(nearest-word|registry-entry|write-text)\\.js",
    ],
    comment: "A command parses, calls the library as any program would, and prints.",
  },
  adapters: {
    may: [
      "api",
      "errors",
      "presenters",
      "contracts/(fnv1a|json-field|cni-version)\\.js",
      "kernel/boundary-operation\\.js",
      "kernel/files/(file-lock|path-fault)\\.js",
    ],
    comment:
      "tsd as a plug-in of others calls the library as any program would; its own door to it is at the entry. JSON of others is read in one way, and a socket stands where only root can put one.",
  },
  executable: {
    may: [
      "errors",
      "kernel",
      "installation\\.js",
      "(index|cli|cni|netavark|probe|(resolver|timers|agent)-main)\\.js",
      "testing/programs",
    ],
    comment: "What differs in the executable is how tsd's programs start and load code; what they do is the same.",
  },
  cli: {
    may: ["api", "errors", "version\\.js", "commands/argument-order\\.js"],
    comment: "Finding a command and saying why it failed needs no command loaded.",
  },
};

const folderRules = Object.entries(folders).map(([folder, { may, comment }]) => ({
  name: `${folder}-imports`,
  comment,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: `^src/(${[folder, ...may].join("|")})(/|$)` },
}));

/** The files of a room, or the one that is named; rooms within it are rooms of their own. */
const filesOf = (room) => {
  if (room === ".") return "[^/]+";
  return room.endsWith(".js") ? room : `${room}/[^/]+`;
};

const roomRules = Object.entries(rooms).flatMap(([folder, inside]) =>
  Object.entries(inside).map(([room, { may, comment }]) => ({
    name: `${folder}-${room === "." ? "ground" : room.replace("/", "-")}-room`,
    comment,
    severity: "error",
    from: { path: `^src/${folder}/${filesOf(room)}$` },
    to: { path: `^src/${folder}/`, pathNot: `^src/${folder}/(${[room, ...may].map(filesOf).join("|")})$` },
  })),
);

const roomless = Object.entries(rooms).map(([folder, inside]) => ({
  name: `${folder}-in-rooms`,
  comment: "A file in a room of which nothing is said here would stand outside of every wall.",
  severity: "error",
  from: { path: `^src/${folder}/`, pathNot: `^src/${folder}/(${Object.keys(inside).map(filesOf).join("|")})$` },
  to: {},
}));

const doorRules = doors.map(({ name, module, may, comment }) => ({
  name: `${name}-door`,
  comment,
  severity: "error",
  from: { path: "^src/", pathNot: may },
  to: { path: `(^|node_modules/)(${module})(/|$)` },
}));

export default {
  forbidden: [
    ...folderRules,
    ...roomRules,
    ...roomless,
    ...doorRules,
    {
      name: "engine-files",
      comment: "What a file of the host says is a fact; elsewhere it would be one that a plan was not given.",
      severity: "error",
      from: { path: "^src/engine/", pathNot: "^src/engine/(host-facts/|rows/identifiers\\.js$)" },
      to: { path: "^(node:)?fs(/|$)" },
    },
    {
      name: "drivers-blind",
      comment:
        "A driver that knows another cannot be taken out, nor written by someone else; what several need of a bridge is in one room.",
      severity: "error",
      from: { path: "^src/drivers/([^/]+)/" },
      to: { path: "^src/drivers/", pathNot: "^src/drivers/($1|switched)/" },
    },
    {
      name: "extensions-blind",
      comment: "An extension that knows another cannot be taken out; what several need of a LAN is in one room.",
      severity: "error",
      from: { path: "^src/extensions/([^/]+)/" },
      to: { path: "^src/extensions/", pathNot: "^src/extensions/($1|lan)/" },
    },
    {
      name: "nat-backends-blind",
      comment: "Backends are switched live; one that leans on another would fall with it.",
      severity: "error",
      from: { path: "^src/nat/([^/]+)/" },
      to: { path: "^src/nat/[^/]+/", pathNot: "^src/nat/$1/" },
    },
    {
      name: "hosts-blind",
      comment: "An ecosystem whose plug-ins tsd runs has nothing to do with another; what several need is in one room.",
      severity: "error",
      from: { path: "^src/hosts/([^/]+)/" },
      to: { path: "^src/hosts/[^/]+/", pathNot: "^src/hosts/($1|foreign)/" },
    },
    {
      name: "adapters-blind",
      comment: "An ecosystem that tsd speaks to has nothing to do with another.",
      severity: "error",
      from: { path: "^src/adapters/([^/]+)/" },
      to: { path: "^src/adapters/", pathNot: "^src/adapters/$1/" },
    },
    {
      name: "root-on-top",
      comment: "The composition root and the entries see everything; seen by others, every wall would have a hole.",
      severity: "error",
      from: {
        path: "^src/",
        pathNot:
          "^src/(index|cli|main|agent-process|(resolver|timers|agent)-main|(cni|netavark)(-main)?)\\.js$|^src/(commands|composition|executable|testing)/",
      },
      to: { path: "^src/((index|cli|main|(cni|netavark)(-main)?)\\.js$|composition/)" },
    },
    {
      name: "library-without-cli",
      comment: "Programs that import tsd must not load a command line.",
      severity: "error",
      from: { path: "^src/(index\\.js$|composition/)" },
      to: { path: "^src/(adapters|commands|cli|presenters)/" },
    },
    {
      name: "src-alone",
      comment: "What ships stands on what ships.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^(test|bench|script|dist)/" },
    },
    {
      name: "src-without-dev-dependencies",
      comment: "A user's machine has only the dependencies.",
      severity: "error",
      from: { path: "^src/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "no-cycle",
      comment: "Two files that need each other are one file. An import at run time may lead back.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["dynamic-import"] } },
    },
    {
      name: "no-orphan",
      comment: "A file that nobody imports is dead.",
      severity: "error",
      from: {
        orphan: true,
        path: "^src/",
        pathNot:
          "^src/(index|main|cli|(cni|netavark)(-main)?|probe|(resolver|timers|agent)-main)\\.js$|^src/executable/|^src/testing/(index|programs/.*)\\.js$",
      },
      to: {},
    },
    {
      name: "no-unresolvable",
      comment: "An import that leads nowhere would pass every other wall.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules|^dist/" },
    enhancedResolveOptions: { conditionNames: ["import", "node", "default"], exportsFields: ["exports"] },
    cache: false,
  },
};
