const shared = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
  setupFiles: ["<rootDir>/test/support/plain-console.ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2024", parser: { syntax: "typescript" }, keepClassNames: true },
        module: { type: "es6" },
        sourceMaps: "inline",
      },
    ],
  },
};
const project = (displayName) => ({ ...shared, displayName, roots: [`<rootDir>/test/${displayName}`] });

/** unit: anywhere. The others: as root, in namespaces of their own, as script/test makes them. */
export default {
  // What hangs is to end; how long a test takes is no matter of right or wrong.
  testTimeout: 120_000,
  projects: [project("unit"), project("kernel"), project("cli"), project("faults")],
};
