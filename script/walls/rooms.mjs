/** What each room of a folder may import of that folder, beside itself, and why no more. "." are the files in no room. */
export const rooms = {
  "engine-api": {
    http: { may: [], comment: "How requests come and replies go is the same whatever they are about." },
    requests: { may: [], comment: "What a client asks for is read without doing it." },
    sessions: {
      may: ["http", "requests"],
      comment: "A client's connection stands for streams; whose they are is not its matter.",
    },
    routes: {
      may: ["http", "requests", "sessions", "router\\.js", "service\\.js", "version\\.js"],
      comment: "A handler knows its own request alone, and no other area's.",
    },
    ".": { may: ["http", "routes", "sessions"], comment: "What brings requests and handlers together." },
  },
  page: {
    http: { may: [], comment: "Who may come in, and how parts reach readers, is the same whatever they show." },
    host: { may: [], comment: "The host is looked at for all readers, whatever is made of it." },
    view: { may: ["host"], comment: "HTML is made from what was seen; it asks nobody for more." },
    ".": { may: ["http", "host", "view"], comment: "What brings readers, looks and their pictures together." },
  },
  engine: {
    contracts: { may: [], comment: "What use cases are made of is known before any of them." },
    rows: { may: ["contracts"], comment: "What a row is called and who works on it follows from the row alone." },
    requests: { may: ["contracts"], comment: "A user's words are understood before anything is decided or touched." },
    "host-facts": {
      may: ["contracts", "rows"],
      comment: "Facts about the host are read; what follows from them is not known here.",
    },
    sandbox: {
      may: ["contracts", "rows", "requests"],
      comment: "A namespace and the files that name hosts follow from rows.",
    },
    resources: {
      may: ["contracts", "requests", "rows/endpoint-user\\.js"],
      comment:
        "A list is carried out without knowledge of why it is as it is. Who has the address that another reports is named by its row.",
    },
    nat: {
      may: ["contracts", "rows", "resources"],
      comment: "Which backend holds the rules is decided without knowledge of what they are for.",
    },
    names: {
      may: ["contracts", "rows", "sandbox"],
      comment: "What names mean follows from rows; who asks, and by which protocol, is not known here.",
    },
    plan: {
      may: ["contracts", "rows", "requests", "host-facts", "sandbox", "resources/shared-resources\\.js"],
      comment:
        "A plan writes rows in the caller's transaction and touches no provider: a dry run and a crash depend on it.",
    },
    cluster: {
      may: ["contracts", "rows", "plan/proposed\\.js"],
      comment:
        "What a plan lacks is claimed in the cluster, and what no row has is given back, whatever the plan is for.",
    },
    ipam: {
      may: ["cluster/claims\\.js", "contracts", "plan/proposed\\.js", "resources/undo-on-failure\\.js"],
      comment: "Drivers of third parties are asked before a plan is written, and have released what no row has.",
    },
    updates: {
      may: ["contracts", "rows", "requests", "host-facts", "sandbox", "resources", "plan"],
      comment: "What is in use changes in one way for every caller; this room knows no start and no exit.",
    },
    settings: {
      may: ["contracts", "requests", "nat"],
      comment: "The default network is made and removed through a contract: settings know no lifecycle.",
    },
    explain: {
      may: ["contracts", "rows", "requests", "host-facts", "sandbox", "names", "nat/nat-selection\\.js"],
      comment: "Who explains changes nothing, so it sees no room that writes rows or carries lists out.",
    },
    doctor: {
      may: ["contracts", "rows", "requests", "host-facts", "nat/nat-selection\\.js"],
      comment: "Who examines changes nothing, so it sees no room that writes rows or carries lists out.",
    },
    map: {
      may: ["contracts", "rows/endpoints-elsewhere\\.js"],
      comment: "A map is made of what others have read and found, and changes nothing.",
    },
    lifecycle: {
      may: [
        "contracts",
        "rows",
        "requests",
        "host-facts",
        "sandbox",
        "resources",
        "cluster",
        "ipam",
        "plan",
        "updates",
        "settings",
      ],
      comment: "Starting, ending and recovery are the same for every command, so they know none.",
    },
    drift: {
      may: ["contracts", "rows", "host-facts", "resources", "nat", "updates"],
      comment: "Check, repair and collection go by lists and facts, whatever made them.",
    },
    "dry-run": {
      may: ["contracts"],
      comment: "Parts that tell stand in for those that act; the use cases above stay the same.",
    },
    "use-cases": {
      may: [
        ...[
          "contracts",
          "rows",
          "requests",
          "host-facts",
          "sandbox",
          "names",
          "resources",
          "nat",
          "cluster",
          "ipam",
          "plan",
        ],
        ...["updates", "settings", "lifecycle", "drift", "explain", "doctor", "map"],
      ],
      comment: "A use case does not know whether it is a dry run.",
    },
  },
  names: {
    ".": {
      may: ["transport", "upstream", "serving"],
      comment: "What opens sockets in namespaces needs this one door; what messages say is no matter of it.",
    },
    message: { may: [], comment: "Octets are read and written without knowledge of who sent them." },
    transport: { may: [], comment: "How messages travel is the same to clients and to other servers." },
    own: { may: ["message"], comment: "What tsd says itself is found without a socket, and without another server." },
    upstream: { may: ["message", "transport"], comment: "Other servers are asked in the same way for each client." },
    serving: {
      may: ["message", "transport", "own", "upstream"],
      comment: "A client's message is what brings the others together.",
    },
  },
  cluster: {
    ".": {
      may: ["bounds", "etcd", "local"],
      comment: "Which of the two keeps the state is decided once; records are made over either.",
    },
    bounds: { may: [], comment: "What one change may hold, and what it requires, is the same wherever it goes." },
    etcd: { may: ["bounds"], comment: "etcd is asked by its own words; what the records mean is not known here." },
    local: {
      may: ["bounds"],
      comment: "The state of this host alone keeps records without knowledge of what they mean.",
    },
    records: { may: [], comment: "Claims are made by the contract of the state, whatever keeps it." },
  },
  agent: {
    records: {
      may: [],
      comment: "What is read of the cluster's state is kept without knowledge of what follows from it.",
    },
    peers: { may: ["records"], comment: "Which record counts follows from records alone: it acts on nothing." },
    own: { may: ["records"], comment: "What this host is to write follows from records alone: it writes nothing." },
    directory: {
      may: ["records", "peers"],
      comment: "What is asked for counts as what is followed does; that none of it is kept is decided elsewhere.",
    },
    ".": { may: ["records", "peers", "own", "directory"], comment: "When the state is read, and what is done then." },
  },
  kernel: {
    ".": { may: [], comment: "libc, errors, crossings and processes are what all of Linux's parts stand on." },
    programs: { may: [".", "files"], comment: "How a program is run does not depend on what it is run for." },
    files: { may: ["."], comment: "Files and mounts know no network." },
    terminal: { may: [".", "programs"], comment: "A terminal is a file and a program's end of it." },
    netns: { may: [".", "programs", "files"], comment: "A namespace is a file; what is in it is seen by sockets." },
    redirect: {
      may: [".", "netns", "netlink"],
      comment: "A port leads to another without knowledge of what is asked there.",
    },
    netlink: { may: [".", "netns"], comment: "The transport knows none of the families that speak over it." },
    "rtnetlink/messages": {
      may: [".", "netlink"],
      comment: "What the kernel says of links, addresses and routes is decoded, not judged.",
    },
    "rtnetlink/filters": {
      may: [".", "netlink", "netns", "rtnetlink/messages"],
      comment: "A filter is a program on a link; which links have one is not its matter.",
    },
    "rtnetlink/session": {
      may: [".", "netlink", "netns", "rtnetlink/messages"],
      comment: "Sockets, snapshots and the queue of one batch serve every kind of resource alike.",
    },
    "rtnetlink/link-kinds": {
      may: ["netlink", "rtnetlink/messages"],
      comment: "A kind of link is one file, blind to how links are made.",
    },
    "rtnetlink/links": {
      may: [
        ".",
        "netlink",
        "netns",
        "rtnetlink/messages",
        "rtnetlink/filters",
        "rtnetlink/session",
        "rtnetlink/link-kinds",
      ],
      comment: "A link is made and known again without knowledge of its addresses and routes.",
    },
    rtnetlink: {
      may: [
        ...[".", "netlink", "netns", "rtnetlink/messages", "rtnetlink/filters", "rtnetlink/session"],
        ...["rtnetlink/link-kinds", "rtnetlink/links"],
      ],
      comment: "Providers of what rtnetlink carries need no other door to Linux.",
    },
    wireguard: {
      may: [".", "files", "netlink", "rtnetlink/messages"],
      comment: "A link that encrypts gets its key and its peers once it exists, whoever made it.",
    },
    volumes: {
      may: [".", "programs", "files"],
      comment: "A directory is kept, filled and looked into without knowledge of whose it is.",
    },
    announcement: {
      may: [".", "netlink", "netns", "rtnetlink/messages", "rtnetlink/session"],
      comment: "An address is announced on a link that exists already.",
    },
    "forward-chains": {
      may: [".", "programs", "files", "netlink"],
      comment: "What chains of others do to a packet is read and judged; whose packet it is is not known here.",
    },
    host: {
      may: [
        "forward-chains",
        ...[".", "programs", "files", "netns", "netlink"],
        ...["rtnetlink/messages", "rtnetlink/filters", "rtnetlink/links"],
      ],
      comment: "Facts about the machine are read; the providers that change it are not seen from here.",
    },
    orphans: {
      may: [".", "files", "netns", "netlink", "volumes", "rtnetlink/messages", "rtnetlink/links", "wireguard"],
      comment: "What is left is known by its marks, not by the providers that made it.",
    },
  },
};
