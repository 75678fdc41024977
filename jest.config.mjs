const shared = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.js$": "$1" },
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
const project = (displayName, ...folders) => ({
  ...shared,
  displayName,
  roots: folders.map((folder) => `<rootDir>/test/${folder}`),
});

export default {
  projects: [project("unit", "unit"), project("kernel", "kernel"), project("cli", "cli")],
};
