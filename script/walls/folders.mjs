/** What each folder of src may import of src, beside itself, and why no more. */
export const folders = {
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
  filters: {
    may: ["api", "errors", "presenters"],
    comment: "Which things a list shows is the same for who types the words and for who sends them.",
  },
  listening: {
    may: ["errors", "kernel"],
    comment: "A socket stands where only root can put one, and one process serves it, whatever is said there.",
  },
  "engine-api": {
    may: [
      "api",
      "errors",
      "presenters",
      "filters",
      "listening",
      "contracts/(clock|json-field)\\.js",
      "commands/(flag-values|foreign-words|machine|optional)\\.js",
    ],
    comment:
      "docker's API is one more user of the library, as the command line is; what both read of words is read once.",
  },
  page: {
    may: ["api", "errors", "presenters", "listening", "contracts/clock\\.js"],
    comment: "The page is one more reader of the library, which shows what the command line prints, in the same words.",
  },
  commands: {
    may: [
      "api",
      "errors",
      "presenters",
      "filters",
      "adapters/docker/serve\\.js",
      "engine-api/serve\\.js",
      "page/serve\\.js",
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
      "listening",
    ],
    comment:
      "tsd as a plug-in of others calls the library as any program would; its own door to it is at the entry. JSON of others is read in one way.",
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
