import { doors } from "./script/walls/doors.mjs";
import { folders } from "./script/walls/folders.mjs";
import { rooms } from "./script/walls/rooms.mjs";

/** The import walls of ARCHITECTURE.md. Each rule is proved to bite in test/unit/house/import-walls.test.ts. */

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
