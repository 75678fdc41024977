import type { BuildOptions } from "esbuild";
import { lazyBuiltins } from "./lazy-builtins.ts";
import { lazyIpaddr } from "./lazy-ipaddr.ts";
import { lazyRequires } from "./lazy-requires.ts";
import { nativeKoffi } from "./native-koffi.ts";
import { oclifParts } from "./oclif-parts.ts";
import { apart, commonJs, root, unreached } from "./settings.ts";
import { unplannedInversify } from "./unplanned-inversify.ts";

/**
 * The command line and its adapters, for Node.js and for the executable alike. Each file is flat, without a wrapper for each
 * module, and loads when a command needs it: every byte of library.cjs costs every command, so what is pure and seldom needed
 * is a file of its own.
 */
export const programFiles: readonly BuildOptions[] = [
  {
    entryPoints: ["src/cli.ts"],
    outfile: "dist/cli.cjs",
    external: unreached,
    plugins: [
      apart("../index.js", "./library.cjs"),
      apart("../../testing/index.js", "./testing.js"),
      apart("../../adapters/docker/serve.js", "./docker.cjs"),
      apart("../../engine-api/serve.js", "./engine-api.cjs"),
      apart("../../page/serve.js", "./page.cjs"),
      apart("../agent-process.js", "./agent-process.cjs"),
      oclifParts,
      lazyBuiltins,
      lazyRequires,
    ],
  },
  {
    entryPoints: ["src/cni.ts"],
    outfile: "dist/cni.cjs",
    plugins: [
      apart("./index.js", "./library.cjs"),
      apart("./kernel/programs/exec.js", "./library.cjs"),
      lazyIpaddr,
      lazyBuiltins,
    ],
  },
  {
    entryPoints: ["src/netavark.ts"],
    outfile: "dist/netavark.cjs",
    plugins: [
      apart("./index.js", "./library.cjs"),
      apart("./kernel/programs/daemon.js", "./library.cjs"),
      lazyBuiltins,
    ],
  },
  {
    entryPoints: ["src/adapters/docker/serve.ts"],
    outfile: "dist/docker.cjs",
    plugins: [apart("../kernel/files/file-lock.js", "./library.cjs"), lazyIpaddr, lazyBuiltins],
  },
  {
    entryPoints: ["src/engine-api/serve.ts"],
    outfile: "dist/engine-api.cjs",
    plugins: [apart("../kernel/files/file-lock.js", "./library.cjs"), lazyIpaddr, lazyBuiltins],
  },
  {
    entryPoints: ["src/page/serve.ts"],
    outfile: "dist/page.cjs",
    plugins: [apart("../kernel/files/file-lock.js", "./library.cjs"), lazyIpaddr, lazyBuiltins],
  },
  // src/index.ts for programs of tsd's own, which have decided to load all of it.
  {
    stdin: {
      contents: `
        export { openTsd } from "./src/composition/open-tsd.ts";
        export { composeTsd } from "./src/composition/compose-tsd.ts";
        export { exec } from "./src/kernel/programs/exec.ts";
        export { tryLock } from "./src/kernel/files/file-lock.ts";
        export { startDaemon } from "./src/kernel/programs/daemon.ts";`,
      resolveDir: root,
    },
    outfile: "dist/library.cjs",
    plugins: [
      apart("execa", "./execa.cjs"),
      apart("../engine/explain/explain.js", "./explain.cjs"),
      apart("../engine/map/read-map.js", "./map.cjs"),
      lazyBuiltins,
      lazyIpaddr,
      nativeKoffi,
      unplannedInversify,
    ],
  },
  { entryPoints: ["src/engine/explain/explain.ts"], outfile: "dist/explain.cjs", plugins: [lazyBuiltins] },
  { entryPoints: ["src/engine/map/read-map.ts"], outfile: "dist/map.cjs", plugins: [lazyBuiltins] },
  {
    stdin: { contents: `export { execa } from "execa";`, resolveDir: root },
    outfile: "dist/execa.cjs",
    plugins: [lazyBuiltins],
  },
  { entryPoints: ["src/probe.ts"], outfile: "dist/probe.cjs", plugins: [lazyIpaddr, lazyBuiltins] },
  {
    entryPoints: ["src/resolver-main.ts"],
    outfile: "dist/resolver.cjs",
    plugins: [lazyBuiltins, lazyIpaddr, nativeKoffi],
  },
  { entryPoints: ["src/timers-main.ts"], outfile: "dist/timers.cjs", plugins: [lazyBuiltins, nativeKoffi] },
  {
    entryPoints: ["src/agent-process.ts"],
    outfile: "dist/agent-process.cjs",
    plugins: [lazyBuiltins, apart("./compose-tsd.js", "./library.cjs"), nativeKoffi],
  },
  {
    entryPoints: ["src/agent-main.ts"],
    outfile: "dist/agent.cjs",
    plugins: [apart("./agent-process.js", "./agent-process.cjs")],
  },
].map((file) => ({ ...commonJs, ...file }));
