import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { VERSION } from "../../../src/version.js";
import { downloadAddresses } from "../../support/house/download-addresses.js";
import { vagueNames } from "../../support/house/file-names.js";
import { processStateReads } from "../../support/house/process-state.js";
import { projectFiles } from "../../support/house/project-files.js";
import { reviewedDependencies } from "../../support/house/reviewed-dependencies.js";

const compiler: { readonly optionalDependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync("script/compiler/package.json", "utf8"),
);
const manifest: {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
} = JSON.parse(readFileSync("package.json", "utf8"));

test("the listing of files holds this one", () => {
  expect(projectFiles("test/unit/house").map(({ path }) => path)).toContain("test/unit/house/files.test.ts");
});

describe("file names say what a file is for", () => {
  test("everywhere", () => expect(vagueNames(projectFiles().map(({ path }) => path))).toEqual([]));

  test("a vague one is seen", () => {
    const vague = ["src/utils.ts", "src/nat/nft-helpers.ts", "src/common/a.ts", "src/misc.ts"];
    expect(vagueNames([...vague, "src/utility-room.ts", "src/nat/commonly.ts"])).toEqual(vague);
  });
});

describe("the state of the process is passed in", () => {
  test("in src", () => expect(processStateReads(projectFiles("src"))).toEqual([]));

  test("a read below the edge is seen", () => {
    const text = "// process.cwd()\nexport const root = process.env.TSD_ROOT ?? (process['argv'] && process.cwd());";
    expect(processStateReads([{ path: "src/store/x.ts", text }])).toEqual([
      "src/store/x.ts: process.env",
      "src/store/x.ts: process.cwd",
    ]);
    expect(processStateReads([{ path: "src/index.ts", text }])).toEqual([]);
  });
});

describe("no file says where packages are downloaded from", () => {
  test("in the project", () => expect(downloadAddresses(projectFiles())).toEqual([]));

  test.each([
    ["package-lock.json", `      "resolved": "x",`],
    [".npmrc", `${"registry"}=mirror`],
    ["script/bootstrap", `curl ${"https"}://registry.example.test/x`],
    ["script/bootstrap", `echo deb ${"http"}://mirror.test/debian/ stable main`],
  ])("one in %s is seen", (path, text) => {
    expect(downloadAddresses([{ path, text: `a\n${text}\n` }])).toEqual([`${path}:2`]);
  });
});

describe("dependencies are reviewed", () => {
  test("each has its line in ARCHITECTURE.md, and each line its dependency", () => {
    const { dependencies, devDependencies } = manifest;
    const installed = [dependencies, devDependencies, compiler.optionalDependencies].flatMap(Object.keys);
    expect(reviewedDependencies(readFileSync("ARCHITECTURE.md", "utf8"))).toEqual(installed.sort());
  });

  test("only rows of such a table count", () => {
    const markdown = [
      "| name | why |",
      "|---|---|",
      "| `no` | x |",
      "",
      "| dependency | why | weighed |",
      "|---|:--|---|",
      "| `koffi` | calls libc | ffi-napi |",
      "| execa, `jest` | runs programs | child_process |",
      "",
      "| `later` | x | y |",
    ].join("\n");
    expect(reviewedDependencies(markdown)).toEqual(["execa", "jest", "koffi"]);
  });
});

test("the version in the code is the package's", () => expect(VERSION).toBe(manifest.version));
